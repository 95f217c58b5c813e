//! Replaces an agent by a newer one, or brings the old one back.

use super::Artifacts;
use super::credentials::hex;
use super::enter::enter;
use super::failure::explain;
use super::first_sample::first_sample;
use super::install::sample_detail;
use super::plan::{architecture, decide_upgrade};
use super::progress::{Report, Reporter};
use super::remote::{Change, InstallOutcome};
use super::visit::{Placed, Visit};
use crate::collect::agent::AgentEndpoint;
use crate::ssh::Target;
use protocol::deploy::{DeployAction, DeployFailure, DeployStep, StepDetail};
use protocol::host::HostId;
use protocol::snapshot::Snapshot;
use semver::Version;
use tokio_util::sync::CancellationToken;

/// Whether one version is newer than another. What is no version is older than every one that is.
pub fn is_newer(bundled: &str, running: &str) -> bool {
    match (Version::parse(bundled), Version::parse(running)) {
        (Ok(bundled), Ok(running)) => bundled > running,
        (bundled, _) => bundled.is_ok(),
    }
}

/// Replaces the agent that answers at `endpoint` by this centre's and reads its first sample. Its secrets and its service stay as they
/// are. When a step fails or `cancel` is cancelled, the old agent runs again; when the connection breaks for good, the host sees to that
/// by itself. This must run to its end.
///
/// # Errors
/// Why the step failed that the last progress marks as failed; [`DeployFailure::NotOlder`] before anything was changed.
pub async fn upgrade(
    host_id: HostId,
    target: &Target,
    endpoint: &AgentEndpoint,
    artifacts: &Artifacts,
    report: Report<'_>,
    cancel: CancellationToken,
) -> Result<Snapshot, DeployFailure> {
    let mut reporter = Reporter::new(host_id, DeployAction::Upgrade, report);
    let mut visit = Visit::default();
    let outcome = tokio::select! {
        biased;
        () = cancel.cancelled() => Err(DeployFailure::Cancelled),
        outcome = visit.replace_agent(target, endpoint, artifacts, &mut reporter) => outcome,
    };
    match outcome {
        Ok(first) => {
            reporter.done(Some(sample_detail(&first)));
            visit.leave().await;
            reporter.finish(None, true);
            Ok(first)
        }
        Err(failure) => {
            reporter.fail();
            let changed = visit.placed == Placed::Service;
            let undone = visit.roll_back(target).await;
            visit.leave().await;
            // What was stopped is well again only when it answers.
            let cleaned = undone && (!changed || first_sample(endpoint).await.is_ok());
            reporter.finish(Some(failure.clone()), cleaned);
            Err(failure)
        }
    }
}

impl Visit {
    async fn replace_agent(
        &mut self,
        target: &Target,
        endpoint: &AgentEndpoint,
        artifacts: &Artifacts,
        reporter: &mut Reporter<'_>,
    ) -> Result<Snapshot, DeployFailure> {
        let failed = |error| explain(error, target);
        let remote = self.remote.insert(enter(target, reporter).await?);
        reporter.start(DeployStep::Preflight);
        let facts = remote.look(target).await?;
        let architecture = architecture(&facts.machine)?;
        let artifact = artifacts.read(architecture).await?;
        let bundled = artifact.version.clone().unwrap_or_default();
        // Asked of the agent itself, not of what the centre remembers.
        let running = first_sample(endpoint).await?.facts.map(|facts| facts.reader_version).unwrap_or_default();
        if !is_newer(&bundled, &running) {
            return Err(DeployFailure::NotOlder { running, bundled });
        }
        let uploads = decide_upgrade(&facts, artifact.bytes.len() as u64, &hex(&rand::random::<[u8; 8]>()))?;
        reporter.done(Some(StepDetail::System {
            os: facts.os.clone(),
            architecture: facts.machine.clone(),
            init: facts.init.clone(),
            port: endpoint.port,
            port_was_taken: false,
        }));

        reporter.start(DeployStep::Upload);
        self.uploads.clone_from(&uploads);
        self.placed = Placed::Uploads;
        let sftp = remote.session.open_sftp().await.map_err(failed)?;
        sftp.create_private_dir(&uploads).await.map_err(failed)?;
        sftp.write_new(&uploads, "tactus-agent", &artifact.bytes, 0o700).await.map_err(failed)?;
        sftp.close().await;
        if remote.hash_upload(&uploads).await.map_err(failed)? != artifact.sha256 {
            return Err(DeployFailure::UploadCorrupted);
        }
        reporter.done(Some(StepDetail::Uploaded { bytes: artifact.bytes.len() as u64 }));

        reporter.start(DeployStep::Install);
        self.placed = Placed::Service;
        let mut on_start = || reporter.start(DeployStep::Start);
        let changing = remote.change(Change::Upgrade, &uploads, endpoint.port, &mut on_start);
        if let InstallOutcome::Failed { failure, .. } = changing.await.map_err(failed)? {
            return Err(failure);
        }
        reporter.start(DeployStep::FirstSample);
        let first = first_sample(endpoint).await?;
        let version = first.facts.as_ref().map(|facts| facts.reader_version.as_str()).unwrap_or_default();
        if version != bundled {
            return Err(DeployFailure::AgentRejected { reason: format!("its version is {version}, not {bundled}") });
        }
        if !remote.commit().await.map_err(failed)? {
            return Err(DeployFailure::Disconnected);
        }
        self.placed = Placed::Nothing;
        Ok(first)
    }
}

#[cfg(test)]
mod tests {
    use super::is_newer;

    #[test]
    fn only_a_newer_version_is_an_upgrade() {
        for (bundled, running, newer) in [
            ("0.2.0", "0.1.9", true),
            ("0.10.0", "0.9.0", true),
            ("0.1.0", "0.1.0", false),
            ("0.1.0", "0.2.0", false),
            ("1.0.0", "1.0.0-beta.1", true),
            ("1.0.0", "", true),
            ("", "1.0.0", false),
            ("garbage", "garbage", false),
        ] {
            assert_eq!(is_newer(bundled, running), newer, "{bundled} {running}");
        }
    }
}
