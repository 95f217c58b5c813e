//! Logs in to a host on which nothing is to be installed, and reads it once.

use super::enter::enter;
use super::install::sample_detail;
use super::progress::{Report, Reporter};
use crate::collect::ShellStream;
use crate::ssh::Target;
use protocol::deploy::{DeployAction, DeployFailure, DeployStep};
use protocol::host::HostId;
use protocol::snapshot::Snapshot;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// How long two answers of the shell may take.
const DEADLINE: Duration = Duration::from_secs(10);

/// What the centre must keep of a check.
#[derive(Debug)]
pub struct Checked {
    /// Fingerprint of the host key (`SHA256:…`).
    pub host_key: String,
    pub first: Snapshot,
}

/// Logs in and reads one sample by a shell. `report` is told of every change.
///
/// # Errors
/// Why the step failed that the last progress marks as failed.
pub async fn check(host_id: HostId, target: &Target, report: Report<'_>, cancel: CancellationToken) -> Result<Checked, DeployFailure> {
    let mut reporter = Reporter::new(host_id, DeployAction::Check, report);
    let outcome = tokio::select! {
        biased;
        () = cancel.cancelled() => Err(DeployFailure::Cancelled),
        outcome = read_once(target, &mut reporter) => outcome,
    };
    match outcome {
        Ok(checked) => {
            reporter.done(Some(sample_detail(&checked.first)));
            reporter.finish(None, true);
            Ok(checked)
        }
        Err(failure) => {
            reporter.fail();
            reporter.finish(Some(failure.clone()), true);
            Err(failure)
        }
    }
}

async fn read_once(target: &Target, reporter: &mut Reporter<'_>) -> Result<Checked, DeployFailure> {
    let remote = enter(target, reporter).await?;
    reporter.start(DeployStep::ShellSample);
    let host_key = remote.session.key.fingerprint.clone();
    let unreadable = |reason: String| DeployFailure::Unexpected { reason: super::preflight::clean_reason(&reason) };
    let reading = async {
        let mut stream = ShellStream::open(Arc::new(remote.session), false).await.map_err(|error| unreadable(error.to_string()))?;
        stream.next(false).await.map_err(|error| unreadable(error.to_string()))
    };
    let (first, _) = timeout(DEADLINE, reading).await.map_err(|_| DeployFailure::TimedOut { seconds: DEADLINE.as_secs() })??;
    Ok(Checked { host_key, first })
}
