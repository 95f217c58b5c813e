//! Discord: <https://docs.discord.com/developers/resources/webhook#execute-webhook>.

use super::http::{Way, accepted, below};
use super::{Fields, Message, Notifier, SendError};
use crate::notify::message::Limit;
use async_trait::async_trait;
use serde_json::json;

const MOST: Limit = Limit::Letters(2_000);

/// POST `<url>?wait=true`, so that the answer comes when the message has been stored. Nothing in it mentions anybody.
pub struct Discord {
    pub way: Way,
    pub fields: Fields,
}

#[async_trait]
impl Notifier for Discord {
    async fn send(&self, message: &Message, _part: u32, _now_ms: i64) -> Result<String, SendError> {
        let mut url = below(self.fields.text("url"), &[])?;
        url.query_pairs_mut().append_pair("wait", "true");
        let mut body = json!({ "content": message.text(MOST), "allowed_mentions": { "parse": [] } });
        let name = self.fields.text("username");
        if !name.is_empty() {
            body["username"] = json!(name);
        }
        accepted(&self.way.post_json(url, &[], &body).await?)
    }
}
