//! The inventory.

use crate::error::ApiError;
use crate::forms::{BatchForm, HostForm};
use crate::views::{BatchAdded, BatchLine, HostSummary};
use leptos::prelude::*;
use protocol::host::HostId;

/// All hosts in the order in which they were added.
#[server(prefix = "/api", endpoint = "hosts/list", input = server_fn::codec::Json)]
pub async fn list_hosts() -> Result<Vec<HostSummary>, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.hosts.list_hosts(&caller).await
}

/// One host.
#[server(prefix = "/api", endpoint = "hosts/get", input = server_fn::codec::Json)]
pub async fn get_host(id: HostId) -> Result<HostSummary, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.hosts.get_host(&caller, id).await
}

/// Adds a host and starts putting the agent on it; answers at once with the new host's number. Progress comes over the live feed.
#[server(prefix = "/api", endpoint = "hosts/create", input = server_fn::codec::Json)]
pub async fn create_host(form: HostForm) -> Result<HostId, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.hosts.create_host(&caller, form).await
}

/// Changes a host. Empty secrets keep the stored ones.
#[server(prefix = "/api", endpoint = "hosts/update", input = server_fn::codec::Json)]
pub async fn update_host(id: HostId, form: HostForm) -> Result<(), ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.hosts.update_host(&caller, id, form).await
}

/// Starts putting the agent on a host again. Progress comes over the live feed.
#[server(prefix = "/api", endpoint = "hosts/deploy", input = server_fn::codec::Json)]
pub async fn deploy_host(id: HostId) -> Result<(), ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.hosts.deploy_host(&caller, id).await
}

/// Reads a text of many hosts without adding any: each line as it was understood, with what is wrong with it.
#[server(prefix = "/api", endpoint = "hosts/preview_batch", input = server_fn::codec::Json)]
pub async fn preview_batch(form: BatchForm) -> Result<Vec<BatchLine>, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.hosts.preview_batch(&caller, form).await
}

/// Adds those hosts of a text that begin on one of `lines` and have no error, and starts putting agents on them, twenty at once.
#[server(prefix = "/api", endpoint = "hosts/create_batch", input = server_fn::codec::Json)]
pub async fn create_batch(form: BatchForm, lines: Vec<usize>) -> Result<Vec<BatchAdded>, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.hosts.create_batch(&caller, form, lines).await
}

/// Stops to collect hosts, or goes on with it.
#[server(prefix = "/api", endpoint = "hosts/pause", input = server_fn::codec::Json)]
pub async fn pause_hosts(ids: Vec<HostId>, paused: bool) -> Result<(), ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.hosts.pause_hosts(&caller, ids, paused).await
}

/// Starts to upgrade the agents of hosts to the centre's own version: one first, and the rest only when that one is well. Progress
/// comes over the live feed.
#[server(prefix = "/api", endpoint = "hosts/upgrade", input = server_fn::codec::Json)]
pub async fn upgrade_hosts(ids: Vec<HostId>) -> Result<(), ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.hosts.upgrade_hosts(&caller, ids).await
}

/// Starts to replace the stored login of a host by a key of the centre's own that may only read, and forgets the password. Progress
/// comes over the live feed.
#[server(prefix = "/api", endpoint = "hosts/restrict", input = server_fn::codec::Json)]
pub async fn restrict_host(id: HostId) -> Result<(), ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.hosts.restrict_host(&caller, id).await
}

/// Forgets the pinned host key, so that the next login pins the one that the host shows then.
#[server(prefix = "/api", endpoint = "hosts/forget_key", input = server_fn::codec::Json)]
pub async fn forget_host_key(id: HostId) -> Result<(), ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.hosts.forget_host_key(&caller, id).await
}

/// Deletes a host with its history; with `uninstall`, takes the agent off it first and deletes nothing if that fails.
#[server(prefix = "/api", endpoint = "hosts/delete", input = server_fn::codec::Json)]
pub async fn delete_host(id: HostId, uninstall: bool) -> Result<(), ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.hosts.delete_host(&caller, id, uninstall).await
}
