//! Slack, and services that speak like it:
//! <https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks>.

use super::http::{Way, accepted, below};
use super::{Fields, Message, Notifier, SendError};
use crate::notify::message::Limit;
use async_trait::async_trait;
use serde_json::{Value, json};

/// Slack cuts at 40,000 letters.
const MOST: Limit = Limit::Letters(35_000);

/// POST `<url>` of `{"text": …}`; the answer is the text `ok`, or JSON with `"ok": true` from gateways to `chat.postMessage`.
pub struct Slack {
    pub way: Way,
    pub fields: Fields,
}

#[async_trait]
impl Notifier for Slack {
    async fn send(&self, message: &Message, _part: u32, _now_ms: i64) -> Result<String, SendError> {
        let url = below(self.fields.text("url"), &[])?;
        let body = json!({ "text": escaped(&message.text(MOST)) });
        let text = accepted(&self.way.post_json(url, &[], &body).await?)?;
        let said = serde_json::from_str::<Value>(&text).ok().and_then(|answer| answer.get("ok")?.as_bool());
        if text.trim() == "ok" || said == Some(true) { Ok(text) } else { Err(SendError::Permanent(text)) }
    }
}

/// The three letters that mean something in a text (<https://docs.slack.dev/messaging/formatting-message-text#escaping>): nothing in a
/// message mentions anybody.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
