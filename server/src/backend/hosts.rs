//! The inventory, for the page.

use super::{internal, require};
use crate::hosts::{HostError, Hosts, card_of, validate_host, validate_local};
use crate::live::Hub;
use crate::store::{HostRecord, Method};
use app::backend::{Caller, HostsBackend};
use app::error::{ApiError, Field, FieldReason};
use app::forms::{BatchForm, HostForm, LoginMethod};
use app::views::{BatchAdded, BatchLine, HostSummary, Role};
use async_trait::async_trait;
use protocol::host::{HostId, LOCAL_HOST_ID};

/// The inventory, for the page.
pub struct HostsRoom {
    pub hosts: Hosts,
    pub hub: Hub,
}

impl HostsRoom {
    fn summary(&self, record: &HostRecord) -> HostSummary {
        let figures = self.hub.latest().hosts.iter().find(|figures| figures.id == record.id).copied().unwrap_or_default();
        HostSummary {
            card: card_of(record),
            status: figures.status,
            source: figures.source,
            local: record.id == LOCAL_HOST_ID,
            remark: record.profile.remark.clone(),
            ssh_user: record.profile.ssh_user.clone(),
            method: match record.profile.method {
                Method::Password => LoginMethod::Password,
                Method::PrivateKey => LoginMethod::PrivateKey,
            },
            has_sudo_password: record.secrets.sudo_password.is_some(),
            fingerprint: record.profile.fingerprint.clone(),
            restricted_key: record.profile.restricted_key,
            paused: record.profile.paused,
            exporter_port: record.profile.exporter.port,
            exporter_tls: record.profile.exporter.tls,
            exporter_certificate: record.profile.exporter.certificate.clone(),
            exporter_user: record.profile.exporter.user.clone(),
            has_exporter_password: record.secrets.exporter_password.is_some(),
            upgrade_to: self.hosts.upgrade_to(record),
            agent_port: record.agent.as_ref().map(|agent| agent.port),
            last_failure: record.last_failure.clone(),
            progress: self.hosts.progress(record.id),
            created_at_ms: record.created_at_ms,
        }
    }
}

#[async_trait]
impl HostsBackend for HostsRoom {
    async fn list_hosts(&self, caller: &Caller) -> Result<Vec<HostSummary>, ApiError> {
        require(caller, Role::Viewer)?;
        Ok(self.hosts.list().await.map_err(project)?.iter().map(|record| self.summary(record)).collect())
    }

    async fn get_host(&self, caller: &Caller, id: HostId) -> Result<HostSummary, ApiError> {
        require(caller, Role::Viewer)?;
        Ok(self.summary(&self.hosts.get(id).await.map_err(project)?))
    }

    async fn create_host(&self, caller: &Caller, form: HostForm) -> Result<HostId, ApiError> {
        require(caller, Role::Admin)?;
        self.hosts.create(validate_host(&form, |_| false)?).await.map_err(project)
    }

    async fn update_host(&self, caller: &Caller, id: HostId, form: HostForm) -> Result<(), ApiError> {
        require(caller, Role::Admin)?;
        if id == LOCAL_HOST_ID {
            return self.hosts.update_local(validate_local(&form)?).await.map_err(project);
        }
        let stored = self.hosts.get(id).await.map_err(project)?;
        let has_secret =
            |method| method == stored.profile.method && (stored.secrets.password.is_some() || stored.secrets.private_key.is_some());
        self.hosts.update(id, validate_host(&form, has_secret)?).await.map_err(project)
    }

    async fn deploy_host(&self, caller: &Caller, id: HostId) -> Result<(), ApiError> {
        require(caller, Role::Admin)?;
        self.hosts.deploy(id).await.map_err(project)
    }

    async fn preview_batch(&self, caller: &Caller, form: BatchForm) -> Result<Vec<BatchLine>, ApiError> {
        require(caller, Role::Admin)?;
        Ok(self.hosts.read_batch(&form).await.map_err(project)??.into_iter().map(|line| line.shown).collect())
    }

    async fn create_batch(&self, caller: &Caller, form: BatchForm, lines: Vec<usize>) -> Result<Vec<BatchAdded>, ApiError> {
        require(caller, Role::Admin)?;
        let checked = self.hosts.read_batch(&form).await.map_err(project)??;
        self.hosts.create_many(checked, &lines.into_iter().collect()).await.map_err(project)
    }

    async fn pause_hosts(&self, caller: &Caller, ids: Vec<HostId>, paused: bool) -> Result<(), ApiError> {
        require(caller, Role::Admin)?;
        self.hosts.pause(&ids, paused).await.map_err(project)
    }

    async fn upgrade_hosts(&self, caller: &Caller, ids: Vec<HostId>) -> Result<(), ApiError> {
        require(caller, Role::Admin)?;
        self.hosts.upgrade(&ids).await.map_err(project)
    }

    async fn restrict_host(&self, caller: &Caller, id: HostId) -> Result<(), ApiError> {
        require(caller, Role::Admin)?;
        self.hosts.restrict(id).await.map_err(project)
    }

    async fn forget_host_key(&self, caller: &Caller, id: HostId) -> Result<(), ApiError> {
        require(caller, Role::Admin)?;
        self.hosts.forget_key(id).await.map_err(project)
    }

    async fn delete_host(&self, caller: &Caller, id: HostId, uninstall: bool) -> Result<(), ApiError> {
        require(caller, Role::Admin)?;
        self.hosts.delete(id, uninstall).await.map_err(project)
    }
}

fn project(error: HostError) -> ApiError {
    match error {
        HostError::NotFound => ApiError::NotFound,
        HostError::Busy => ApiError::Busy,
        HostError::Taken { name } => ApiError::field(Field::Address, FieldReason::Taken { name }),
        HostError::Local => ApiError::Forbidden,
        HostError::Deploy(failure) => ApiError::Deploy(failure),
        HostError::Store(error) => internal(&error),
        HostError::Vault(error) => internal(&error),
    }
}
