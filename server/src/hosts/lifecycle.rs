//! A host's life: added, installed, read, changed, deleted.

use super::jobs::{Claim, Jobs};
use super::sealed::{collect_target, seal_login, seal_token, ssh_target};
use super::{Entry, FactsSeen, Phase, ValidHost};
use crate::clock::now_ms;
use crate::collect::{KeyChanged, Scheduler};
use crate::deploy::{self, Artifacts, Installed};
use crate::secrets::{Vault, VaultError};
use crate::store::{AgentRecord, HostProfile, HostRecord, Store, StoreError};
use protocol::deploy::{DeployFailure, DeployProgress, DeployStep, StepDetail, StepState};
use protocol::host::{HostId, LOCAL_HOST_ID};
use protocol::live::HostCard;
use secrecy::ExposeSecret;
use std::sync::{Arc, Mutex, PoisonError};
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
    shared: Arc<Shared>,
}

struct Shared {
    parts: Parts,
    jobs: Jobs,
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
            if record.id != LOCAL_HOST_ID && record.agent.is_none() && record.last_failure.is_none() {
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
        self.list().await?.into_iter().find(|record| record.id == id).ok_or(HostError::NotFound)
    }

    /// Progress of the action that runs on a host, or of the last one since the start.
    pub fn progress(&self, id: HostId) -> Option<DeployProgress> {
        self.shared.jobs.progress(id)
    }

    /// Adds a host and starts to put an agent on it.
    ///
    /// # Errors
    /// [`HostError::Taken`] when address and port belong to another host.
    pub async fn create(&self, host: ValidHost) -> Result<HostId, HostError> {
        let seal = |id| seal_login(&self.parts().vault, id, host.profile.method, &host.login, &Default::default());
        let inserted = self.store().insert_host(&host.profile, now_ms(), seal).await;
        let id = self.name_conflict(inserted, &host.profile).await?;
        self.deploy(id).await?;
        Ok(id)
    }

    /// Changes a host. Secrets that were not entered stay.
    ///
    /// # Errors
    /// [`HostError::Taken`], [`HostError::Busy`], [`HostError::NotFound`].
    pub async fn update(&self, id: HostId, host: ValidHost) -> Result<(), HostError> {
        let _claim = self.shared.jobs.claim(id)?;
        let record = self.get(id).await?;
        let mut profile = host.profile;
        let same_place = (&profile.address, profile.port) == (&record.profile.address, record.profile.port);
        if profile.fingerprint.is_empty() && same_place {
            profile.fingerprint.clone_from(&record.profile.fingerprint);
        }
        let secrets = seal_login(&self.parts().vault, id, profile.method, &host.login, &record.secrets)?;
        let updated = self.store().update_host(id, &profile, &secrets).await.map_err(HostError::from);
        self.name_conflict(updated, &profile).await?;
        self.refresh_and_collect(id).await
    }

    /// Changes remark, tags and thresholds of the centre's own machine.
    ///
    /// # Errors
    /// The database fails.
    pub async fn update_local(&self, profile: HostProfile) -> Result<(), HostError> {
        let record = self.get(LOCAL_HOST_ID).await?;
        let HostProfile { remark, tags, thresholds, .. } = profile;
        let profile = HostProfile { remark, tags, thresholds, ..record.profile };
        self.store().update_host(LOCAL_HOST_ID, &profile, &record.secrets).await?;
        self.refresh().await?;
        Ok(())
    }

