//! The agent's stream: TLS with a pinned certificate, a token, one snapshot a beat.

use super::sanitize::sanitize;
use futures_util::StreamExt;
use protocol::codec::decode_snapshot;
use protocol::snapshot::Snapshot;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;
use subtle::ConstantTimeEq;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error as WebSocketError, Message};

/// A snapshot of a machine with a thousand mounts stays far below this; a hostile agent cannot fill the memory.
const MAX_SNAPSHOT_BYTES: usize = 1024 * 1024;

/// Read buffer of one stream: a usual snapshot is 2 to 4 KiB, and hundreds of streams are open.
const READ_BUFFER_BYTES: usize = 4 * 1024;

/// How long each step of opening a stream may take.
const OPEN_STEP: Duration = Duration::from_secs(5);

/// Where an agent is and how it proves itself.
#[derive(Clone, Debug)]
pub struct AgentEndpoint {
    /// IP address or DNS name.
    pub address: String,
    pub port: u16,
    /// 64 hexadecimal digits.
    pub token: SecretString,
    /// SHA-256 of the agent's certificate (DER).
    pub certificate_sha256: [u8; 32],
}

/// Why an agent's stream cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum AgentError {
    #[error("cannot connect: {0}")]
    Unreachable(std::io::Error),
    #[error("no answer in time")]
    TimedOut,
    /// Somebody else answers on that port: the pinned certificate was not shown.
    #[error("another certificate than the pinned one")]
    WrongCertificate,
    #[error("the agent rejected the token")]
    WrongToken,
    #[error("not an agent's stream: {0}")]
    Protocol(String),
    #[error("the stream was closed")]
    Closed,
}

/// What a stream can run over: a connection, or a channel of another one.
pub trait Bytes: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Bytes for T {}

/// An open stream.
pub struct AgentStream {
    socket: WebSocketStream<TlsStream<Box<dyn Bytes>>>,
    last: Option<Snapshot>,
}

impl AgentStream {
    /// Connects, checks the certificate against the pin, sends the token.
    ///
    /// # Errors
    /// See [`AgentError`]. Every step has a deadline of its own.
    pub async fn open(endpoint: &AgentEndpoint) -> Result<Self, AgentError> {
        let connect = TcpStream::connect((endpoint.address.as_str(), endpoint.port));
        let tcp = within(connect).await?.map_err(AgentError::Unreachable)?;
        tcp.set_nodelay(true).map_err(AgentError::Unreachable)?;
        Self::open_over(Box::new(tcp), endpoint).await
    }

    /// The same over a connection that is there already; the endpoint's address is not looked at.
    ///
    /// # Errors
    /// See [`AgentError`].
    pub async fn open_over(bytes: Box<dyn Bytes>, endpoint: &AgentEndpoint) -> Result<Self, AgentError> {
        let tls = TlsConnector::from(Arc::new(pinned_config(endpoint.certificate_sha256)?));
        let name = ServerName::try_from("tactus-agent").map_err(|error| AgentError::Protocol(error.to_string()))?;
        let tls = within(tls.connect(name, bytes)).await?.map_err(certificate_or_transport)?;
        let mut request = "wss://tactus-agent/stream".into_client_request().map_err(|error| AgentError::Protocol(error.to_string()))?;
        let mut bearer = HeaderValue::from_str(&format!("Bearer {}", endpoint.token.expose_secret()))
            .map_err(|_| AgentError::Protocol("malformed token".into()))?;
        bearer.set_sensitive(true);
        request.headers_mut().insert("authorization", bearer);
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(0)
            .max_message_size(Some(MAX_SNAPSHOT_BYTES))
            .max_frame_size(Some(MAX_SNAPSHOT_BYTES));
        let opening = tokio_tungstenite::client_async_with_config(request, tls, Some(config));
        let (socket, _) = within(opening).await?.map_err(token_or_protocol)?;
        Ok(Self { socket, last: None })
    }

    /// Waits for the next snapshot; it is complete (what the agent left out is carried over) and sane (no impossible values).
    /// Cancel-safe.
    ///
    /// # Errors
    /// The stream has ended or carries something else. Silence is not an error here: the caller has the deadline.
    pub async fn next(&mut self) -> Result<Snapshot, AgentError> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Binary(bytes))) => {
                    let mut snapshot = decode_snapshot(&bytes).map_err(|error| AgentError::Protocol(error.to_string()))?;
                    if let Some(last) = &self.last {
                        snapshot.carry_over(last);
                    }
                    sanitize(&mut snapshot);
                    self.last = Some(snapshot.clone());
                    return Ok(snapshot);
                }
                Some(Ok(Message::Close(_))) | None => return Err(AgentError::Closed),
                Some(Ok(_)) => {}
                Some(Err(WebSocketError::Io(error))) => return Err(AgentError::Unreachable(error)),
                Some(Err(WebSocketError::ConnectionClosed | WebSocketError::AlreadyClosed)) => return Err(AgentError::Closed),
                Some(Err(error)) => return Err(AgentError::Protocol(error.to_string())),
            }
        }
    }
}

async fn within<T>(step: impl Future<Output = T>) -> Result<T, AgentError> {
    timeout(OPEN_STEP, step).await.map_err(|_| AgentError::TimedOut)
}

fn certificate_or_transport(error: std::io::Error) -> AgentError {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::InvalidCertificate(_)) => AgentError::WrongCertificate,
        Some(other) => AgentError::Protocol(other.to_string()),
        None => AgentError::Unreachable(error),
    }
}

fn token_or_protocol(error: WebSocketError) -> AgentError {
    match error {
        WebSocketError::Http(response) if response.status() == 401 => AgentError::WrongToken,
        WebSocketError::Io(error) => AgentError::Unreachable(error),
        other => AgentError::Protocol(other.to_string()),
    }
}

pub(super) fn pinned_config(certificate_sha256: [u8; 32]) -> Result<ClientConfig, AgentError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = Arc::new(PinnedCertificate { sha256: certificate_sha256, provider: provider.clone() });
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|error| AgentError::Protocol(error.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.resumption = rustls::client::Resumption::disabled();
    Ok(config)
}

/// Accepts exactly one certificate, whatever it says of itself: the one that was made for this host at its installation.
#[derive(Debug)]
struct PinnedCertificate {
    sha256: [u8; 32],
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for PinnedCertificate {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let found = Sha256::digest(end_entity.as_ref());
        if bool::from(found.as_slice().ct_eq(self.sha256.as_slice())) {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(rustls::Error::InvalidCertificate(rustls::CertificateError::ApplicationVerificationFailure))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
