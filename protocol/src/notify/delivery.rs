//! What became of messages.

use super::{NotifierId, NotifierKind};
use serde::{Deserialize, Serialize};

/// Number of a message to one notifier; later ones are larger.
pub type DeliveryId = i64;

/// Where a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Not yet delivered; it will be tried (again).
    Waiting,
    Delivered,
    /// It will not be tried again unless somebody says so.
    Dead,
}

/// One attempt to deliver something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptView {
    pub at_ms: i64,
    pub ok: bool,
    /// What the provider answered or why there was no answer, at most 200 characters, secrets masked.
    pub answer: String,
}

/// One message to one notifier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryView {
    pub id: DeliveryId,
    pub notifier_id: NotifierId,
    pub notifier_name: String,
    pub kind: NotifierKind,
    pub subject: String,
    pub state: DeliveryState,
    pub created_at_ms: i64,
    /// When it is tried next; only while it waits.
    pub next_at_ms: Option<i64>,
    /// Oldest first, the last ones only.
    pub attempts: Vec<AttemptView>,
}

/// Which messages are wanted, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryFilter {
    pub state: Option<DeliveryState>,
    pub notifier_id: Option<NotifierId>,
    /// Only those that are older than this one: the last of the page before.
    pub before_id: Option<DeliveryId>,
}

/// What a test message came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestResult {
    pub ok: bool,
    /// The provider's own answer, at most 200 characters, secrets masked.
    pub answer: String,
    pub took_ms: u32,
}

/// A message as its templates make it of an example.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplatePreview {
    /// Fields of kind `Template`, rendered, in the order of the form.
    pub texts: Vec<(String, String)>,
}
