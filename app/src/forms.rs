//! What the page's forms send. Numbers travel as the text that was typed: the centre checks all fields and names each
//! wrong one.

use crate::views::MaintenancePlan;
use protocol::alert::RuleScope;
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

/// Add or edit a host. On edit an empty secret keeps the stored one. What is left out is as in an empty form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
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
    /// May be empty.
    pub group: String,
    /// Nothing is ever installed: the host is read over SSH, or by a node_exporter that it has.
    pub agentless: bool,
    /// Port of a node_exporter that may be there, 1 to 65535.
    pub exporter_port: String,
    /// Whether it speaks TLS.
    pub exporter_tls: bool,
    /// SHA-256 of its certificate, 64 hexadecimal digits with or without colons; required with TLS.
    pub exporter_certificate: String,
    /// Login of the node_exporter (HTTP basic); empty where it asks for none.
    pub exporter_user: String,
    pub exporter_password: Secret,
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
            group: String::new(),
            agentless: false,
            exporter_port: "9100".into(),
            exporter_tls: false,
            exporter_certificate: String::new(),
            exporter_user: String::new(),
            exporter_password: Secret::default(),
            cpu_threshold: "80".into(),
            memory_threshold: "85".into(),
            disk_threshold: "90".into(),
            fingerprint: String::new(),
        }
    }
}

/// What a text of many hosts is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchKind {
    /// One host a line: `[user[:password]@]address[:port] [remark]`; `#` begins a comment.
    #[default]
    List,
    /// RFC 4180 with a header: `address,port,user,password,sudo_password,remark,group,tags,agentless`, in any order; only `address` is
    /// required.
    Csv,
    /// OpenSSH's `~/.ssh/config`: `Host` blocks without patterns, their `HostName`, `Port`, `User`.
    SshConfig,
}

/// Many hosts at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BatchForm {
    pub kind: BatchKind,
    /// Pasted, or the content of an uploaded file. Secret, because it may hold passwords.
    pub text: Secret,
    /// What lines that do not say otherwise have: port, user, method, secrets, tags, group, thresholds. Its address is not looked at.
    pub defaults: HostForm,
}
/// How long the history is kept. Whole numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StorageForm {
    /// Days of rows of ten seconds, 1 to 1,825.
    pub fine_days: String,
    /// Days of rows of five minutes, 1 to 3,650.
    pub medium_days: String,
    /// Days of rows of one hour, 1 to 3,650.
    pub coarse_days: String,
    /// Days of the process history, 1 to 90.
    pub process_days: String,
    /// MiB of the process history, 16 to 65,536.
    pub process_budget_mib: String,
    /// MiB of the whole database, 64 to 10,485,760; empty: no limit.
    pub budget_mib: String,
}

/// A rule. Numbers are texts as they were typed, in the kind's unit; empty thresholds: there is no such level.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleForm {
    pub scope: RuleScope,
    /// Name of a kind.
    pub kind: String,
    /// Mount point; empty: all of the host's.
    pub target: String,
    pub enabled: bool,
    pub warning: String,
    /// Empty with a warning: for shares it follows from that, ten points higher and at most 98.
    pub critical: String,
    /// Seconds: 0 to 600.
    pub window_s: String,
    /// Seconds: 0 to 86,400.
    pub hold_s: String,
    pub clear_distance: String,
    /// Seconds: 0 to 86,400.
    pub clear_s: String,
    /// Seconds: 10 to 86,400.
    pub no_data_s: String,
    pub warn_no_data: bool,
}

/// A maintenance window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaintenanceForm {
    /// Zero: a new one.
    pub id: i64,
    pub name: String,
    pub plan: MaintenancePlan,
}
