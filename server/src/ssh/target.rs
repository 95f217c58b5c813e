//! Where to log in, as whom, and how long each step may take.

use secrecy::SecretString;
use std::time::Duration;

/// One login. `Debug` shows no secret.
#[derive(Clone, Debug)]
pub struct Target {
    /// IP address or DNS name.
    pub address: String,
    pub port: u16,
    pub user: String,
    pub credential: Credential,
    /// For sudo; where it is missing, the login password serves.
    pub sudo_password: Option<SecretString>,
    /// Fingerprint (`SHA256:…`) that was accepted at an earlier connection.
    pub pinned_key: Option<String>,
    /// Fingerprint that a person expects at the first connection.
    pub expected_fingerprint: Option<String>,
}

/// How to prove who logs in.
#[derive(Clone, Debug)]
pub enum Credential {
    Password(SecretString),
    PrivateKey {
        /// PEM, OpenSSH or PuTTY.
        text: SecretString,
        passphrase: Option<SecretString>,
    },
}

/// How long each step may take before it counts as failed.
#[derive(Clone, Copy, Debug)]
pub struct Deadlines {
    pub resolve: Duration,
    /// All addresses of a name together.
    pub connect: Duration,
    pub greeting: Duration,
    pub key_exchange: Duration,
    pub login: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            resolve: Duration::from_secs(5),
            connect: Duration::from_secs(8),
            greeting: Duration::from_secs(6),
            key_exchange: Duration::from_secs(8),
            login: Duration::from_secs(10),
        }
    }
}
