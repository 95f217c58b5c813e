//! A host's life: added, installed, read, changed, deleted.

use super::jobs::Jobs;
use super::sealed::{collect_target, seal_login, ssh_target};
use super::{Entry, FactsSeen, Phase, ValidHost};
use crate::clock::now_ms;
use crate::collect::{KeyChanged, Scheduler};
use crate::deploy::{self, Artifacts};
use crate::secrets::{Vault, VaultError};
use crate::store::{HostProfile, HostRecord, Store, StoreError};
use protocol::deploy::{DeployAction, DeployFailure, DeployProgress, DeployStep};
use protocol::host::{HostId, LOCAL_HOST_ID};
use protocol::live::HostCard;
use std::sync::Arc;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

/// Why something could not be done with a host.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    #[error("no such host")]
    NotFound,
    #[error("another action runs on this host")]
    Busy,
    #[error("address and port belong to the host {name}")]
    Taken { name: String },
    #[error("the centre's own machine cannot be installed to or deleted")]
    Local,
    #[error(transparent)]
    Deploy(#[from] DeployFailure),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// What the inventory works with.
pub struct Parts {
    pub store: Store,
    pub vault: Arc<Vault>,
    pub artifacts: Arc<Artifacts>,
    pub scheduler: Arc<Scheduler>,
    /// Tells browsers how an action goes.
    pub report: Box<dyn Fn(DeployProgress) + Send + Sync>,
    pub stop: CancellationToken,
}

/// The inventory. Cheap to clone.
#[derive(Clone)]
pub struct Hosts {
    pub(super) shared: Arc<Shared>,
}

pub(super) struct Shared {
    parts: Parts,
    pub(super) jobs: Jobs,
    entries: watch::Sender<Arc<Vec<Entry>>>,
    /// One refresh at a time, so that an older list never overtakes a newer one.
    refreshing: tokio::sync::Mutex<()>,
}

impl Hosts {
    /// Opens the inventory and starts to collect every host that has an agent. An installation that the last stop interrupted is
    /// kept as failed, so that it can be repeated.
    ///
    /// # Errors
    /// The database fails.
    pub async fn open(parts: Parts) -> Result<Self, HostError> {
        let shared = Shared { parts, jobs: Jobs::default(), entries: watch::Sender::new(Arc::default()), refreshing: Default::default() };
        let hosts = Self { shared: Arc::new(shared) };
        hosts.store().ensure_local_host(LOCAL_HOST_ID, now_ms()).await?;
        for record in hosts.store().list_hosts().await? {
            let unproven = record.agent.is_none() && (!record.profile.agentless || record.profile.fingerprint.is_empty());
            if record.id != LOCAL_HOST_ID && unproven && record.last_failure.is_none() {
                let interrupted = (DeployStep::Connect, DeployFailure::Cancelled);
                hosts.store().set_last_failure(record.id, Some(&interrupted)).await?;
            }
        }
        for record in hosts.refresh().await? {
            hosts.collect(&record);
        }
        Ok(hosts)
    }

    /// What the pipeline follows.
    pub fn entries(&self) -> watch::Receiver<Arc<Vec<Entry>>> {
        self.shared.entries.subscribe()
    }

    /// All hosts in the order in which they were added.
    ///
    /// # Errors
    /// The database fails.
    pub async fn list(&self) -> Result<Vec<HostRecord>, HostError> {
        Ok(self.store().list_hosts().await?)
    }

    /// One host.
    ///
    /// # Errors
    /// [`HostError::NotFound`].
    pub async fn get(&self, id: HostId) -> Result<HostRecord, HostError> {
        self.store().get_host(id).await?.ok_or(HostError::NotFound)
    }

    /// Progress of the action that runs on a host, or of the last one since the start.
    pub fn progress(&self, id: HostId) -> Option<DeployProgress> {
        self.shared.jobs.progress(id)
    }

    /// Adds a host and starts to put an agent on it, or to check it where nothing is to be installed.
    ///
    /// # Errors
    /// [`HostError::Taken`] when address and port belong to another host.
    pub async fn create(&self, host: ValidHost) -> Result<HostId, HostError> {
        let seal = |id| seal_login(&self.parts().vault, id, &host.profile, &host.login, &Default::default());
        let inserted = self.store().insert_host(&host.profile, now_ms(), seal).await;
        let id = self.name_conflict(inserted, &host.profile).await?;
        self.deploy(id).await?;
        Ok(id)
    }

    /// Changes a host. Secrets that were not entered stay. A host on which nothing is to be installed any more loses its agent first;
    /// one that may have an agent again gets it.
    ///
    /// # Errors
    /// [`HostError::Taken`], [`HostError::Busy`], [`HostError::NotFound`]; [`HostError::Deploy`] when the agent cannot be taken off: then
    /// nothing is changed.
    pub async fn update(&self, id: HostId, host: ValidHost) -> Result<(), HostError> {
        let claim = self.shared.jobs.claim(id)?;
        let record = self.get(id).await?;
        let mut profile = host.profile;
        let same_place = (&profile.address, profile.port) == (&record.profile.address, record.profile.port);
        if profile.fingerprint.is_empty() && same_place {
            profile.fingerprint.clone_from(&record.profile.fingerprint);
        }
        profile.paused = record.profile.paused;
        // A key that may only read stays one until another login is entered.
        profile.restricted_key = record.profile.restricted_key && host.login.password.is_none() && host.login.private_key.is_none();
        let secrets = seal_login(&self.parts().vault, id, &profile, &host.login, &record.secrets)?;
        let loses_agent = profile.agentless && record.agent.is_some();
        if loses_agent {
            self.take_off(&record).await?;
        }
        let updated = self.store().update_host(id, &profile, &secrets).await.map_err(HostError::from);
        self.name_conflict(updated, &profile).await?;
        if loses_agent {
            self.store().set_agent(id, None).await?;
        }
        drop(claim);
        if profile.agentless != record.profile.agentless {
            return self.deploy(id).await;
        }
        self.refresh_and_collect(id).await
    }

    /// Changes remark, tags, group and thresholds of the centre's own machine.
    ///
    /// # Errors
    /// The database fails.
    pub async fn update_local(&self, profile: HostProfile) -> Result<(), HostError> {
        let record = self.get(LOCAL_HOST_ID).await?;
        let HostProfile { remark, tags, group, thresholds, .. } = profile;
        let profile = HostProfile { remark, tags, group, thresholds, ..record.profile };
        self.store().update_host(LOCAL_HOST_ID, &profile, &record.secrets).await?;
        self.refresh().await?;
        Ok(())
    }

    /// Starts to put an agent on a host, or to check it where nothing is to be installed; returns before that has ended.
    ///
    /// # Errors
    /// [`HostError::Busy`], [`HostError::NotFound`], [`HostError::Local`].
    pub async fn deploy(&self, id: HostId) -> Result<(), HostError> {
        let record = self.remote(id).await?;
        let claim = self.shared.jobs.claim(id)?;
        self.store().set_last_failure(id, None).await?;
        self.refresh().await?;
        let action = first_action(&record.profile);
        self.spawn(record, claim, action);
        Ok(())
    }

    /// Starts to replace the login of a host by a key that may only read; returns before that has ended.
    ///
    /// # Errors
    /// [`HostError::Busy`], [`HostError::NotFound`], [`HostError::Local`], [`HostError::Deploy`] where no agent is installed.
    pub async fn restrict(&self, id: HostId) -> Result<(), HostError> {
        let record = self.remote(id).await?;
        if record.agent.is_none() {
            return Err(DeployFailure::NoAgent.into());
        }
        let claim = self.shared.jobs.claim(id)?;
        self.spawn(record, claim, DeployAction::Restrict);
        Ok(())
    }

    /// Forgets the pinned host key.
    ///
    /// # Errors
    /// [`HostError::Busy`], [`HostError::NotFound`], [`HostError::Local`].
    pub async fn forget_key(&self, id: HostId) -> Result<(), HostError> {
        self.remote(id).await?;
        let _claim = self.shared.jobs.claim(id)?;
        self.store().set_fingerprint(id, "").await?;
        self.store().set_last_failure(id, None).await?;
        self.refresh_and_collect(id).await
    }

    /// Deletes a host with its samples; with `uninstall` takes the agent off first.
    ///
    /// # Errors
    /// [`HostError::Deploy`] when the agent cannot be taken off: then nothing is deleted. [`HostError::Busy`],
    /// [`HostError::NotFound`], [`HostError::Local`].
    pub async fn delete(&self, id: HostId, uninstall: bool) -> Result<(), HostError> {
        let record = self.remote(id).await?;
        let _claim = self.shared.jobs.claim(id)?;
        if uninstall && record.agent.is_some() {
            self.take_off(&record).await?;
        }
        self.parts().scheduler.end(id);
        self.store().delete_host(id).await?;
        self.shared.jobs.forget(id);
        self.refresh().await?;
        Ok(())
    }

    /// Blocks hosts that have shown another key while they were collected, until the stop: nothing more is sent to them until somebody
    /// has approved the new key.
    pub async fn block_changed(self, mut changes: mpsc::Receiver<KeyChanged>) {
        let stop = self.parts().stop.clone();
        while let Some(Some(KeyChanged { host_id, expected, found })) = stop.run_until_cancelled(changes.recv()).await {
            let failure = (DeployStep::HostKey, DeployFailure::HostKeyChanged { expected, found });
            let blocked = match self.store().set_last_failure(host_id, Some(&failure)).await {
                Ok(()) => self.refresh_and_collect(host_id).await,
                Err(error) => Err(error.into()),
            };
            if let Err(error) = blocked {
                self.parts().scheduler.end(host_id);
                tracing::error!(host_id, %error, "a changed host key could not be kept");
            }
        }
    }

    /// Keeps facts that the pipeline has seen, until the pipeline ends.
    pub async fn keep_facts(self, mut seen: mpsc::Receiver<FactsSeen>) {
        while let Some(FactsSeen { host_id, facts }) = seen.recv().await {
            let kept = match self.store().set_facts(host_id, &facts).await {
                Ok(()) => self.refresh().await.map(drop),
                Err(error) => Err(error.into()),
            };
            if let Err(error) = kept {
                tracing::warn!(host_id, %error, "facts could not be kept");
            }
        }
    }

    /// Waits until all actions have ended after the stop.
    pub async fn finished(&self) {
        self.shared.jobs.tasks.close();
        self.shared.jobs.tasks.wait().await;
    }

    async fn take_off(&self, record: &HostRecord) -> Result<(), HostError> {
        if record.profile.restricted_key {
            return Err(DeployFailure::NeedsPassword.into());
        }
        let target = ssh_target(&self.parts().vault, record)?;
        let report = |progress: &DeployProgress| self.report(progress.clone());
        Ok(deploy::remove(record.id, &target, &report, self.parts().stop.child_token()).await?)
    }

    async fn remote(&self, id: HostId) -> Result<HostRecord, HostError> {
        if id == LOCAL_HOST_ID {
            return Err(HostError::Local);
        }
        self.get(id).await
    }

    /// Starts, restarts or ends the collection of a host according to its record.
    pub(super) fn collect(&self, record: &HostRecord) {
        let collected = phase_of(record, false) == Phase::Collecting && record.id != LOCAL_HOST_ID;
        match collected.then(|| collect_target(&self.parts().vault, record)) {
            Some(Ok(target)) => self.parts().scheduler.start(target),
            Some(Err(error)) => tracing::error!(host_id = record.id, %error, "the agent's token cannot be read"),
            None => self.parts().scheduler.end(record.id),
        }
    }

    pub(super) async fn refresh_and_collect(&self, id: HostId) -> Result<(), HostError> {
        if let Some(record) = self.refresh().await?.iter().find(|record| record.id == id) {
            self.collect(record);
        }
        Ok(())
    }

    pub(super) async fn refresh(&self) -> Result<Vec<HostRecord>, HostError> {
        let _one_at_a_time = self.shared.refreshing.lock().await;
        let records = self.list().await?;
        let entry = |record| Entry { card: card_of(record), phase: phase_of(record, self.shared.jobs.is_busy(record.id)) };
        self.shared.entries.send_replace(Arc::new(records.iter().map(entry).collect()));
        Ok(records)
    }

    async fn name_conflict<T>(&self, outcome: Result<T, HostError>, profile: &HostProfile) -> Result<T, HostError> {
        let Err(HostError::Store(StoreError::Conflict)) = outcome else { return outcome };
        let place =
            |record: &HostRecord| record.profile.port == profile.port && record.profile.address.eq_ignore_ascii_case(&profile.address);
        let name = self.list().await?.iter().find(|record| place(record)).map(|record| card_of(record).name).unwrap_or_default();
        Err(HostError::Taken { name })
    }

    pub(super) fn report(&self, progress: DeployProgress) {
        self.shared.jobs.keep(progress.clone());
        (self.parts().report)(progress);
    }

    pub(super) fn parts(&self) -> &Parts {
        &self.shared.parts
    }

    pub(super) fn store(&self) -> &Store {
        &self.shared.parts.store
    }
}

/// What is done first with a host that was added or changed.
pub(super) fn first_action(profile: &HostProfile) -> DeployAction {
    if profile.agentless { DeployAction::Check } else { DeployAction::Install }
}

fn phase_of(record: &HostRecord, busy: bool) -> Phase {
    match &record.last_failure {
        _ if record.id == LOCAL_HOST_ID => Phase::Collecting,
        Some((_, DeployFailure::HostKeyChanged { .. })) => Phase::Blocked,
        _ if record.profile.paused => Phase::Paused,
        _ if record.agent.is_some() => Phase::Collecting,
        _ if busy => Phase::Installing,
        None if record.profile.agentless => Phase::Collecting,
        _ => Phase::Failed,
    }
}

/// What browsers may know of a host.
pub fn card_of(record: &HostRecord) -> HostCard {
    let facts = record.facts.clone().unwrap_or_default();
    let profile = &record.profile;
    let name = [&profile.remark, &facts.host_name, &profile.address].into_iter().find(|name| !name.is_empty()).cloned().unwrap_or_default();
    HostCard {
        id: record.id,
        name,
        address: profile.address.clone(),
        port: profile.port,
        tags: profile.tags.clone(),
        group: profile.group.clone(),
        agentless: profile.agentless,
        thresholds: profile.thresholds,
        os: facts.os,
        architecture: facts.architecture,
        cores: facts.cores,
        memory_total: facts.memory_total,
        agent_version: facts.reader_version,
    }
}
