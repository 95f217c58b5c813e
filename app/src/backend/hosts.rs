//! The inventory.

use super::Caller;
use crate::error::ApiError;
use crate::forms::{BatchForm, HostForm};
use crate::views::{BatchAdded, BatchLine, HostSummary};
use protocol::host::HostId;

/// The inventory. The contract of each method is that of the server function of the same name in [`crate::api::hosts`].
#[async_trait::async_trait]
pub trait HostsBackend: Send + Sync {
    async fn list_hosts(&self, caller: &Caller) -> Result<Vec<HostSummary>, ApiError>;
    async fn get_host(&self, caller: &Caller, id: HostId) -> Result<HostSummary, ApiError>;
    async fn create_host(&self, caller: &Caller, form: HostForm) -> Result<HostId, ApiError>;
    async fn update_host(&self, caller: &Caller, id: HostId, form: HostForm) -> Result<(), ApiError>;
    async fn deploy_host(&self, caller: &Caller, id: HostId) -> Result<(), ApiError>;
    async fn preview_batch(&self, caller: &Caller, form: BatchForm) -> Result<Vec<BatchLine>, ApiError>;
    async fn create_batch(&self, caller: &Caller, form: BatchForm, lines: Vec<usize>) -> Result<Vec<BatchAdded>, ApiError>;
    async fn pause_hosts(&self, caller: &Caller, ids: Vec<HostId>, paused: bool) -> Result<(), ApiError>;
    async fn upgrade_hosts(&self, caller: &Caller, ids: Vec<HostId>) -> Result<(), ApiError>;
    async fn restrict_host(&self, caller: &Caller, id: HostId) -> Result<(), ApiError>;
    async fn forget_host_key(&self, caller: &Caller, id: HostId) -> Result<(), ApiError>;
    async fn delete_host(&self, caller: &Caller, id: HostId, uninstall: bool) -> Result<(), ApiError>;
}
