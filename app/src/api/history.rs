//! Stored values.

use crate::error::ApiError;
use crate::views::{About, HostEvent, Trend};
use leptos::prelude::*;
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
