//! What server functions answer. Nothing in here is secret.

mod alerts;
mod history;

pub use alerts::*;
pub use history::*;

use crate::error::FieldError;
use crate::forms::LoginMethod;
use protocol::deploy::{DeployFailure, DeployProgress, DeployStep};
use protocol::host::{HostId, HostStatus, Source};
use protocol::live::HostCard;
use serde::{Deserialize, Serialize};

/// Who is at the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrentUser {
    pub name: String,
    pub role: Role,
}

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Looks.
    Viewer,
    /// Also acknowledges.
    Operator,
    /// Everything.
    Admin,
}

/// One host as `/hosts` lists it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HostSummary {
    pub card: HostCard,
    pub status: HostStatus,
    pub source: Option<Source>,
    /// Whether this is the centre's own machine: it cannot be deployed to or deleted.
    pub local: bool,
    /// As entered; empty where the host is called by its own name.
    pub remark: String,
    pub ssh_user: String,
    pub method: LoginMethod,
    pub has_sudo_password: bool,
    /// Pinned host key (`SHA256:…`); empty before the first login.
    pub fingerprint: String,
    /// The stored password was replaced by a key of the centre's own that may only read.
    pub restricted_key: bool,
    /// Not collected because somebody said so.
    pub paused: bool,
    /// Where a node_exporter would be; its user is empty where it asks for no login.
    pub exporter_port: u16,
    pub exporter_tls: bool,
    pub exporter_certificate: String,
    pub exporter_user: String,
    pub has_exporter_password: bool,
    /// Version of the agent that the centre would install instead of the one that runs; `None` while there is nothing to upgrade.
    pub upgrade_to: Option<String>,
    /// Port on which its agent listens; `None` while none is installed.
    pub agent_port: Option<u16>,
    /// Why the last installation failed, if it did.
    pub last_failure: Option<(DeployStep, DeployFailure)>,
    /// A running action, or the last one since the centre started.
    pub progress: Option<DeployProgress>,
    pub created_at_ms: i64,
}

/// One stored row: mean and extremes of the live samples of ten seconds. Per cent and bytes per second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TrendPoint {
    /// Start of the ten seconds: UTC, milliseconds.
    pub at_ms: i64,
    pub cpu: Option<Spread>,
    pub memory: Option<Spread>,
    pub disk: Option<f32>,
    pub in_bytes_per_s: Option<Spread>,
    pub out_bytes_per_s: Option<Spread>,
    pub load_one: Option<Spread>,
}

/// Mean and extremes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    pub mean: f32,
    pub least: f32,
    pub most: f32,
}

/// The last hour of one host: at most 360 points, oldest first; a missing one is a gap.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trend {
    pub host_id: HostId,
    /// Distance of two points without a gap, in milliseconds.
    pub step_ms: i64,
    pub points: Vec<TrendPoint>,
}

/// What the centre tells about itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    pub version: String,
    pub data_bytes: u64,
}

/// One host of a batch, as it was understood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchLine {
    /// Line of the text where it begins, from 1.
    pub line: usize,
    pub address: String,
    /// As written: a wrong one is named in `errors`.
    pub port: String,
    pub user: String,
    pub method: LoginMethod,
    pub remark: String,
    pub group: String,
    pub tags: String,
    pub agentless: bool,
    /// Empty: it can be added.
    pub errors: Vec<FieldError>,
}

/// A host of a batch that was added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchAdded {
    pub line: usize,
    pub host_id: HostId,
}

/// Something that happened to a host: a change of its state or of the way in which it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostEvent {
    pub at_ms: i64,
    pub change: HostChange,
    /// Technical reason in English; empty where there is none.
    pub reason: String,
}

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HostChange {
    Status { from: HostStatus, to: HostStatus },
    Source { from: Option<Source>, to: Source },
}
