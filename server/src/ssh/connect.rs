//! Key exchange and the check of the host key, before anything secret is sent.

use super::greeting::{CLIENT_ID, Cutter};
use super::{Deadlines, Reached, SshError, Target};
use russh::client::{Config, Handle, Handler, Msg};
use russh::keys::{HashAlg, PublicKeyOrCertificate};
use russh::{Channel, Disconnect, Preferred, SshId, compression};
use std::borrow::Cow;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

/// Receive window of a channel: bounds what a hostile server makes us hold.
const WINDOW_BYTES: u32 = 512 * 1024;

/// A quiet connection is asked whether it still lives, and given up after three answers that did not come.
const KEEPALIVE: Duration = Duration::from_secs(3);
const KEEPALIVES_MISSED: usize = 3;

/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_millis(200);

/// How long a server may take to free a closed channel, and how often it is asked.
const CHANNEL_FREED: Duration = Duration::from_secs(1);
const CHANNEL_PAUSE: Duration = Duration::from_millis(20);

/// The key that a host has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostKey {
    /// Such as `ssh-ed25519`.
    pub algorithm: String,
    /// `SHA256:…` as OpenSSH prints it.
    pub fingerprint: String,
}

/// A connection to a host that has shown the right key, without anybody logged in.
pub struct Unproven {
    pub(super) handle: Handle<KeyCheck>,
    pub(super) cutter: Cutter,
    /// Where the connection goes to.
    pub address: SocketAddr,
    pub key: HostKey,
}

/// A logged-in connection.
pub struct Session {
    pub(super) handle: Handle<KeyCheck>,
    pub(super) cutter: Cutter,
    /// Where the connection goes to.
    pub address: SocketAddr,
    pub key: HostKey,
}

impl Session {
    /// Says goodbye. A session that is dropped without it is closed as well, only less politely.
    pub async fn close(self) {
        let goodbye = async {
            self.handle.disconnect(Disconnect::ByApplication, "", "").await?;
            self.handle.await
        };
        let _ = timeout(GOODBYE, goodbye).await;
        drop(self.cutter);
    }

    /// Whether the connection is gone.
    pub fn is_closed(&self) -> bool {
        self.handle.is_closed()
    }

    /// Opens a channel. A server that allows only one at a time may not have noticed yet that the one before was closed, so a
    /// refusal is final only after a moment.
    pub(super) async fn open_channel(&self) -> Result<Channel<Msg>, russh::Error> {
        let start = Instant::now();
        loop {
            match self.handle.channel_open_session().await {
                Err(russh::Error::ChannelOpenFailure(_)) if start.elapsed() < CHANNEL_FREED => sleep(CHANNEL_PAUSE).await,
                opened => return opened,
            }
        }
    }

    /// [`SshError::Disconnected`] when the connection is gone, else what `otherwise` says.
    pub(super) fn broken_or(&self, otherwise: SshError) -> SshError {
        if self.handle.is_closed() { SshError::Disconnected } else { otherwise }
    }
}

/// Exchanges keys and compares the host key with the pinned and the expected one. When this returns an error, no byte of a
/// credential has been sent.
///
/// # Errors
/// [`SshError::HostKeyChanged`], [`SshError::Disconnected`], [`SshError::TimedOut`], [`SshError::Protocol`] without a common algorithm.
pub async fn exchange_keys(reached: Reached, target: &Target, deadlines: &Deadlines) -> Result<Unproven, SshError> {
    let accepted = [&target.pinned_key, &target.expected_fingerprint];
    let accepted: Vec<String> = accepted.into_iter().flatten().map(|fingerprint| normalize(fingerprint)).collect();
    let check = KeyCheck { accepted: accepted.clone(), shown: Arc::default() };
    let shown = check.shown.clone();
    let exchanging = russh::client::connect_stream(Arc::new(config()), reached.stream, check);
    let result = timeout(deadlines.key_exchange, exchanging).await.map_err(|_| SshError::TimedOut(deadlines.key_exchange))?;
    let shown = shown.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (result, shown) {
        (Ok(handle), Some(key)) => Ok(Unproven { handle, cutter: reached.cutter, address: reached.address, key }),
        (Err(russh::Error::UnknownKey), Some(HostKey { fingerprint: found, .. })) => {
            let expected = accepted.into_iter().find(|accepted| *accepted != found).unwrap_or_default();
            Err(SshError::HostKeyChanged { expected, found })
        }
        (Err(error), _) => Err(error.into()),
        (Ok(_), None) => Err(SshError::Protocol("the server has shown no key".into())),
    }
}

fn config() -> Config {
    Config {
        client_id: SshId::Standard(Cow::Borrowed(CLIENT_ID)),
        window_size: WINDOW_BYTES,
        preferred: Preferred { compression: Cow::Borrowed(&[compression::NONE]), ..Preferred::DEFAULT },
        nodelay: true,
        keepalive_interval: Some(KEEPALIVE),
        keepalive_max: KEEPALIVES_MISSED,
        ..Config::default()
    }
}

/// A fingerprint as OpenSSH prints it, whether it was entered with or without its prefix and padding.
fn normalize(fingerprint: &str) -> String {
    let bare = fingerprint.trim().trim_end_matches('=');
    format!("SHA256:{}", bare.strip_prefix("SHA256:").unwrap_or(bare))
}

pub(super) struct KeyCheck {
    /// Every one of them must be the fingerprint of the host's key; empty at first use.
    accepted: Vec<String>,
    shown: Arc<Mutex<Option<HostKey>>>,
}

impl Handler for KeyCheck {
    type Error = russh::Error;

    async fn check_server_key(&mut self, key: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        let key = key.public_key();
        let shown = HostKey { algorithm: key.algorithm().to_string(), fingerprint: key.fingerprint(HashAlg::Sha256).to_string() };
        let accept = self.accepted.iter().all(|accepted| *accepted == shown.fingerprint);
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = Some(shown);
        Ok(accept)
    }
}

#[cfg(test)]
mod tests {
    use super::normalize;

    #[test]
    fn fingerprints_compare_as_entered() {
        for entered in ["SHA256:abc", " SHA256:abc= ", "abc", "abc="] {
            assert_eq!(normalize(entered), "SHA256:abc", "{entered}");
        }
    }
}
