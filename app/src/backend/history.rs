//! Stored values.

use super::Caller;
use crate::error::ApiError;
use crate::views::{About, HostEvent, Trend};
use protocol::host::HostId;

/// Stored values.
#[async_trait::async_trait]
pub trait HistoryBackend: Send + Sync {
    /// The last hour of a host in steps of ten seconds.
    async fn last_hour(&self, caller: &Caller, id: HostId) -> Result<Trend, ApiError>;
    /// What happened to a host, newest first, at most `limit` (and at most 500).
    async fn host_events(&self, caller: &Caller, id: HostId, limit: u32) -> Result<Vec<HostEvent>, ApiError>;
    /// Version and size of the store.
    async fn about(&self, caller: &Caller) -> Result<About, ApiError>;
}
