//! Putting an agent on a host and taking it off: steps, their state, and why a step failed.

use crate::host::HostId;
use serde::{Deserialize, Serialize};

/// What is being done to a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeployAction {
    Install,
    Remove,
    /// Log in and read once; nothing is installed.
    Check,
    /// Replace the agent by this centre's newer one.
    Upgrade,
    /// Replace the stored login by a key that may only read.
    Restrict,
}

/// One step, in the order in which they happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeployStep {
    /// Reach the SSH port.
    Connect,
    /// Compare or pin the host key, before any secret is sent.
    HostKey,
    /// Log in.
    Authenticate,
    /// Look at the operating system, architecture, systemd, sudo, port, disk.
    Preflight,
    /// Send the agent to a temporary name and check its hash.
    Upload,
    /// Move it to its place with its secrets and unit file.
    Install,
    /// `systemctl enable --now`.
    Start,
    /// Read the first sample from the agent's stream.
    FirstSample,
    /// Read one sample by a shell.
    ShellSample,
    /// Stop and delete everything that was installed.
    Uninstall,
    /// Put a key on the host that may only read.
    PlaceKey,
    /// Log in with it: it reads, and nothing else.
    TryKey,
}

impl DeployAction {
    /// The steps of this action, in order.
    pub fn steps(self) -> &'static [DeployStep] {
        use DeployStep::{
            Authenticate, Connect, FirstSample, HostKey, Install, PlaceKey, Preflight, ShellSample, Start, TryKey, Uninstall, Upload,
        };
        match self {
            Self::Install => &[Connect, HostKey, Authenticate, Preflight, Upload, Install, Start, FirstSample],
            Self::Remove => &[Connect, HostKey, Authenticate, Preflight, Uninstall],
            Self::Check => &[Connect, HostKey, Authenticate, ShellSample],
            Self::Upgrade => &[Connect, HostKey, Authenticate, Preflight, Upload, Install, Start, FirstSample],
            Self::Restrict => &[Connect, HostKey, Authenticate, Preflight, PlaceKey, TryKey],
        }
    }
}

/// State of one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    Waiting,
    Running,
    Done,
    Failed,
}

/// What a step found out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepDetail {
    /// Address that the name resolved to.
    Reached {
        address: String,
    },
    /// SHA-256 fingerprint in OpenSSH's form (`SHA256:…`); `pinned_before` is false at first use.
    HostKey {
        algorithm: String,
        fingerprint: String,
        pinned_before: bool,
    },
    LoggedIn {
        user: String,
        needs_sudo: bool,
    },
    /// What preflight saw; `port` is the one that the agent will listen on.
    System {
        os: String,
        architecture: String,
        init: String,
        port: u16,
        port_was_taken: bool,
    },
    /// The agent is being compiled at this moment, and is waited for.
    AgentIsCompiled,
    Uploaded {
        bytes: u64,
    },
    Sample {
        cpu_percent: Option<f32>,
        memory_percent: Option<f32>,
    },
}

/// One step of a running or finished action.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepReport {
    pub step: DeployStep,
    pub state: StepState,
    /// How long it took or has taken so far, in milliseconds.
    pub elapsed_ms: Option<u64>,
    pub detail: Option<StepDetail>,
}

/// The whole state of an action: each event carries all of it, so that none depends on an earlier one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeployProgress {
    pub host_id: HostId,
    pub action: DeployAction,
    pub started_at_ms: i64,
    pub steps: Vec<StepReport>,
    /// Set when nothing more will happen.
    pub finished: bool,
    /// Why it failed. The failed step is the one whose state says so.
    pub failure: Option<DeployFailure>,
    /// Whether, after a failure, everything that had been put on the host was taken off again.
    pub cleaned: bool,
}

impl DeployProgress {
    /// All steps waiting.
    pub fn new(host_id: HostId, action: DeployAction, started_at_ms: i64) -> Self {
        let waiting = |&step| StepReport { step, state: StepState::Waiting, elapsed_ms: None, detail: None };
        Self {
            host_id,
            action,
            started_at_ms,
            steps: action.steps().iter().map(waiting).collect(),
            finished: false,
            failure: None,
            cleaned: true,
        }
    }

    /// Whether it is over and went well.
    pub fn succeeded(&self) -> bool {
        self.finished && self.failure.is_none()
    }
}

/// Why a step failed. The page turns each into a sentence with what to do; texts in here come from the host and are
/// shown as plain text, cut to 300 characters, never containing a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum DeployFailure {
    #[error("the name {address} does not resolve")]
    AddressNotFound { address: String },
    #[error("no answer from {address} port {port}")]
    Unreachable { address: String, port: u16 },
    #[error("{address} refused the connection to port {port}")]
    ConnectionRefused { address: String, port: u16 },
    #[error("the server closed the connection before its SSH greeting")]
    ClosedBeforeBanner,
    #[error("what answers on port {port} does not speak SSH")]
    NotSsh { port: u16 },
    #[error("the host key has changed: {expected} was pinned, {found} was shown")]
    HostKeyChanged { expected: String, found: String },
    #[error("the server rejected user name or password")]
    WrongPassword,
    #[error("the server rejected the private key")]
    KeyRejected,
    #[error("the private key needs a passphrase, or the one given is wrong")]
    WrongPassphrase,
    #[error("the private key cannot be read")]
    MalformedKey,
    #[error("the password has expired")]
    PasswordExpired,
    #[error("the server does not offer this kind of login; it offers {offered}")]
    LoginMethodRefused { offered: String },
    #[error("sudo is not installed")]
    SudoMissing,
    #[error("user {user} may not use sudo")]
    SudoNotAllowed { user: String },
    #[error("sudo rejected the password")]
    WrongSudoPassword,
    #[error("{found} is not Linux")]
    NotLinux { found: String },
    #[error("no agent for the architecture {found}")]
    UnknownArchitecture { found: String },
    #[error("this centre carries no agent for {architecture}")]
    AgentNotBundled { architecture: String },
    #[error("{init} runs this host, and there is neither systemd, OpenRC, /etc/init.d nor cron")]
    UnknownInit { init: String },
    #[error("every port from {first} to {last} is taken")]
    NoFreePort { first: u16, last: u16 },
    #[error("the server has no SFTP")]
    NoSftp,
    #[error("{path} is full")]
    DiskFull { path: String },
    #[error("{path} cannot be written: {reason}")]
    NotWritable { path: String, reason: String },
    #[error("the uploaded file differs from the one that was sent")]
    UploadCorrupted,
    #[error("the service did not start: {log}")]
    ServiceFailed { log: String },
    #[error("the agent runs, but {address} port {port} cannot be reached from the centre")]
    AgentUnreachable { address: String, port: u16 },
    #[error("the agent answered, but not as ours: {reason}")]
    AgentRejected { reason: String },
    #[error("the agent {running} is not older than this centre's {bundled}")]
    NotOlder { running: String, bundled: String },
    #[error("there is no agent of ours on this host")]
    NoAgent,
    #[error("the upgrade of {name}, the first host, failed, so this one was not begun")]
    CanaryFailed { name: String },
    #[error("the stored key may only read: this needs the password")]
    NeedsPassword,
    #[error("the key does not do what it should: {reason}")]
    KeyNotRestricted { reason: String },
    #[error("the connection broke")]
    Disconnected,
    #[error("it took longer than {seconds} s")]
    TimedOut { seconds: u64 },
    #[error("the centre is stopping")]
    Cancelled,
    #[error("unexpected: {reason}")]
    Unexpected { reason: String },
}
