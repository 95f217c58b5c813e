//! Messages to people: by what they go out, to whom, and what became of them.

mod delivery;
mod fields;
mod route;
mod template;

pub use delivery::*;
pub use fields::{FieldKind, FieldSpec, NotifierKind, UnknownNotifierKind};
pub use route::*;
pub use template::TEMPLATE_VARIABLES;

use crate::secret::Secret;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Number of a notifier; never used again.
pub type NotifierId = i64;

/// In which language a notifier speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    #[default]
    #[serde(rename = "zh-CN")]
    Chinese,
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Chinese, Self::English];

    /// Its tag by BCP 47.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    /// The language of a tag; `None` for any that is not spoken.
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }
}

/// A notifier as a page sees it: without its secrets.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NotifierView {
    pub id: NotifierId,
    pub name: String,
    pub kind: NotifierKind,
    pub enabled: bool,
    pub language: Language,
    /// IANA name, in which times are written.
    pub time_zone: String,
    /// By the names of [`NotifierKind::fields`]; one that is missing has its default.
    pub fields: BTreeMap<String, String>,
    /// Names of secret fields that have a value.
    pub secrets_set: BTreeSet<String>,
    /// The last attempt to deliver something.
    pub last: Option<AttemptView>,
}

/// A notifier as somebody has filled it in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NotifierForm {
    pub name: String,
    pub kind: NotifierKind,
    pub enabled: bool,
    pub language: Language,
    /// IANA name.
    pub time_zone: String,
    pub fields: BTreeMap<String, String>,
    /// A secret that is empty or missing stays as it is.
    pub secrets: BTreeMap<String, Secret>,
    /// Secrets that are to be forgotten.
    pub forget: BTreeSet<String>,
}

/// Why a field was refused; the page has a text for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldProblem {
    Missing,
    TooLong,
    /// Another one has this name.
    Taken,
    /// Neither http:// nor https://, or with a user or password in it.
    NoUrl,
    NoNumber,
    /// None of those that can be chosen.
    NoChoice,
    /// No such time zone.
    NoZone,
    /// No address of a mailbox.
    NoMailbox,
    /// No certificate in PEM form.
    NoCertificate,
    /// Letters that cannot be in a header or a token.
    NoHeader,
    /// The template does not work; the detail says why.
    Template,
    /// No field of this kind of notifier.
    Unknown,
    /// Only together with another field.
    Incomplete,
}

/// One field that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrongField {
    pub field: String,
    pub problem: FieldProblem,
    /// What is wrong in it, such as the name of an unknown variable; may be empty. Never holds a secret.
    pub detail: String,
}

/// How notifications behave in general.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NotifySettings {
    /// Where people find the page, such as `https://tactus.example.org`; empty: messages have no link.
    pub public_url: String,
    /// More alerts than this within a minute are told in one message.
    pub digest_above: u32,
    /// Seconds for which the first alert waits for others, so that they are told together.
    pub group_wait_s: u32,
}

impl Default for NotifySettings {
    fn default() -> Self {
        Self { public_url: String::new(), digest_above: 5, group_wait_s: 2 }
    }
}

/// The URL that the centre calls every minute, so that its own silence is noticed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HeartbeatView {
    pub enabled: bool,
    /// The URL itself is a secret.
    pub url_set: bool,
    /// GET, HEAD or POST.
    pub method: String,
    pub allow_private: bool,
    pub last: Option<AttemptView>,
}

/// The heartbeat as somebody has filled it in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HeartbeatForm {
    pub enabled: bool,
    /// Empty: as it is.
    pub url: Secret,
    pub method: String,
    pub allow_private: bool,
}
