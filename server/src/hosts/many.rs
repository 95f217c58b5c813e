//! What is done with several hosts at once: added, paused, upgraded.

use super::batch::{CheckedLine, read_batch};
use super::sealed::seal_login;
use super::work::ended;
use super::{HostError, Hosts, card_of};
use crate::clock::now_ms;
use crate::deploy::is_newer;
use crate::store::HostRecord;
use app::error::ApiError;
use app::forms::BatchForm;
use app::views::BatchAdded;
use protocol::deploy::{DeployAction, DeployFailure};
use protocol::host::{HostId, LOCAL_HOST_ID};
use std::collections::{HashMap, HashSet};

impl Hosts {
    /// Reads a text of many hosts; adds nothing.
    ///
    /// # Errors
    /// The database fails; inside, why the text as a whole cannot be used.
    pub async fn read_batch(&self, form: &BatchForm) -> Result<Result<Vec<CheckedLine>, ApiError>, HostError> {
        let records = self.list().await?;
        let place = |record: &HostRecord| (record.profile.address.to_ascii_lowercase(), record.profile.port);
        let places: HashMap<(String, u16), String> = records.iter().map(|record| (place(record), card_of(record).name)).collect();
        Ok(read_batch(form, |address, port| places.get(&(address.to_ascii_lowercase(), port)).cloned()))
    }

    /// Adds those of the checked lines that begin on one of `lines` and are right, and starts to install them. What cannot be added is
    /// passed over: somebody else may have added the same host meanwhile.
    ///
    /// # Errors
    /// The database fails.
    pub async fn create_many(&self, checked: Vec<CheckedLine>, lines: &HashSet<usize>) -> Result<Vec<BatchAdded>, HostError> {
        let mut added = Vec::new();
        let mut started = Vec::new();
        for CheckedLine { shown, host } in checked {
            let Some(host) = host.filter(|_| lines.contains(&shown.line)) else { continue };
            let seal = |id| seal_login(&self.parts().vault, id, &host.profile, &host.login, &Default::default());
            match self.store().insert_host(&host.profile, now_ms(), seal).await {
                Ok(host_id) => {
                    added.push(BatchAdded { line: shown.line, host_id });
                    // Claimed before anybody can see it, so that the first list says that it is being installed.
                    started.push((host_id, self.shared.jobs.claim(host_id)?));
                }
                Err(HostError::Store(crate::store::StoreError::Conflict)) => {}
                Err(error) => return Err(error),
            }
        }
        let mut records: HashMap<HostId, HostRecord> = self.refresh().await?.into_iter().map(|record| (record.id, record)).collect();
        for (id, claim) in started {
            if let Some(record) = records.remove(&id) {
                let action = super::lifecycle::first_action(&record.profile);
                self.spawn(record, claim, action);
            }
        }
        Ok(added)
    }

    /// Stops to collect hosts, or goes on with it. Unknown numbers and the centre's own machine are passed over.
    ///
    /// # Errors
    /// The database fails.
    pub async fn pause(&self, ids: &[HostId], paused: bool) -> Result<(), HostError> {
        let remote: Vec<HostId> = ids.iter().copied().filter(|id| *id != LOCAL_HOST_ID).collect();
        self.store().set_paused(&remote, paused).await?;
        for record in self.refresh().await?.iter().filter(|record| remote.contains(&record.id)) {
            self.collect(record);
        }
        Ok(())
    }

    /// Version of the agent that would be sent to a host, if it is newer than the one that runs there.
    pub fn upgrade_to(&self, record: &HostRecord) -> Option<String> {
        let facts = record.facts.as_ref().filter(|_| record.agent.is_some())?;
        let bundled = self.parts().artifacts.version(&facts.architecture)?;
        is_newer(&bundled, &facts.reader_version).then_some(bundled)
    }

    /// Starts to upgrade the agents of hosts: one first, and the rest only when that one is well. Hosts without an older agent of ours
    /// and hosts on which something runs are passed over.
    ///
    /// # Errors
    /// [`HostError::Deploy`] with [`DeployFailure::NotOlder`] or [`DeployFailure::NoAgent`] when nothing is left to do,
    /// [`HostError::Busy`].
    pub async fn upgrade(&self, ids: &[HostId]) -> Result<(), HostError> {
        let records: Vec<HostRecord> = self.list().await?.into_iter().filter(|record| ids.contains(&record.id)).collect();
        let (older, others): (Vec<_>, Vec<_>) = records.into_iter().partition(|record| self.upgrade_to(record).is_some());
        if older.is_empty() {
            return Err(self.why_nothing_to_upgrade(&others));
        }
        let mut claimed: Vec<_> = older.into_iter().filter_map(|record| Some((self.shared.jobs.claim(record.id).ok()?, record))).collect();
        if claimed.is_empty() {
            return Err(HostError::Busy);
        }
        self.refresh().await?;
        let (claim, canary) = claimed.remove(0);
        for (_, record) in &claimed {
            self.report(protocol::deploy::DeployProgress::new(record.id, DeployAction::Upgrade, now_ms()));
        }
        let hosts = self.clone();
        self.shared.jobs.tasks.spawn(async move {
            let name = card_of(&canary).name;
            let went_well = hosts.work(canary, claim, DeployAction::Upgrade).await;
            for (claim, record) in claimed {
                if went_well {
                    hosts.spawn(record, claim, DeployAction::Upgrade);
                } else {
                    drop(claim);
                    hosts.report(ended(record.id, DeployAction::Upgrade, DeployFailure::CanaryFailed { name: name.clone() }));
                }
            }
            if let Err(error) = hosts.refresh().await {
                tracing::error!(%error, "the inventory could not be read");
            }
        });
        Ok(())
    }

    fn why_nothing_to_upgrade(&self, records: &[HostRecord]) -> HostError {
        let with_agent = records.iter().filter(|record| record.agent.is_some());
        let facts = with_agent.filter_map(|record| record.facts.as_ref()).next();
        match facts {
            Some(facts) => DeployFailure::NotOlder {
                running: facts.reader_version.clone(),
                bundled: self.parts().artifacts.version(&facts.architecture).unwrap_or_default(),
            }
            .into(),
            None if records.is_empty() => HostError::NotFound,
            None => DeployFailure::NoAgent.into(),
        }
    }
}
