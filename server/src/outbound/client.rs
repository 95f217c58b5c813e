//! The HTTP client for URLs that somebody has typed in.

use super::address::{Place, place_of};
use super::error::OutboundError;
use super::roots::tls_config;
use futures_util::future::BoxFuture;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Method, Url, redirect};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// From the name's resolution to the last byte of the answer.
const WITHIN: Duration = Duration::from_secs(10);

/// What is read of an answer; the rest is dropped.
const MOST_ANSWER_BYTES: usize = 64 * 1_024;

const USER_AGENT: &str = concat!("Tactus/", env!("CARGO_PKG_VERSION"));

/// Asks for the addresses of a name, as the operating system does unless a test says otherwise.
pub type Lookup = Arc<dyn Fn(String, u16) -> BoxFuture<'static, std::io::Result<Vec<SocketAddr>>> + Send + Sync>;

/// One request. It cannot be printed: URL, headers and body may hold secrets.
#[derive(Clone)]
pub struct Request {
    pub method: Method,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Whether addresses of a local network may be called.
    pub allow_private: bool,
    /// Certificates that are trusted beside the machine's; may be empty.
    pub ca_pem: String,
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// As long is to be waited before the next try, by the answer's `Retry-After` in seconds.
    pub retry_after: Option<Duration>,
    /// At most 64 KiB.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text; what is no UTF-8 is replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// The client. No redirects, no proxy of the environment, no cookies; a connection serves one request. Cheap to clone.
#[derive(Clone)]
pub struct Outbound {
    allow_loopback: bool,
    lookup: Lookup,
}

impl std::fmt::Debug for Outbound {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Outbound").field("allow_loopback", &self.allow_loopback).finish_non_exhaustive()
    }
}

impl Outbound {
    /// `allow_loopback`: whether this machine itself may be called.
    pub fn new(allow_loopback: bool) -> Self {
        let lookup = |host: String, port| -> BoxFuture<'static, _> {
            Box::pin(async move { Ok(tokio::net::lookup_host((host, port)).await?.collect()) })
        };
        Self::with_lookup(allow_loopback, Arc::new(lookup))
    }

    /// As [`Outbound::new`], with another way to resolve names.
    pub fn with_lookup(allow_loopback: bool, lookup: Lookup) -> Self {
        Self { allow_loopback, lookup }
    }

    /// Sends a request to a host whose addresses are all allowed.
    ///
    /// # Errors
    /// See [`OutboundError`]. An answer with a bad status is no error.
    pub async fn send(&self, request: &Request) -> Result<Answer, OutboundError> {
        timeout(WITHIN, self.send_unlimited(request)).await.map_err(|_| OutboundError::Deadline(WITHIN.as_secs()))?
    }

    /// The addresses of a host, all of them allowed. Connect to these and to nothing else: asked again, the name may lead elsewhere.
    ///
    /// # Errors
    /// The name is unknown, or one of its addresses is refused.
    pub async fn resolve(&self, host: &str, port: u16, allow_private: bool) -> Result<Vec<SocketAddr>, OutboundError> {
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        let found = match literal {
            Ok(address) => vec![SocketAddr::new(address, port)],
            Err(_) => (self.lookup)(host.to_owned(), port).await.map_err(|error| OutboundError::Unresolved(error.to_string()))?,
        };
        if found.is_empty() {
            return Err(OutboundError::Unresolved("it has no address".into()));
        }
        for address in &found {
            match place_of(address.ip()) {
                Place::Public => {}
                Place::Private if allow_private => {}
                Place::Private => return Err(OutboundError::Private),
                Place::Loopback if self.allow_loopback => {}
                Place::Loopback => return Err(OutboundError::Loopback),
                Place::Never(what) => return Err(OutboundError::Refused(what)),
            }
        }
        Ok(found)
    }

    async fn send_unlimited(&self, request: &Request) -> Result<Answer, OutboundError> {
        let url = parse_url(&request.url)?;
        let (host, port) = url.host_str().zip(url.port_or_known_default()).ok_or(OutboundError::NoUrl)?;
        let addresses = self.resolve(host, port, request.allow_private).await?;
        let client = Client::builder()
            .tls_backend_preconfigured(tls_config(&request.ca_pem)?)
            .resolve_to_addrs(host, &addresses)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .user_agent(USER_AGENT)
            .build()
            .map_err(|error| no_answer(&error))?;
        let sent = client.request(request.method.clone(), url.clone()).headers(header_map(&request.headers)?).body(request.body.clone());
        let mut response = sent.send().await.map_err(|error| no_answer(&error))?;
        let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
        let mut answer = Answer { status: response.status().as_u16(), retry_after: retry_after.map(Duration::from_secs), body: Vec::new() };
        while let Some(chunk) = response.chunk().await.map_err(|error| no_answer(&error))? {
            answer.body.extend_from_slice(&chunk);
            if answer.body.len() >= MOST_ANSWER_BYTES {
                answer.body.truncate(MOST_ANSWER_BYTES);
                break;
            }
        }
        Ok(answer)
    }
}

/// Reads a URL as browsers do (<https://url.spec.whatwg.org>): every spelling of an address becomes the address.
///
/// # Errors
/// [`OutboundError::NoUrl`] or [`OutboundError::Login`].
pub fn parse_url(text: &str) -> Result<Url, OutboundError> {
    let url = Url::parse(text.trim()).map_err(|_| OutboundError::NoUrl)?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(OutboundError::NoUrl);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(OutboundError::Login);
    }
    Ok(url)
}

fn header_map(headers: &[(String, String)]) -> Result<HeaderMap, OutboundError> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let malformed = || OutboundError::Header(name.clone());
        map.append(name.parse::<HeaderName>().map_err(|_| malformed())?, HeaderValue::from_str(value).map_err(|_| malformed())?);
    }
    Ok(map)
}

/// The innermost cause: the library's own text has the URL in it.
fn no_answer(error: &reqwest::Error) -> OutboundError {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let said = if cause.is::<reqwest::Error>() { String::from("it ended early") } else { cause.to_string() };
    if error.is_connect() { OutboundError::NoConnection(said) } else { OutboundError::NoHttp(said) }
}
