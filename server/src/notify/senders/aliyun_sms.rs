//! 阿里云短信: <https://help.aliyun.com/zh/sms/developer-reference/api-dysmsapi-2017-05-25-sendsms>, signed by ACS3-HMAC-SHA256:
//! <https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature>.

use super::http::{Way, accepted, below};
use super::sign::{hex, hmac_sha256, percent_encoded, sha256_hex};
use super::{Fields, Message, Notifier, SendError};
use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::Method;
use serde_json::Value;

const VERSION: &str = "2017-05-25";
const ACTION: &str = "SendSms";
/// Codes that mean "not now"; others mean that something is wrong.
const PASSING: [&str; 5] = ["Throttling", "isv.BUSINESS_LIMIT_CONTROL", "ServiceUnavailable", "InternalError", "isp.SYSTEM_ERROR"];

/// POST `<url>/?PhoneNumbers=…` with an empty body; the answer is `{"Code": "OK", …}`. The provider has the text of the message, and the
/// rendered template `parameters` fills its gaps.
pub struct AliyunSms {
    pub way: Way,
    pub fields: Fields,
}

#[async_trait]
impl Notifier for AliyunSms {
    async fn send(&self, message: &Message, _part: u32, now_ms: i64) -> Result<String, SendError> {
        let mut url = below(self.fields.text("url"), &[])?;
        let phones = self.fields.list("phones").join(",");
        let parameters = message.texts.get("parameters").map_or("", |text| text.trim());
        let query = canonical_query(&[
            ("PhoneNumbers", &phones),
            ("SignName", self.fields.text("sign_name")),
            ("TemplateCode", self.fields.text("template_code")),
            ("TemplateParam", parameters),
        ]);
        url.set_query(Some(&query));
        let host = match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (host, _) => host.unwrap_or_default().to_owned(),
        };
        let date = acs_date(now_ms);
        // Must differ from request to request, and no two attempts of a message are made in one millisecond.
        let nonce = sha256_hex(format!("{}{now_ms}", message.key).as_bytes())[..32].to_owned();
        let signed = Signed { host: &host, action: ACTION, version: VERSION, date: &date, nonce: &nonce, query: &query };
        let authorization = signed.authorization(self.fields.text("access_key_id"), self.fields.text("access_key_secret"));
        let headers = [
            ("x-acs-action", ACTION),
            ("x-acs-version", VERSION),
            ("x-acs-date", &date),
            ("x-acs-signature-nonce", &nonce),
            ("x-acs-content-sha256", &sha256_hex(b"")),
            ("authorization", &authorization),
        ];
        let answer = self.way.send(Method::POST, url, &headers, Vec::new()).await?;
        let text = answer.text();
        // Its own code says more than the status, which is 400 for too many requests, too.
        match serde_json::from_str::<Value>(&text).ok().and_then(|value| Some(value.get("Code")?.as_str()?.to_owned())) {
            Some(code) if code == "OK" => Ok(text),
            Some(code) if PASSING.iter().any(|passing| code.starts_with(passing)) => {
                Err(SendError::Temporary { reason: text, retry_after: answer.retry_after })
            }
            Some(_) => Err(SendError::Permanent(text)),
            None => accepted(&answer).and_then(|text| Err(SendError::Permanent(text))),
        }
    }
}

/// What the signature covers. The body is empty.
pub struct Signed<'a> {
    pub host: &'a str,
    pub action: &'a str,
    pub version: &'a str,
    pub date: &'a str,
    pub nonce: &'a str,
    pub query: &'a str,
}

impl Signed<'_> {
    /// The value of the header `Authorization`.
    pub fn authorization(&self, id: &str, secret: &str) -> String {
        const ALGORITHM: &str = "ACS3-HMAC-SHA256";
        const NAMES: &str = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";
        let Self { host, action, version, date, nonce, query } = self;
        let payload = sha256_hex(b"");
        let headers = format!(
            "host:{host}\nx-acs-action:{action}\nx-acs-content-sha256:{payload}\nx-acs-date:{date}\nx-acs-signature-nonce:{nonce}\n\
             x-acs-version:{version}\n"
        );
        let request = format!("POST\n/\n{query}\n{headers}\n{NAMES}\n{payload}");
        let text = format!("{ALGORITHM}\n{}", sha256_hex(request.as_bytes()));
        let signature = hex(&hmac_sha256(secret.as_bytes(), text.as_bytes()));
        format!("{ALGORITHM} Credential={id},SignedHeaders={NAMES},Signature={signature}")
    }
}

/// Pairs, which must be in the order of their names, percent-encoded by RFC 3986.
fn canonical_query(pairs: &[(&str, &str)]) -> String {
    pairs.iter().map(|(name, value)| format!("{}={}", percent_encoded(name), percent_encoded(value))).collect::<Vec<_>>().join("&")
}

/// `2026-07-02T13:46:40Z`.
fn acs_date(now_ms: i64) -> String {
    Timestamp::from_second(now_ms.div_euclid(1_000)).map(|at| at.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the provider's documentation, section "固定参数示例".
    #[test]
    fn the_signature_is_that_of_the_documentation() {
        let query = canonical_query(&[("ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"), ("RegionId", "cn-shanghai")]);
        let signed = Signed {
            host: "ecs.cn-shanghai.aliyuncs.com",
            action: "RunInstances",
            version: "2014-05-26",
            date: "2023-10-26T10:22:32Z",
            nonce: "3156853299f313e23d1673dc12e1703d",
            query: &query,
        };
        let found = signed.authorization("YourAccessKeyId", "YourAccessKeySecret");
        assert!(found.ends_with("Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"), "{found}");
    }

    #[test]
    fn times_have_whole_seconds() {
        assert_eq!(acs_date(1_783_000_000_999), "2026-07-02T13:46:40Z");
    }
}
