//! 企业微信 group robot: <https://developer.work.weixin.qq.com/document/path/99110>, codes:
//! <https://developer.work.weixin.qq.com/document/path/90313>.

use super::http::{Way, accepted_code, below};
use super::{Fields, Message, Notifier, SendError};
use crate::notify::message::Limit;
use async_trait::async_trait;
use serde_json::json;

const MOST: Limit = Limit::Bytes(2_048);
/// Busy, more than 20 messages a minute, too many at a time.
const PASSING: [i64; 3] = [-1, 45_009, 45_033];

/// POST `<url>?key=…` of `{"msgtype": "text", …}`; the answer is `{"errcode": 0, "errmsg": "ok"}`.
pub struct WeCom {
    pub way: Way,
    pub fields: Fields,
}

#[async_trait]
impl Notifier for WeCom {
    async fn send(&self, message: &Message, _part: u32, _now_ms: i64) -> Result<String, SendError> {
        let mut url = below(self.fields.text("url"), &[])?;
        url.query_pairs_mut().append_pair("key", self.fields.text("key"));
        let text = json!({ "content": message.text(MOST), "mentioned_mobile_list": self.fields.list("mobiles") });
        let body = json!({ "msgtype": "text", "text": text });
        accepted_code(&self.way.post_json(url, &[], &body).await?, "errcode", 0, &PASSING)
    }
}
