//! Stored values.

use super::Caller;
use crate::error::ApiError;
use crate::views::{About, Trend};
use protocol::host::HostId;

/// Stored values.
#[async_trait::async_trait]
pub trait HistoryBackend: Send + Sync {
    /// The last hour of a host in steps of ten seconds.
    async fn last_hour(&self, caller: &Caller, id: HostId) -> Result<Trend, ApiError>;
    /// Version and size of the store.
    async fn about(&self, caller: &Caller) -> Result<About, ApiError>;
}
