//! Gotify: <https://gotify.net/docs/pushmsg>, links: <https://gotify.net/docs/msgextras>.

use super::http::{Way, accepted, below};
use super::{Fields, Message, Notifier, SendError};
use crate::notify::message::{Limit, cut};
use async_trait::async_trait;
use protocol::host::Level;
use serde_json::json;

const MOST: Limit = Limit::Letters(16_000);

/// POST `<url>/message`; from priority 8 on the app makes a noise.
pub struct Gotify {
    pub way: Way,
    pub fields: Fields,
}

#[async_trait]
impl Notifier for Gotify {
    async fn send(&self, message: &Message, _part: u32, _now_ms: i64) -> Result<String, SendError> {
        let url = below(self.fields.text("url"), &["message"])?;
        let priority = match message.level {
            _ if message.telling.is_end() => 2,
            Level::Critical => 8,
            _ => 5,
        };
        let mut body = json!({ "title": message.subject, "message": cut(message.body.trim_end(), MOST), "priority": priority });
        if let Some(link) = &message.link {
            body["extras"] = json!({ "client::notification": { "click": { "url": link } } });
        }
        accepted(&self.way.post_json(url, &[("x-gotify-key", self.fields.text("token"))], &body).await?)
    }
}
