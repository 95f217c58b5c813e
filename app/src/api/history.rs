//! Stored values.

use super::answer_json::AnswerJson;
use crate::error::ApiError;
use crate::forms::StorageForm;
use crate::views::{About, HistoryAnswer, HistoryMarks, HistoryQuestion, HostEvent, ProcessUse, SeriesInfo, Storage, Trend};
use leptos::prelude::*;
use leptos::server_fn::codec::Post;
use protocol::host::HostId;

/// The last hour of a host in steps of ten seconds.
#[server(prefix = "/api", endpoint = "history/hour", input = server_fn::codec::Json)]
pub async fn last_hour(id: HostId) -> Result<Trend, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.history.last_hour(&caller, id).await
}

/// Changes of state and source of a host, newest first, at most `limit` (and at most 500).
#[server(prefix = "/api", endpoint = "history/events", input = server_fn::codec::Json)]
pub async fn host_events(id: HostId, limit: u32) -> Result<Vec<HostEvent>, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.history.host_events(&caller, id, limit).await
}

/// Version and size of the store.
#[server(prefix = "/api", endpoint = "about", input = server_fn::codec::Json)]
pub async fn get_about() -> Result<About, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.history.about(&caller).await
}

/// Series of one or more hosts over any range, with mean and extremes of each point and explicit gaps; at most one point more than wanted.
///
/// Wrong questions are [`ApiError::Invalid`] with the field [`crate::error::Field::Range`], `Series` or `Points`.
#[server(prefix = "/api", endpoint = "history/query", input = server_fn::codec::Json, output = Post<AnswerJson>)]
pub async fn query_history(question: HistoryQuestion) -> Result<HistoryAnswer, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.history.query_history(&caller, question).await
}

/// Series that a host has had between two moments, sorted by name.
#[server(prefix = "/api", endpoint = "history/series", input = server_fn::codec::Json)]
pub async fn list_series(id: HostId, from_ms: i64, to_ms: i64) -> Result<Vec<SeriesInfo>, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.history.list_series(&caller, id, from_ms, to_ms).await
}

/// What happened to hosts between two moments, and where the full rate is kept.
#[server(prefix = "/api", endpoint = "history/marks", input = server_fn::codec::Json)]
pub async fn list_marks(hosts: Vec<HostId>, from_ms: i64, to_ms: i64) -> Result<HistoryMarks, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.history.list_marks(&caller, hosts, from_ms, to_ms).await
}

/// The greediest programs of a host between two moments, greediest first (by CPU time), at most 20.
#[server(prefix = "/api", endpoint = "history/processes", input = server_fn::codec::Json)]
pub async fn process_history(id: HostId, from_ms: i64, to_ms: i64) -> Result<Vec<ProcessUse>, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.history.process_history(&caller, id, from_ms, to_ms).await
}

/// How the history is stored and how large it is.
#[server(prefix = "/api", endpoint = "storage/get", input = server_fn::codec::Json)]
pub async fn get_storage() -> Result<Storage, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.history.get_storage(&caller).await
}

/// Changes how long the history is kept. Only an administrator may.
#[server(prefix = "/api", endpoint = "storage/update", input = server_fn::codec::Json)]
pub async fn update_storage(form: StorageForm) -> Result<(), ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.history.update_storage(&caller, form).await
}
