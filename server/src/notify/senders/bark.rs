//! Bark: <https://github.com/Finb/bark-server/blob/master/docs/API_V2.md>.

use super::http::{Way, accepted_code, below};
use super::{Fields, Message, Notifier, SendError};
use crate::notify::message::{Limit, cut};
use async_trait::async_trait;
use protocol::host::Level;
use serde_json::json;

/// Apple takes 4 KB for the whole message.
const MOST: Limit = Limit::Bytes(2_500);

/// POST `<url>/push`; the answer is `{"code": 200, "message": "success"}`.
pub struct Bark {
    pub way: Way,
    pub fields: Fields,
}

#[async_trait]
impl Notifier for Bark {
    async fn send(&self, message: &Message, _part: u32, _now_ms: i64) -> Result<String, SendError> {
        let url = below(self.fields.text("url"), &["push"])?;
        let urgent = message.level == Level::Critical && !message.telling.is_end();
        let mut body = json!({
            "device_key": self.fields.text("device_key"),
            "title": message.subject,
            "body": cut(message.body.trim_end(), MOST),
            "group": self.fields.text("group"),
            "level": if urgent { "timeSensitive" } else { "active" },
        });
        if let Some(link) = &message.link {
            body["url"] = json!(link);
        }
        accepted_code(&self.way.post_json(url, &[], &body).await?, "code", 200, &[])
    }
}
