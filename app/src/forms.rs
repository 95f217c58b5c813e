//! What the page's forms send. Numbers travel as the text that was typed: the centre checks all fields and names each
//! wrong one.

use protocol::secret::Secret;
use serde::{Deserialize, Serialize};

/// First start: creates the administrator.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupForm {
    /// Printed on the console by the centre.
    pub token: Secret,
    pub user_name: String,
    pub password: Secret,
    pub password_again: Secret,
}

/// Login.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginForm {
    pub user_name: String,
    pub password: Secret,
}

/// How the centre logs in to a host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoginMethod {
    #[default]
    Password,
    PrivateKey,
}

/// Add or edit a host. On edit an empty secret keeps the stored one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostForm {
    /// IP address or DNS name.
    pub address: String,
    /// SSH port, 1 to 65535.
    pub port: String,
    pub user: String,
    pub method: LoginMethod,
    pub password: Secret,
    /// OpenSSH or PEM text.
    pub private_key: Secret,
    pub passphrase: Secret,
    /// For users who are not root; empty: the login password, or sudo without password.
    pub sudo_password: Secret,
    /// Shown instead of the address; may be empty.
    pub remark: String,
    /// Comma-separated.
    pub tags: String,
    /// Whole per cent, 1 to 100.
    pub cpu_threshold: String,
    pub memory_threshold: String,
    pub disk_threshold: String,
    /// Optional `SHA256:…`: the login stops before any secret is sent unless the host shows this key.
    pub fingerprint: String,
}

impl Default for HostForm {
    fn default() -> Self {
        Self {
            address: String::new(),
            port: "22".into(),
            user: "root".into(),
            method: LoginMethod::Password,
            password: Secret::default(),
            private_key: Secret::default(),
            passphrase: Secret::default(),
            sudo_password: Secret::default(),
            remark: String::new(),
            tags: String::new(),
            cpu_threshold: "80".into(),
            memory_threshold: "85".into(),
            disk_threshold: "90".into(),
            fingerprint: String::new(),
        }
    }
}
