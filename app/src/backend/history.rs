//! Stored values.

use super::Caller;
use crate::error::ApiError;
use crate::forms::StorageForm;
use crate::views::{About, HistoryAnswer, HistoryMarks, HistoryQuestion, HostEvent, ProcessUse, SeriesInfo, Storage, Trend};
use protocol::host::HostId;

/// Stored values. The contract of each method is that of the server function of the same name in [`crate::api::history`].
#[async_trait::async_trait]
pub trait HistoryBackend: Send + Sync {
    /// The last hour of a host in steps of ten seconds.
    async fn last_hour(&self, caller: &Caller, id: HostId) -> Result<Trend, ApiError>;
    /// What happened to a host, newest first, at most `limit` (and at most 500).
    async fn host_events(&self, caller: &Caller, id: HostId, limit: u32) -> Result<Vec<HostEvent>, ApiError>;
    /// Version and size of the store.
    async fn about(&self, caller: &Caller) -> Result<About, ApiError>;
    async fn query_history(&self, caller: &Caller, question: HistoryQuestion) -> Result<HistoryAnswer, ApiError>;
    async fn list_series(&self, caller: &Caller, id: HostId, from_ms: i64, to_ms: i64) -> Result<Vec<SeriesInfo>, ApiError>;
    async fn list_marks(&self, caller: &Caller, hosts: Vec<HostId>, from_ms: i64, to_ms: i64) -> Result<HistoryMarks, ApiError>;
    async fn process_history(&self, caller: &Caller, id: HostId, from_ms: i64, to_ms: i64) -> Result<Vec<ProcessUse>, ApiError>;
    async fn get_storage(&self, caller: &Caller) -> Result<Storage, ApiError>;
    async fn update_storage(&self, caller: &Caller, form: StorageForm) -> Result<(), ApiError>;
}