    /// Starts to put an agent on a host; returns before it is there.
    ///
    /// # Errors
    /// [`HostError::Busy`], [`HostError::NotFound`], [`HostError::Local`].
    pub async fn deploy(&self, id: HostId) -> Result<(), HostError> {
        let record = self.remote(id).await?;
        let claim = self.shared.jobs.claim(id)?;
        self.store().set_last_failure(id, None).await?;
        self.refresh().await?;
        let hosts = self.clone();
        self.shared.jobs.tasks.spawn(async move { hosts.install(record, claim).await });
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
            let target = ssh_target(&self.parts().vault, &record)?;
            let report = |progress: &DeployProgress| self.report(progress.clone());
            deploy::remove(id, &target, &report, self.parts().stop.child_token()).await?;
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

    async fn install(&self, record: HostRecord, claim: Claim) {
        let id = record.id;
        let _slot = self.shared.jobs.slot().await;
        let last = Mutex::new(None);
        let report = |progress: &DeployProgress| {
            *last.lock().unwrap_or_else(PoisonError::into_inner) = Some(progress.clone());
            // The end is told when it is stored, so that a page that asks then sees it.
            if !progress.finished {
                self.report(progress.clone());
            }
        };
        let outcome = match ssh_target(&self.parts().vault, &record) {
            Ok(target) => {
                let installing = deploy::install(id, &target, &self.parts().artifacts, &report, self.parts().stop.child_token());
                installing.await.map_err(HostError::from)
            }
            Err(error) => Err(error),
        };
        let last = last.into_inner().unwrap_or_else(PoisonError::into_inner);
        let kept = self.keep_outcome(&record, outcome, last.as_ref()).await;
        drop(claim);
        match kept {
            Ok(()) => {
                if let Err(error) = self.refresh_and_collect(id).await {
                    tracing::error!(host_id = id, %error, "the inventory could not be read");
                }
            }
            Err(error) => tracing::error!(host_id = id, %error, "the end of an installation could not be stored"),
        }
        if let Some(last) = last {
            self.report(last);
        }
    }

    async fn keep_outcome(
        &self,
        record: &HostRecord,
        outcome: Result<Installed, HostError>,
        last: Option<&DeployProgress>,
    ) -> Result<(), HostError> {
        let id = record.id;
        match outcome {
            Ok(installed) => {
                let agent = AgentRecord {
                    port: installed.agent_port,
                    token_sealed: seal_token(&self.parts().vault, id, installed.token.expose_secret())?,
                    certificate_sha256: installed.certificate_sha256,
                };
                self.store().set_fingerprint(id, &installed.host_key).await?;
                self.store().set_agent(id, Some(&agent)).await?;
                if let Some(facts) = &installed.first.facts {
                    self.store().set_facts(id, facts).await?;
                }
            }
            Err(error) => {
                let step = last.and_then(failed_step).unwrap_or(DeployStep::Connect);
                let failure = match error {
                    HostError::Deploy(failure) => failure,
                    other => DeployFailure::Unexpected { reason: other.to_string() },
                };
                tracing::info!(host_id = id, ?step, %failure, "an installation failed");
                if let Some(fingerprint) = last.and_then(accepted_key).filter(|_| record.profile.fingerprint.is_empty()) {
                    self.store().set_fingerprint(id, fingerprint).await?;
                }
                self.store().set_last_failure(id, Some(&(step, failure))).await?;
            }
        }
        Ok(())
    }

    async fn remote(&self, id: HostId) -> Result<HostRecord, HostError> {
        if id == LOCAL_HOST_ID {
            return Err(HostError::Local);
        }
        self.get(id).await
    }

    /// Starts, restarts or ends the collection of a host according to its record.
    fn collect(&self, record: &HostRecord) {
        let agent = record.agent.as_ref().filter(|_| phase_of(record, false) == Phase::Collecting);
        match agent.map(|agent| collect_target(&self.parts().vault, record, agent)) {
            Some(Ok(target)) => self.parts().scheduler.start(target),
            Some(Err(error)) => tracing::error!(host_id = record.id, %error, "the agent's token cannot be read"),
            None => self.parts().scheduler.end(record.id),
        }
    }

    async fn refresh_and_collect(&self, id: HostId) -> Result<(), HostError> {
        if let Some(record) = self.refresh().await?.iter().find(|record| record.id == id) {
            self.collect(record);
        }
        Ok(())
    }

    async fn refresh(&self) -> Result<Vec<HostRecord>, HostError> {
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

    fn report(&self, progress: DeployProgress) {
        self.shared.jobs.keep(progress.clone());
        (self.parts().report)(progress);
    }

    fn parts(&self) -> &Parts {
        &self.shared.parts
    }

    fn store(&self) -> &Store {
        &self.shared.parts.store
    }
}

fn failed_step(progress: &DeployProgress) -> Option<DeployStep> {
    progress.steps.iter().find(|report| report.state == StepState::Failed).map(|report| report.step)
}

/// The host key that was accepted: pinned at first sight, since the secrets were sent to whoever showed it, whatever came of the login.
fn accepted_key(progress: &DeployProgress) -> Option<&str> {
    progress.steps.iter().filter(|report| report.state == StepState::Done).find_map(|report| match &report.detail {
        Some(StepDetail::HostKey { fingerprint, .. }) => Some(fingerprint.as_str()),
        _ => None,
    })
}

fn phase_of(record: &HostRecord, busy: bool) -> Phase {
    match &record.last_failure {
        _ if record.id == LOCAL_HOST_ID => Phase::Collecting,
        Some((_, DeployFailure::HostKeyChanged { .. })) => Phase::Blocked,
        _ if record.agent.is_some() => Phase::Collecting,
        _ if busy => Phase::Installing,
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
        thresholds: profile.thresholds,
        os: facts.os,
        architecture: facts.architecture,
        cores: facts.cores,
        memory_total: facts.memory_total,
        agent_version: facts.reader_version,
    }
}
