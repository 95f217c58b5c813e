//! Takes an agent off a host.

use super::enter::enter;
use super::progress::{Report, Reporter};
use super::remote::Remote;
use crate::ssh::Target;
use protocol::deploy::{DeployAction, DeployFailure, DeployStep, StepDetail};
use protocol::host::HostId;
use tokio_util::sync::CancellationToken;

/// Stops the agent and deletes all that belongs to it. On a host without our agent this succeeds. `report` is told of every change.
///
/// # Errors
/// Why the step failed that the last progress marks as failed.
pub async fn remove(host_id: HostId, target: &Target, report: Report<'_>, cancel: CancellationToken) -> Result<(), DeployFailure> {
    let mut reporter = Reporter::new(host_id, DeployAction::Remove, report);
    let outcome = tokio::select! {
        biased;
        () = cancel.cancelled() => Err(DeployFailure::Cancelled),
        outcome = take_off(target, &mut reporter) => outcome,
    };
    match outcome {
        Ok(remote) => {
            reporter.done(None);
            remote.session.close().await;
            reporter.finish(None, true);
            Ok(())
        }
        Err(failure) => {
            reporter.fail();
            reporter.finish(Some(failure.clone()), true);
            Err(failure)
        }
    }
}

async fn take_off(target: &Target, reporter: &mut Reporter<'_>) -> Result<Remote, DeployFailure> {
    let mut remote = enter(target, reporter).await?;
    reporter.start(DeployStep::Preflight);
    let facts = remote.look(target).await?;
    facts.require_root()?;
    reporter.done(Some(StepDetail::System {
        os: facts.os.clone(),
        architecture: facts.machine.clone(),
        init: facts.init.clone(),
        port: facts.agent.as_ref().and_then(|agent| agent.port).unwrap_or_default(),
        port_was_taken: false,
    }));
    reporter.start(DeployStep::Uninstall);
    // A key of ours that may only read goes first: without the agent nobody would look for it.
    remote.authorize(target, "").await?;
    remote.remove(target).await?;
    Ok(remote)
}
