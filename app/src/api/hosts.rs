//! The inventory.

use crate::error::ApiError;
use crate::forms::HostForm;
use crate::views::HostSummary;
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
