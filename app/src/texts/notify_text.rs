//! Notifiers, their fields and what is wrong with them, as words. Pure.

use crate::i18n::{Locale, td_string};
use protocol::notify::{DeliveryState, FieldProblem, NotifierKind, WrongField};

/// What a kind of notifier is called.
pub fn notifier_kind_name(locale: Locale, kind: NotifierKind) -> &'static str {
    match kind {
        NotifierKind::Smtp => td_string!(locale, notify.kind.smtp),
        NotifierKind::Webhook => td_string!(locale, notify.kind.webhook),
        NotifierKind::DingTalk => td_string!(locale, notify.kind.dingtalk),
        NotifierKind::WeCom => td_string!(locale, notify.kind.wecom),
        NotifierKind::Feishu => td_string!(locale, notify.kind.feishu),
        NotifierKind::Telegram => td_string!(locale, notify.kind.telegram),
        NotifierKind::Slack => td_string!(locale, notify.kind.slack),
        NotifierKind::Discord => td_string!(locale, notify.kind.discord),
        NotifierKind::Ntfy => td_string!(locale, notify.kind.ntfy),
        NotifierKind::Gotify => td_string!(locale, notify.kind.gotify),
        NotifierKind::Bark => td_string!(locale, notify.kind.bark),
        NotifierKind::PagerDuty => td_string!(locale, notify.kind.pagerduty),
        NotifierKind::AliyunSms => td_string!(locale, notify.kind.aliyun_sms),
        NotifierKind::Twilio => td_string!(locale, notify.kind.twilio),
    }
}

/// What it is, and where its provider shows what the form asks for.
pub fn notifier_kind_hint(locale: Locale, kind: NotifierKind) -> &'static str {
    match kind {
        NotifierKind::Smtp => td_string!(locale, notify.kind_hint.smtp),
        NotifierKind::Webhook => td_string!(locale, notify.kind_hint.webhook),
        NotifierKind::DingTalk => td_string!(locale, notify.kind_hint.dingtalk),
        NotifierKind::WeCom => td_string!(locale, notify.kind_hint.wecom),
        NotifierKind::Feishu => td_string!(locale, notify.kind_hint.feishu),
        NotifierKind::Telegram => td_string!(locale, notify.kind_hint.telegram),
        NotifierKind::Slack => td_string!(locale, notify.kind_hint.slack),
        NotifierKind::Discord => td_string!(locale, notify.kind_hint.discord),
        NotifierKind::Ntfy => td_string!(locale, notify.kind_hint.ntfy),
        NotifierKind::Gotify => td_string!(locale, notify.kind_hint.gotify),
        NotifierKind::Bark => td_string!(locale, notify.kind_hint.bark),
        NotifierKind::PagerDuty => td_string!(locale, notify.kind_hint.pagerduty),
        NotifierKind::AliyunSms => td_string!(locale, notify.kind_hint.aliyun_sms),
        NotifierKind::Twilio => td_string!(locale, notify.kind_hint.twilio),
    }
}

