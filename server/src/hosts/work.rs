//! Actions that are carried out on a host: its steps go to the browsers, its end into the store.

use super::jobs::Claim;
use super::sealed::{agent_endpoint, seal_key, seal_token, ssh_target};
use super::{HostError, Hosts};
use crate::clock::now_ms;
use crate::deploy::{self, Installed};
use crate::store::{AgentRecord, HostRecord};
use protocol::deploy::{DeployAction, DeployFailure, DeployProgress, DeployStep, StepDetail, StepState};
use protocol::host::HostId;
use protocol::snapshot::Facts;
use secrecy::{ExposeSecret, SecretString};
use std::sync::{Mutex, PoisonError};

/// What an action has brought.
enum Outcome {
    Installed(Box<Installed>),
    Checked { host_key: String, facts: Option<Facts> },
    Upgraded { facts: Option<Facts> },
    Restricted { private_key: SecretString },
}

impl Hosts {
    /// Starts an action; returns before it has ended. Browsers see at once that it waits for its turn.
    pub(super) fn spawn(&self, record: HostRecord, claim: Claim, action: DeployAction) {
        self.report(DeployProgress::new(record.id, action, now_ms()));
        let hosts = self.clone();
        self.shared.jobs.tasks.spawn(async move { hosts.work(record, claim, action).await });
    }

    /// Carries an action out when there is a slot; says whether it succeeded.
    pub(super) async fn work(&self, record: HostRecord, claim: Claim, action: DeployAction) -> bool {
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
        let outcome = self.carry_out(&record, action, &report).await;
        let succeeded = outcome.is_ok();
        let last = last.into_inner().unwrap_or_else(PoisonError::into_inner);
        let (kept, failure) = match outcome {
            Ok(outcome) => (self.keep_outcome(&record, outcome).await, None),
            Err(error) => {
                let failure = match error {
                    HostError::Deploy(failure) => failure,
                    other => DeployFailure::Unexpected { reason: other.to_string() },
                };
                (self.keep_failure(&record, action, failure.clone(), last.as_ref()).await, Some(failure))
            }
        };
        drop(claim);
        match kept {
            Ok(()) => {
                if let Err(error) = self.refresh_and_collect(id).await {
                    tracing::error!(host_id = id, %error, "the inventory could not be read");
                }
            }
            Err(error) => tracing::error!(host_id = id, %error, "the end of an action could not be stored"),
        }
        match last {
            Some(last) if last.finished => self.report(last),
            // It failed before it began.
            _ => self.report(ended(id, action, failure.unwrap_or(DeployFailure::Cancelled))),
        }
        succeeded
    }

    async fn carry_out(&self, record: &HostRecord, action: DeployAction, report: deploy::Report<'_>) -> Result<Outcome, HostError> {
        let (parts, id) = (self.parts(), record.id);
        if record.profile.restricted_key && action != DeployAction::Check {
            return Err(DeployFailure::NeedsPassword.into());
        }
        let target = ssh_target(&parts.vault, record)?;
        let cancel = parts.stop.child_token();
        Ok(match action {
            DeployAction::Install | DeployAction::Remove => {
                Outcome::Installed(Box::new(deploy::install(id, &target, &parts.artifacts, report, cancel).await?))
            }
            DeployAction::Check => {
                let checked = deploy::check(id, &target, report, cancel).await?;
                Outcome::Checked { host_key: checked.host_key, facts: checked.first.facts }
            }
            DeployAction::Upgrade => {
                let agent = record.agent.as_ref().ok_or(DeployFailure::NoAgent)?;
                let endpoint = agent_endpoint(&parts.vault, record, agent)?;
                let first = deploy::upgrade(id, &target, &endpoint, &parts.artifacts, report, cancel).await?;
                Outcome::Upgraded { facts: first.facts }
            }
            DeployAction::Restrict => {
                let agent = record.agent.as_ref().ok_or(DeployFailure::NoAgent)?;
                Outcome::Restricted { private_key: deploy::restrict(id, &target, agent.port, report, cancel).await? }
            }
        })
    }

    async fn keep_outcome(&self, record: &HostRecord, outcome: Outcome) -> Result<(), HostError> {
        let id = record.id;
        let facts = match outcome {
            Outcome::Installed(installed) => {
                let agent = AgentRecord {
                    port: installed.agent_port,
                    token_sealed: seal_token(&self.parts().vault, id, installed.token.expose_secret())?,
                    certificate_sha256: installed.certificate_sha256,
                };
                self.store().set_fingerprint(id, &installed.host_key).await?;
                self.store().set_agent(id, Some(&agent)).await?;
                installed.first.facts
            }
            Outcome::Checked { host_key, facts } => {
                self.store().set_fingerprint(id, &host_key).await?;
                facts
            }
            Outcome::Upgraded { facts } => facts,
            Outcome::Restricted { private_key } => {
                let sealed = seal_key(&self.parts().vault, id, private_key.expose_secret())?;
                self.store().set_restricted_key(id, &sealed).await?;
                None
            }
        };
        self.store().set_last_failure(id, None).await?;
        if let Some(facts) = &facts {
            self.store().set_facts(id, facts).await?;
        }
        Ok(())
    }

    async fn keep_failure(
        &self,
        record: &HostRecord,
        action: DeployAction,
        failure: DeployFailure,
        last: Option<&DeployProgress>,
    ) -> Result<(), HostError> {
        let id = record.id;
        let step = last.and_then(failed_step).unwrap_or(DeployStep::Connect);
        tracing::info!(host_id = id, ?action, ?step, %failure, "an action failed");
        if let Some(fingerprint) = last.and_then(accepted_key).filter(|_| record.profile.fingerprint.is_empty()) {
            self.store().set_fingerprint(id, fingerprint).await?;
        }
        // A host whose agent runs on is as well as before, unless it is another host by now.
        let matters =
            matches!(action, DeployAction::Install | DeployAction::Check) || matches!(failure, DeployFailure::HostKeyChanged { .. });
        if matters {
            self.store().set_last_failure(id, Some(&(step, failure))).await?;
        }
        Ok(())
    }
}

/// An action that ended before any of its steps.
pub(super) fn ended(id: HostId, action: DeployAction, failure: DeployFailure) -> DeployProgress {
    let mut progress = DeployProgress::new(id, action, now_ms());
    if let Some(first) = progress.steps.first_mut() {
        first.state = StepState::Failed;
    }
    DeployProgress { finished: true, failure: Some(failure), ..progress }
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
