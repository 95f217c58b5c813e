//! A node_exporter that was there already, asked once a second over HTTP.

use super::agent::pinned_config;
use super::sanitize::sanitize;
use super::shell::{FIRST_GAP, until_asked};
use crate::clock::now_ms;
use probe::exporter::{ExporterError, ExporterMachine};
use protocol::snapshot::Snapshot;
use reqwest::{Client, StatusCode, redirect};
use secrecy::{ExposeSecret, SecretString};
use std::net::Ipv6Addr;
use std::time::{Duration, Instant};
use tokio::time::{sleep, timeout};

/// An answer that takes longer is none.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);

/// A usual answer has 60 KiB; a hostile one cannot fill the memory.
const MAX_ANSWER_BYTES: usize = 8 * 1_024 * 1_024;

/// Where a node_exporter would be.
#[derive(Clone, Debug)]
pub struct ExporterEndpoint {
    /// IP address or DNS name.
    pub address: String,
    pub port: u16,
    /// Expected SHA-256 of its certificate, 64 hexadecimal digits; `None`: it speaks plain HTTP.
    pub certificate_sha256: Option<String>,
    /// User and password of HTTP's basic login.
    pub login: Option<(String, SecretString)>,
}

/// Why a node_exporter cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ScrapeError {
    #[error("no answer from node_exporter: {0}")]
    Unreachable(&'static str),
    #[error("node_exporter answered {0}")]
    Refused(StatusCode),
    #[error("an answer of more than {0} bytes")]
    TooLarge(usize),
    #[error(transparent)]
    Unreadable(#[from] ExporterError),
    #[error("the expected certificate is no SHA-256")]
    MalformedPin,
    #[error("no node_exporter is known")]
    Closed,
}

/// The answers of one node_exporter.
pub struct ExporterStream {
    client: Client,
    url: String,
    login: Option<(String, SecretString)>,
    machine: ExporterMachine,
    asked: u64,
}

impl ExporterStream {
    /// Connects to nothing yet.
    ///
    /// # Errors
    /// [`ScrapeError::MalformedPin`].
    pub fn new(endpoint: &ExporterEndpoint) -> Result<Self, ScrapeError> {
        let failed = |_| ScrapeError::Unreachable("no HTTP client");
        let client = Client::builder().no_proxy().redirect(redirect::Policy::none()).timeout(ANSWER_WITHIN).tcp_nodelay(true);
        let scheme = if endpoint.certificate_sha256.is_some() { "https" } else { "http" };
        // Without a pin nothing speaks TLS, so no certificate is right.
        let pin = endpoint.certificate_sha256.as_deref().map_or(Ok([0; 32]), hash_of)?;
        let config = pinned_config(pin).map_err(|_| ScrapeError::MalformedPin)?;
        let client = client.tls_backend_preconfigured(config);
        let address = match endpoint.address.parse::<Ipv6Addr>() {
            Ok(address) => format!("[{address}]"),
            Err(_) => endpoint.address.clone(),
        };
        let url = format!("{scheme}://{address}:{}/metrics", endpoint.port);
        let client = client.build().map_err(failed)?;
        Ok(Self { client, url, login: endpoint.login.clone(), machine: ExporterMachine::default(), asked: 0 })
    }

    /// Waits until the next beat, asks, and answers a complete and sane snapshot with the time that the collection took. `is_watched`
    /// doubles the pace.
    ///
    /// # Errors
    /// See [`ScrapeError`].
    pub async fn next(&mut self, is_watched: bool) -> Result<(Snapshot, Duration), ScrapeError> {
        loop {
            match self.asked {
                0 => {}
                1 => sleep(FIRST_GAP).await,
                _ => sleep(until_asked(is_watched)).await,
            }
            self.asked += 1;
            let began = Instant::now();
            let text = timeout(ANSWER_WITHIN, self.ask()).await.map_err(|_| ScrapeError::Unreachable("it took too long"))??;
            if let Some(mut snapshot) = self.machine.take(&text, now_ms())? {
                sanitize(&mut snapshot);
                return Ok((snapshot, began.elapsed()));
            }
        }
    }

    async fn ask(&self) -> Result<Vec<u8>, ScrapeError> {
        let mut request = self.client.get(&self.url).header("accept", "text/plain;version=0.0.4");
        if let Some((user, password)) = &self.login {
            request = request.basic_auth(user, Some(password.expose_secret()));
        }
        let mut response = request.send().await.map_err(|error| unreachable(&error))?;
        if response.status() != StatusCode::OK {
            return Err(ScrapeError::Refused(response.status()));
        }
        let mut text = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(&error))? {
            text.extend_from_slice(&chunk);
            if text.len() > MAX_ANSWER_BYTES {
                return Err(ScrapeError::TooLarge(MAX_ANSWER_BYTES));
            }
        }
        Ok(text)
    }
}

/// The library's own text names the whole address, which the page has already.
fn unreachable(error: &reqwest::Error) -> ScrapeError {
    ScrapeError::Unreachable(match error {
        error if error.is_timeout() => "it took too long",
        error if error.is_connect() => "no connection, or another certificate than the expected one",
        _ => "it did not answer as HTTP does",
    })
}

fn hash_of(digits: &str) -> Result<[u8; 32], ScrapeError> {
    let mut hash = [0; 32];
    for (byte, pair) in hash.iter_mut().zip(digits.as_bytes().chunks(2)) {
        let pair = std::str::from_utf8(pair).map_err(|_| ScrapeError::MalformedPin)?;
        *byte = u8::from_str_radix(pair, 16).map_err(|_| ScrapeError::MalformedPin)?;
    }
    if digits.len() == 64 { Ok(hash) } else { Err(ScrapeError::MalformedPin) }
}