/// Label of a field of a kind; a field that is not known is called as the store calls it.
pub fn notifier_field_label(locale: Locale, kind: NotifierKind, field: &'static str) -> &'static str {
    use NotifierKind::{Discord, Slack, Twilio, Webhook};
    match field {
        "url" if matches!(kind, Webhook | Slack | Discord) => td_string!(locale, notify.field.url),
        "url" => td_string!(locale, notify.field.server),
        "from" if kind == Twilio => td_string!(locale, notify.field.from_number),
        "from" => td_string!(locale, notify.field.from),
        "host" => td_string!(locale, notify.field.host),
        "port" => td_string!(locale, notify.field.port),
        "security" => td_string!(locale, notify.field.security),
        "user" => td_string!(locale, notify.field.user),
        "password" => td_string!(locale, notify.field.password),
        "to" => td_string!(locale, notify.field.to),
        "method" => td_string!(locale, notify.field.method),
        "headers" => td_string!(locale, notify.field.headers),
        "signing_key" => td_string!(locale, notify.field.signing_key),
        "json" => td_string!(locale, notify.field.json),
        "access_token" => td_string!(locale, notify.field.access_token),
        "sign_secret" => td_string!(locale, notify.field.sign_secret),
        "mobiles" => td_string!(locale, notify.field.mobiles),
        "key" => td_string!(locale, notify.field.key),
        "token" => td_string!(locale, notify.field.token),
        "chat_id" => td_string!(locale, notify.field.chat_id),
        "thread_id" => td_string!(locale, notify.field.thread_id),
        "username" => td_string!(locale, notify.field.username),
        "topic" => td_string!(locale, notify.field.topic),
        "device_key" => td_string!(locale, notify.field.device_key),
        "group" => td_string!(locale, notify.field.group),
        "routing_key" => td_string!(locale, notify.field.routing_key),
        "access_key_id" => td_string!(locale, notify.field.access_key_id),
        "access_key_secret" => td_string!(locale, notify.field.access_key_secret),
        "sign_name" => td_string!(locale, notify.field.sign_name),
        "template_code" => td_string!(locale, notify.field.template_code),
        "phones" => td_string!(locale, notify.field.phones),
        "parameters" => td_string!(locale, notify.field.parameters),
        "account_sid" => td_string!(locale, notify.field.account_sid),
        "auth_token" => td_string!(locale, notify.field.auth_token),
        "subject" => td_string!(locale, notify.field.subject),
        "body" => td_string!(locale, notify.field.body),
        "allow_private" => td_string!(locale, notify.field.allow_private),
        "ca_pem" => td_string!(locale, notify.field.ca_pem),
        other => other,
    }
}

/// What a field wants; empty where its label says it all.
pub fn notifier_field_hint(locale: Locale, kind: NotifierKind, field: &str) -> &'static str {
    use NotifierKind::{DingTalk, Feishu, Gotify, Ntfy, Telegram, Twilio};
    match (field, kind) {
        ("user", _) => td_string!(locale, notify.hint.user),
        ("from", Twilio) => td_string!(locale, notify.hint.from_number),
        ("from", _) => td_string!(locale, notify.hint.from),
        ("to", Twilio) => td_string!(locale, notify.hint.numbers),
        ("to", _) => td_string!(locale, notify.hint.to),
        ("headers", _) => td_string!(locale, notify.hint.headers),
        ("signing_key", _) => td_string!(locale, notify.hint.signing_key),
        ("json", _) => td_string!(locale, notify.hint.json),
        ("access_token", _) => td_string!(locale, notify.hint.access_token),
        ("sign_secret", DingTalk) => td_string!(locale, notify.hint.sign_dingtalk),
        ("sign_secret", _) => td_string!(locale, notify.hint.sign_feishu),
        ("mobiles", _) => td_string!(locale, notify.hint.mobiles),
        ("key", _) => td_string!(locale, notify.hint.key),
        ("token", Feishu) => td_string!(locale, notify.hint.token_feishu),
        ("token", Telegram) => td_string!(locale, notify.hint.token_telegram),
        ("token", Ntfy) => td_string!(locale, notify.hint.token_ntfy),
        ("token", Gotify) => td_string!(locale, notify.hint.token_gotify),
        ("chat_id", _) => td_string!(locale, notify.hint.chat_id),
        ("thread_id", _) => td_string!(locale, notify.hint.thread_id),
        ("phones", _) => td_string!(locale, notify.hint.phones),
        ("parameters", _) => td_string!(locale, notify.hint.parameters),
        ("subject" | "body", _) => td_string!(locale, notify.hint.template),
        ("allow_private", _) => td_string!(locale, notify.hint.allow_private),
        ("ca_pem", _) => td_string!(locale, notify.hint.ca_pem),
        _ => "",
    }
}

