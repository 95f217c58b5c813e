//! ntfy: <https://docs.ntfy.sh/publish/#publish-as-json>.

use super::http::{Way, accepted, below};
use super::{Fields, Message, Notifier, SendError};
use crate::notify::message::{Limit, cut};
use async_trait::async_trait;
use protocol::host::Level;
use serde_json::json;

/// Longer ones become files.
const MOST: Limit = Limit::Bytes(4_096);

/// POST `<url>` of JSON with the topic in it; priority 5 is the highest, 3 the usual one.
pub struct Ntfy {
    pub way: Way,
    pub fields: Fields,
}

#[async_trait]
impl Notifier for Ntfy {
    async fn send(&self, message: &Message, _part: u32, _now_ms: i64) -> Result<String, SendError> {
        let url = below(self.fields.text("url"), &[])?;
        let (priority, tag) = match message.level {
            _ if message.telling.is_end() => (3, "white_check_mark"),
            Level::Critical => (5, "rotating_light"),
            _ => (4, "warning"),
        };
        let mut body = json!({
            "topic": self.fields.text("topic"),
            "title": message.subject,
            "message": cut(message.body.trim_end(), MOST),
            "priority": priority,
            "tags": [tag],
        });
        if let Some(link) = &message.link {
            body["click"] = json!(link);
        }
        let token = format!("Bearer {}", self.fields.text("token"));
        let headers = [("authorization", token.as_str())];
        let headers = if self.fields.text("token").is_empty() { &[][..] } else { &headers };
        accepted(&self.way.post_json(url, headers, &body).await?)
    }
}
