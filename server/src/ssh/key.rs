//! Credentials made ready before the first packet, so that a bad key is told apart from a bad host.

use super::{Credential, SshError};
use russh::keys::key::safe_rng;
use russh::keys::ssh_key::LineEnding;
use russh::keys::{Algorithm, PrivateKey, decode_secret_key};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;

/// A credential that can be used as it is.
pub enum PreparedCredential {
    Password(SecretString),
    Key(Arc<PrivateKey>),
}

/// Reads the private key, if it is one. An encrypted key takes a noticeable time on purpose, so it is read off the async threads.
///
/// # Errors
/// [`SshError::MalformedKey`], [`SshError::WrongPassphrase`].
pub async fn prepare(credential: &Credential) -> Result<PreparedCredential, SshError> {
    match credential {
        Credential::Password(password) => Ok(PreparedCredential::Password(password.clone())),
        Credential::PrivateKey { text, passphrase } => {
            let (text, passphrase) = (text.clone(), passphrase.clone());
            let reading = tokio::task::spawn_blocking(move || read_key(&text, passphrase.as_ref()));
            let key = reading.await.map_err(|_| SshError::MalformedKey)??;
            Ok(PreparedCredential::Key(Arc::new(key)))
        }
    }
}

/// A new pair of keys.
pub struct NewKey {
    /// OpenSSH's format, without passphrase.
    pub private: SecretString,
    /// As it stands in authorized_keys: algorithm and base64.
    pub public: String,
}

/// Makes an Ed25519 pair.
///
/// # Errors
/// [`SshError::MalformedKey`] when it cannot be written down.
pub fn new_key() -> Result<NewKey, SshError> {
    let key = PrivateKey::random(&mut safe_rng(), Algorithm::Ed25519).map_err(|_| SshError::MalformedKey)?;
    let private = key.to_openssh(LineEnding::LF).map_err(|_| SshError::MalformedKey)?;
    let public = key.public_key().to_openssh().map_err(|_| SshError::MalformedKey)?;
    Ok(NewKey { private: SecretString::from(private.as_str()), public })
}

fn read_key(text: &SecretString, passphrase: Option<&SecretString>) -> Result<PrivateKey, SshError> {
    // A key that was pasted often has spaces around its lines, which no format has.
    let lines: Vec<&str> = text.expose_secret().lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let pem = SecretString::from(lines.join("\n") + "\n");
    let passphrase = passphrase.map(ExposeSecret::expose_secret).filter(|passphrase| !passphrase.is_empty());
    decode_secret_key(pem.expose_secret(), passphrase)
        .map_err(|_| if is_encrypted(pem.expose_secret()) { SshError::WrongPassphrase } else { SshError::MalformedKey })
}

/// Whether a text is a key that is locked by a passphrase. Each format says so in a way of its own.
fn is_encrypted(pem: &str) -> bool {
    let marked = ["-----BEGIN ENCRYPTED PRIVATE KEY-----", "Proc-Type: 4,ENCRYPTED", "Encryption: aes"];
    marked.iter().any(|mark| pem.contains(mark)) || PrivateKey::from_openssh(pem).is_ok_and(|key| key.is_encrypted())
}
