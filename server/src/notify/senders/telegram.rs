//! Telegram: <https://core.telegram.org/bots/api#sendmessage>.

use super::http::{Way, accepted, below};
use super::{Fields, Message, Notifier, SendError};
use crate::notify::message::Limit;
use async_trait::async_trait;
use serde_json::{Value, json};

const MOST: Limit = Limit::Letters(4_096);

/// POST `<url>/bot<token>/sendMessage`; the answer is `{"ok": true, …}` or `{"ok": false, "description": …}`.
pub struct Telegram {
    pub way: Way,
    pub fields: Fields,
}

#[async_trait]
impl Notifier for Telegram {
    async fn send(&self, message: &Message, _part: u32, _now_ms: i64) -> Result<String, SendError> {
        let url = below(self.fields.text("url"), &[&format!("bot{}", self.fields.text("token")), "sendMessage"])?;
        let mut body = json!({
            "chat_id": self.fields.text("chat_id"),
            "text": message.text(MOST),
            "link_preview_options": { "is_disabled": true },
        });
        if let Ok(thread) = self.fields.text("thread_id").parse::<u64>() {
            body["message_thread_id"] = json!(thread);
        }
        let text = accepted(&self.way.post_json(url, &[], &body).await?)?;
        match serde_json::from_str::<Value>(&text).ok().and_then(|answer| answer.get("ok")?.as_bool()) {
            Some(true) => Ok(text),
            _ => Err(SendError::Permanent(text)),
        }
    }
}
