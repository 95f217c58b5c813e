//! Kinds of notifiers, and the form of each.

use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// How a field is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// One line.
    Text,
    /// Several lines.
    Lines,
    /// http:// or https://, without a user in it.
    Url,
    /// A whole number that is not negative.
    Number,
    /// `true` or `false`.
    Flag,
    Choice(&'static [&'static str]),
    /// Entries with commas or line breaks between them.
    List,
    /// A template; empty: that of the language.
    Template,
}

/// One field of a notifier's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldSpec {
    /// Its name in forms, the store and the page's texts.
    pub name: &'static str,
    pub kind: FieldKind,
    /// Write-only, sealed by the vault.
    pub secret: bool,
    pub required: bool,
    /// What holds while it is empty.
    pub default: &'static str,
}

impl FieldSpec {
    const fn new(name: &'static str, kind: FieldKind) -> Self {
        Self { name, kind, secret: false, required: false, default: "" }
    }

    const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    const fn secret(self) -> Self {
        Self { secret: true, ..self }
    }

    const fn or(self, default: &'static str) -> Self {
        Self { default, ..self }
    }
}

use FieldKind::{Choice, Flag, Lines, List, Number, Template, Text, Url};

const fn field(name: &'static str, kind: FieldKind) -> FieldSpec {
    FieldSpec::new(name, kind)
}

/// Fields that every kind has, behind its own.
const COMMON: [FieldSpec; 4] = [
    field("subject", Template),
    field("body", Template),
    // Addresses of a local network (RFC 1918, unique local) are reached only with this.
    field("allow_private", Flag).or("false"),
    // Certificates, in PEM form, that are trusted beside those of the machine.
    field("ca_pem", Lines),
];

macro_rules! notifiers {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, [$($field:expr),* $(,)?];)*) => {
        /// By what messages go out. The names are those of the store and never change their meaning.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum NotifierKind { $($(#[$doc])* #[serde(rename = $name)] $variant,)* }

        impl NotifierKind {
            /// All, in the order in which they are offered.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name in the store and the page's texts.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            fn own_fields(self) -> &'static [FieldSpec] {
                match self { $(Self::$variant => const { &[$($field),*] },)* }
            }
        }
    };
}

notifiers! {
    #[default]
    Smtp = "smtp", [
        field("host", Text).required(),
        field("port", Number).or("587"),
        field("security", Choice(&["starttls", "tls", "none"])).or("starttls"),
        field("user", Text),
        field("password", Text).secret(),
        field("from", Text).required(),
        field("to", List).required(),
    ];
    Webhook = "webhook", [
        field("url", Url).secret().required(),
        field("method", Choice(&["POST", "PUT", "PATCH"])).or("POST"),
        // `Name: value`, one a line; may hold a token.
        field("headers", Lines).secret(),
        field("signing_key", Text).secret(),
        field("json", Template),
    ];
    /// 钉钉 custom robot.
    DingTalk = "dingtalk", [
        field("access_token", Text).secret().required(),
        // 加签; empty: the robot is protected by keywords or addresses.
        field("sign_secret", Text).secret(),
        field("mobiles", List),
        field("url", Url).or("https://oapi.dingtalk.com/robot/send"),
    ];
    /// 企业微信 group robot.
    WeCom = "wecom", [
        field("key", Text).secret().required(),
        field("mobiles", List),
        field("url", Url).or("https://qyapi.weixin.qq.com/cgi-bin/webhook/send"),
    ];
    /// 飞书 (or Lark) custom bot.
    Feishu = "feishu", [
        field("token", Text).secret().required(),
        // 签名校验; empty: the bot does not ask for it.
        field("sign_secret", Text).secret(),
        field("url", Url).or("https://open.feishu.cn/open-apis/bot/v2/hook"),
    ];
    Telegram = "telegram", [
        field("token", Text).secret().required(),
        field("chat_id", Text).required(),
        field("thread_id", Number),
        field("url", Url).or("https://api.telegram.org"),
    ];
    /// Incoming webhook, also of services that speak like Slack.
    Slack = "slack", [field("url", Url).secret().required()];
    Discord = "discord", [field("url", Url).secret().required(), field("username", Text)];
    Ntfy = "ntfy", [
        // Who knows the topic of a public server may read it.
        field("topic", Text).secret().required(),
        field("token", Text).secret(),
        field("url", Url).or("https://ntfy.sh"),
    ];
    Gotify = "gotify", [field("url", Url).required(), field("token", Text).secret().required()];
    Bark = "bark", [
        field("device_key", Text).secret().required(),
        field("group", Text).or("Tactus"),
        field("url", Url).or("https://api.day.app"),
    ];
    /// Events API v2.
    PagerDuty = "pagerduty", [
        field("routing_key", Text).secret().required(),
        field("url", Url).or("https://events.pagerduty.com/v2/enqueue"),
    ];
    /// 阿里云短信.
    AliyunSms = "aliyun_sms", [
        field("access_key_id", Text).required(),
        field("access_key_secret", Text).secret().required(),
        field("sign_name", Text).required(),
        field("template_code", Text).required(),
        field("phones", List).required(),
        // JSON of the variables that the template of the provider has.
        field("parameters", Template),
        field("url", Url).or("https://dysmsapi.aliyuncs.com"),
    ];
    Twilio = "twilio", [
        field("account_sid", Text).required(),
        field("auth_token", Text).secret().required(),
        field("from", Text).required(),
        field("to", List).required(),
        field("url", Url).or("https://api.twilio.com"),
    ];
}

impl NotifierKind {
    /// Its form: its own fields, then those that all kinds have.
    pub fn fields(self) -> impl Iterator<Item = &'static FieldSpec> {
        self.own_fields().iter().chain(&COMMON)
    }

    /// One field of its form.
    pub fn field(self, name: &str) -> Option<&'static FieldSpec> {
        self.fields().find(|field| field.name == name)
    }

    /// Whether the provider keeps an incident for each alert, which must be told of each change by itself.
    pub fn keeps_incidents(self) -> bool {
        self == Self::PagerDuty
    }
}

/// A text that names no kind of notifier.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown kind of notifier")]
pub struct UnknownNotifierKind;

impl FromStr for NotifierKind {
    type Err = UnknownNotifierKind;

    fn from_str(text: &str) -> Result<Self, UnknownNotifierKind> {
        Self::ALL.iter().copied().find(|kind| kind.name() == text).ok_or(UnknownNotifierKind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_lead_back_and_are_those_of_the_encoding() {
        for &kind in NotifierKind::ALL {
            assert_eq!(kind.name().parse(), Ok(kind));
            assert_eq!(serde_json::to_value(kind).ok(), Some(serde_json::Value::from(kind.name())));
        }
        assert_eq!("".parse::<NotifierKind>(), Err(UnknownNotifierKind));
    }

    #[test]
    fn forms_have_each_field_once_and_no_secret_has_a_default() {
        for kind in NotifierKind::ALL {
            let names: BTreeSet<_> = kind.fields().map(|field| field.name).collect();
            assert_eq!(names.len(), kind.fields().count(), "{kind:?}");
            assert!(kind.fields().all(|field| field.default.is_empty() || !(field.secret || field.required)), "{kind:?}");
            assert!(names.contains("subject") && names.contains("allow_private"));
        }
    }
}
