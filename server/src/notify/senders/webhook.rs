//! Any receiver of JSON, signed so that it can tell the centre from others. The scheme is that of GitHub and Stripe: the time stands in
//! the signed text, so that a receiver can refuse what is old.

use super::http::{Way, accepted, below};
use super::sign::{hex, hmac_sha256};
use super::{Fields, Message, Notifier, SendError};
use async_trait::async_trait;
use reqwest::Method;

/// Sends the rendered template `json` with `Idempotency-Key`, `X-Tactus-Timestamp` (seconds) and, where there is a signing key,
/// `X-Tactus-Signature: sha256=<hexadecimal HMAC-SHA256(key, "<timestamp>.<body>")>`. Any answer 2xx is good.
pub struct Webhook {
    pub way: Way,
    pub fields: Fields,
}

#[async_trait]
impl Notifier for Webhook {
    async fn send(&self, message: &Message, _part: u32, now_ms: i64) -> Result<String, SendError> {
        let url = below(self.fields.text("url"), &[])?;
        let method: Method = self.fields.text("method").parse().map_err(|_| SendError::Permanent("no such method".into()))?;
        let body = message.texts.get("json").cloned().unwrap_or_default();
        let timestamp = now_ms.div_euclid(1_000).to_string();
        let key = self.fields.text("signing_key");
        let signature = format!("sha256={}", hex(&hmac_sha256(key.as_bytes(), format!("{timestamp}.{body}").as_bytes())));
        let own = own_headers(self.fields.text("headers"));
        let mut headers = vec![("idempotency-key", message.key.as_str()), ("x-tactus-timestamp", &timestamp)];
        if !own.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            headers.push(("content-type", "application/json"));
        }
        if !key.is_empty() {
            headers.push(("x-tactus-signature", &signature));
        }
        headers.extend(own);
        accepted(&self.way.send(method, url, &headers, body.into_bytes()).await?)
    }
}

/// The headers of lines `Name: value`; lines without a colon are none.
pub fn own_headers(lines: &str) -> Vec<(&str, &str)> {
    lines.lines().filter_map(|line| line.split_once(':')).map(|(name, value)| (name.trim(), value.trim())).collect()
}
