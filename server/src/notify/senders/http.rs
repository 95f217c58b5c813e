//! How notifiers that speak HTTP do so, and what statuses mean.

use super::{Fields, SendError};
use crate::outbound::{Answer, Outbound, OutboundError, Request, parse_url};
use reqwest::{Method, Url};
use serde_json::Value;
use std::time::Duration;

/// The way out of one notifier.
#[derive(Clone, Debug)]
pub struct Way {
    outbound: Outbound,
    allow_private: bool,
    ca_pem: String,
}

impl Way {
    /// By the fields that every kind has.
    pub fn new(outbound: Outbound, fields: &Fields) -> Self {
        Self { outbound, allow_private: fields.flag("allow_private"), ca_pem: fields.text("ca_pem").to_owned() }
    }

    /// The client itself, for what is no HTTP.
    pub fn outbound(&self) -> &Outbound {
        &self.outbound
    }

    /// Whether addresses of a local network may be called.
    pub fn allow_private(&self) -> bool {
        self.allow_private
    }

    /// Certificates that are trusted beside the machine's.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// Posts JSON.
    ///
    /// # Errors
    /// There is no answer. An answer of a bad status is none.
    pub async fn post_json(&self, url: Url, headers: &[(&str, &str)], body: &Value) -> Result<Answer, SendError> {
        let headers = [&[("content-type", "application/json")], headers].concat();
        self.send(Method::POST, url, &headers, body.to_string().into_bytes()).await
    }

    /// Sends a request.
    ///
    /// # Errors
    /// There is no answer. An answer of a bad status is none.
    pub async fn send(&self, method: Method, url: Url, headers: &[(&str, &str)], body: Vec<u8>) -> Result<Answer, SendError> {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let (allow_private, ca_pem) = (self.allow_private, self.ca_pem.clone());
        let request = Request { method, url: url.into(), headers, body, allow_private, ca_pem };
        self.outbound.send(&request).await.map_err(SendError::from)
    }
}

impl From<OutboundError> for SendError {
    fn from(error: OutboundError) -> Self {
        if error.is_permanent() { Self::Permanent(error.to_string()) } else { Self::temporary(error.to_string()) }
    }
}

/// A URL below another one: its path and these segments.
///
/// # Errors
/// The URL is none.
pub fn below(base: &str, segments: &[&str]) -> Result<Url, SendError> {
    let mut url = parse_url(base)?;
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    Ok(url)
}

/// Pairs as a form writes them (application/x-www-form-urlencoded).
pub fn form(pairs: &[(&str, &str)]) -> String {
    Url::parse_with_params("http://form", pairs).ok().and_then(|url| url.query().map(str::to_owned)).unwrap_or_default()
}

/// The text of an answer of status 2xx.
///
/// # Errors
/// Any other status: 408, 425, 429 and 5xx may pass (RFC 9110, RFC 8470, RFC 6585), all others stay.
pub fn accepted(answer: &Answer) -> Result<String, SendError> {
    let text = answer.text();
    match answer.status {
        200..=299 => Ok(if text.trim().is_empty() { format!("HTTP {}", answer.status) } else { text }),
        408 | 425 | 429 | 500..=599 => {
            let retry_after = answer.retry_after.or_else(|| retry_after_in(&text));
            Err(SendError::Temporary { reason: format!("HTTP {}: {text}", answer.status), retry_after })
        }
        300..=399 => Err(SendError::Permanent(format!("HTTP {}: it leads elsewhere, which is not followed", answer.status))),
        status => Err(SendError::Permanent(format!("HTTP {status}: {text}"))),
    }
}

/// Telegram and Discord say in their JSON how long they want to be left alone, in seconds.
fn retry_after_in(text: &str) -> Option<Duration> {
    let value: Value = serde_json::from_str(text).ok()?;
    let seconds = value.get("retry_after").or_else(|| value.get("parameters")?.get("retry_after"))?.as_f64()?;
    Duration::try_from_secs_f64(seconds.ceil()).ok()
}

/// The text of an answer whose JSON has a code that must be `ok`, whatever its status is.
///
/// # Errors
/// The code is another one, and those of `passing` may pass; or there is no code.
pub fn accepted_code(answer: &Answer, name: &str, ok: i64, passing: &[i64]) -> Result<String, SendError> {
    let text = accepted(answer)?;
    let code = serde_json::from_str::<Value>(&text).ok().and_then(|value| value.get(name)?.as_i64());
    match code {
        Some(code) if code == ok => Ok(text),
        Some(code) if passing.contains(&code) => Err(SendError::temporary(text)),
        _ => Err(SendError::Permanent(text)),
    }
}