/// One of those that can be chosen; names of protocols are the same in all languages.
pub fn choice_name(locale: Locale, choice: &'static str) -> &'static str {
    match choice {
        "starttls" => td_string!(locale, notify.choice.starttls),
        "tls" => td_string!(locale, notify.choice.tls),
        "none" => td_string!(locale, notify.choice.none),
        other => other,
    }
}

/// What is wrong with a field and what is expected, as a sentence that stands beside it.
pub fn field_problem_text(locale: Locale, wrong: &WrongField) -> String {
    let detail = wrong.detail.as_str();
    let text = match (wrong.problem, wrong.field.as_str()) {
        (FieldProblem::Missing, "notifiers" | "escalate_to") => td_string!(locale, notify.problem.missing_people),
        (FieldProblem::Missing, _) => td_string!(locale, notify.problem.missing),
        (FieldProblem::TooLong, _) => td_string!(locale, notify.problem.too_long),
        (FieldProblem::Taken, _) => td_string!(locale, notify.problem.taken),
        (FieldProblem::NoUrl, _) => td_string!(locale, notify.problem.no_url),
        (FieldProblem::NoNumber, "port") => td_string!(locale, notify.problem.no_port),
        (FieldProblem::NoNumber, "repeat_every_min" | "escalate_after_min") => td_string!(locale, notify.problem.no_minutes),
        (FieldProblem::NoNumber, "from_min" | "to_min") => td_string!(locale, notify.problem.no_clock),
        (FieldProblem::NoNumber, "digest_above") => td_string!(locale, notify.problem.no_count),
        (FieldProblem::NoNumber, "group_wait_s") => td_string!(locale, notify.problem.no_wait),
        (FieldProblem::NoNumber, _) => td_string!(locale, notify.problem.no_number),
        (FieldProblem::NoChoice, _) => td_string!(locale, notify.problem.no_choice),
        (FieldProblem::NoZone, _) => td_string!(locale, notify.problem.no_zone),
        (FieldProblem::NoMailbox, _) => return td_string!(locale, notify.problem.no_mailbox, detail = detail),
        (FieldProblem::NoCertificate, _) => td_string!(locale, notify.problem.no_certificate),
        (FieldProblem::NoHeader, "headers") => td_string!(locale, notify.problem.no_headers),
        (FieldProblem::NoHeader, _) => td_string!(locale, notify.problem.no_header),
        (FieldProblem::Template, _) => return td_string!(locale, notify.problem.template, detail = detail),
        (FieldProblem::Unknown, _) => td_string!(locale, notify.problem.unknown),
        (FieldProblem::Incomplete, _) => td_string!(locale, notify.problem.incomplete),
    };
    text.to_owned()
}

/// What a variable of templates stands for; empty for one that is not known.
pub fn variable_text(locale: Locale, name: &str) -> &'static str {
    match name {
        "host" => td_string!(locale, notify.variable.host),
        "group" => td_string!(locale, notify.variable.group),
        "kind" => td_string!(locale, notify.variable.kind),
        "kind_name" => td_string!(locale, notify.variable.kind_name),
        "target" => td_string!(locale, notify.variable.target),
        "level" => td_string!(locale, notify.variable.level),
        "level_name" => td_string!(locale, notify.variable.level_name),
        "change" => td_string!(locale, notify.variable.change),
        "change_name" => td_string!(locale, notify.variable.change_name),
        "value" => td_string!(locale, notify.variable.value),
        "value_number" => td_string!(locale, notify.variable.value_number),
        "bound" => td_string!(locale, notify.variable.bound),
        "at" => td_string!(locale, notify.variable.at),
        "at_ms" => td_string!(locale, notify.variable.at_ms),
        "duration" => td_string!(locale, notify.variable.duration),
        "link" => td_string!(locale, notify.variable.link),
        "by" => td_string!(locale, notify.variable.by),
        "note" => td_string!(locale, notify.variable.note),
        "alert_id" => td_string!(locale, notify.variable.alert_id),
        "host_id" => td_string!(locale, notify.variable.host_id),
        "count" => td_string!(locale, notify.variable.count),
        "more" => td_string!(locale, notify.variable.more),
        "items" => td_string!(locale, notify.variable.items),
        _ => "",
    }
}

/// Where a message is, in a word or two.
pub fn delivery_state_name(locale: Locale, state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Waiting => td_string!(locale, notify.delivery.waiting),
        DeliveryState::Delivered => td_string!(locale, notify.delivery.delivered),
        DeliveryState::Dead => td_string!(locale, notify.delivery.dead),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::notify::{FieldKind, TEMPLATE_VARIABLES};
    use std::collections::HashSet;

    const LOCALES: [Locale; 2] = [Locale::en, Locale::zh_CN];

    #[test]
    fn every_field_has_a_label_of_its_own_and_every_variable_a_meaning() {
        for locale in LOCALES {
            for &kind in NotifierKind::ALL {
                let labels: HashSet<_> = kind.fields().map(|field| notifier_field_label(locale, kind, field.name)).collect();
                assert_eq!(labels.len(), kind.fields().count(), "{kind:?}: {labels:?}");
                for field in kind.fields() {
                    let label = notifier_field_label(locale, kind, field.name);
                    // Some names of providers are the same words as ours, but for their capitals.
                    let same = ["access_token", "key", "token"].contains(&field.name);
                    assert!(label != field.name || same, "{kind:?} {}", field.name);
                    let templates_have_hints =
                        field.kind != FieldKind::Template || !notifier_field_hint(locale, kind, field.name).is_empty();
                    assert!(templates_have_hints, "{kind:?} {}", field.name);
                }
                assert!(!notifier_kind_hint(locale, kind).is_empty());
            }
            for name in TEMPLATE_VARIABLES {
                assert!(!variable_text(locale, name).is_empty(), "{name}");
            }
        }
    }

    #[test]
    fn problems_say_what_is_expected() {
        let wrong = |field: &str, problem| WrongField { field: field.into(), problem, detail: "quux".into() };
        for locale in LOCALES {
            for (field, problem, part) in [
                ("port", FieldProblem::NoNumber, "65535"),
                ("repeat_every_min", FieldProblem::NoNumber, "10080"),
                ("to", FieldProblem::NoMailbox, "quux"),
                ("body", FieldProblem::Template, "quux"),
                ("url", FieldProblem::NoUrl, "https://"),
                ("zone", FieldProblem::NoZone, "Asia/Shanghai"),
            ] {
                let text = field_problem_text(locale, &wrong(field, problem));
                assert!(text.contains(part), "{text}");
            }
        }
    }
}
