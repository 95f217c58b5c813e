//! What one collection yields.

use super::agent::AgentError;
use super::exporter::ScrapeError;
use crate::ssh::SshError;
use probe::shell::FrameError;
use protocol::host::{HostId, Source};
use protocol::snapshot::Snapshot;
use std::sync::Arc;

/// A snapshot or a failure, with host, source and latency.
#[derive(Debug)]
pub struct Reading {
    pub host_id: HostId,
    pub source: Source,
    /// When the centre had it: UTC, milliseconds.
    pub received_at_ms: i64,
    /// How long one collection took, in milliseconds; `None` where the two clocks tell (an agent's stream).
    pub latency_ms: Option<f32>,
    pub outcome: Result<Box<Snapshot>, CollectFailure>,
}

/// Why a collection yielded nothing.
#[derive(Debug, thiserror::Error)]
pub enum CollectFailure {
    /// A beat passed without a snapshot on an open stream.
    #[error("no sample for {silent_ms} ms")]
    Missed { silent_ms: u64 },
    #[error(transparent)]
    Agent(#[from] AgentError),
    #[error("no SSH session: {0}")]
    NoSession(Arc<SshError>),
    #[error(transparent)]
    Ssh(#[from] SshError),
    #[error(transparent)]
    Frame(#[from] FrameError),
    #[error(transparent)]
    Exporter(#[from] ScrapeError),
    #[error("cannot read this machine: {0}")]
    Local(String),
}
