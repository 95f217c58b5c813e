//! 钉钉 custom robot: <https://open.dingtalk.com/document/orgapp/custom-robots-send-group-messages>, signed (加签) as
//! <https://open.dingtalk.com/document/robots/customize-robot-security-settings> says.

use super::http::{Way, accepted_code, below};
use super::sign::{base64, hmac_sha256};
use super::{Fields, Message, Notifier, SendError};
use crate::notify::message::Limit;
use async_trait::async_trait;
use serde_json::json;

/// A message may have 20,000 bytes.
const MOST: Limit = Limit::Bytes(18_000);
/// Busy, and more than 20 messages a minute.
const PASSING: [i64; 3] = [-1, 130_101, 130_102];

/// POST `<url>?access_token=…&timestamp=<ms>&sign=…` of `{"msgtype": "text", …}`; the answer is `{"errcode": 0, "errmsg": "ok"}`.
/// The signature is base64(HMAC-SHA256(secret, `<timestamp>\n<secret>`)).
pub struct DingTalk {
    pub way: Way,
    pub fields: Fields,
}

#[async_trait]
impl Notifier for DingTalk {
    async fn send(&self, message: &Message, _part: u32, now_ms: i64) -> Result<String, SendError> {
        let mut url = below(self.fields.text("url"), &[])?;
        url.query_pairs_mut().append_pair("access_token", self.fields.text("access_token"));
        let secret = self.fields.text("sign_secret");
        if !secret.is_empty() {
            let sign = base64(&hmac_sha256(secret.as_bytes(), format!("{now_ms}\n{secret}").as_bytes()));
            url.query_pairs_mut().append_pair("timestamp", &now_ms.to_string()).append_pair("sign", &sign);
        }
        let mobiles = self.fields.list("mobiles");
        let body = json!({
            "msgtype": "text",
            "text": { "content": message.text(MOST) },
            "at": { "atMobiles": mobiles, "isAtAll": false },
        });
        accepted_code(&self.way.post_json(url, &[], &body).await?, "errcode", 0, &PASSING)
    }
}
