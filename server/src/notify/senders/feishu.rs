//! 飞书 custom bot, signed (签名校验): <https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot>.

use super::http::{Way, accepted_code, below};
use super::sign::{base64, hmac_sha256};
use super::{Fields, Message, Notifier, SendError};
use crate::notify::message::Limit;
use async_trait::async_trait;
use serde_json::json;

/// A request may have 20 KB.
const MOST: Limit = Limit::Bytes(18_000);
/// More than 5 messages a second or 100 a minute.
const PASSING: [i64; 2] = [11_232, 99_991_400];

/// POST `<url>/<token>` of `{"msg_type": "text", "timestamp": "<s>", "sign": …}`; the answer is `{"code": 0, "msg": "success"}`.
/// The signature is base64(HMAC-SHA256(`<timestamp>\n<secret>`, "")): the text is the key, and nothing is signed with it.
pub struct Feishu {
    pub way: Way,
    pub fields: Fields,
}

#[async_trait]
impl Notifier for Feishu {
    async fn send(&self, message: &Message, _part: u32, now_ms: i64) -> Result<String, SendError> {
        let url = below(self.fields.text("url"), &[self.fields.text("token")])?;
        let mut body = json!({ "msg_type": "text", "content": { "text": message.text(MOST) } });
        let secret = self.fields.text("sign_secret");
        if !secret.is_empty() {
            let timestamp = now_ms.div_euclid(1_000);
            body["timestamp"] = json!(timestamp.to_string());
            body["sign"] = json!(base64(&hmac_sha256(format!("{timestamp}\n{secret}").as_bytes(), b"")));
        }
        accepted_code(&self.way.post_json(url, &[], &body).await?, "code", 0, &PASSING)
    }
}
