//! Puts an agent on a host, or leaves the host as it was.

use super::Artifacts;
use super::credentials::{Credentials, hex};
use super::enter::enter;
use super::failure::explain;
use super::first_sample::first_sample;
use super::plan::{Plan, architecture, decide, unit_file};
use super::progress::{Report, Reporter};
use super::remote::{Change, InstallOutcome, Remote};
use super::visit::{Placed, Visit};
use crate::collect::agent::AgentEndpoint;
use crate::ssh::Target;
use protocol::deploy::{DeployAction, DeployFailure, DeployStep, StepDetail};
use protocol::host::HostId;
use protocol::snapshot::{Memory, Snapshot};
use secrecy::{ExposeSecret, SecretString};
use tokio_util::sync::CancellationToken;

/// What the centre must keep of an installation.
#[derive(Debug)]
pub struct Installed {
    pub agent_port: u16,
    /// 64 hexadecimal digits.
    pub token: SecretString,
    /// SHA-256 of the agent's certificate (DER).
    pub certificate_sha256: [u8; 32],
    /// Fingerprint of the host key (`SHA256:…`).
    pub host_key: String,
    /// The first sample.
    pub first: Snapshot,
    /// Of the agent that was sent: `x86_64` or `aarch64`.
    pub architecture: String,
}

/// Installs an agent and reads its first sample. `report` is told of every change. When a step fails or `cancel` is cancelled, the
/// host is brought back to what it was: an agent of ours that was there before runs again, else nothing is left. This must run to
/// its end: dropping the future leaves behind what is on the host.
///
/// # Errors
/// Why the step failed that the last progress marks as failed.
pub async fn install(
    host_id: HostId,
    target: &Target,
    artifacts: &Artifacts,
    report: Report<'_>,
    cancel: CancellationToken,
) -> Result<Installed, DeployFailure> {
    let mut reporter = Reporter::new(host_id, DeployAction::Install, report);
    let mut visit = Visit::default();
    let outcome = tokio::select! {
        biased;
        () = cancel.cancelled() => Err(DeployFailure::Cancelled),
        outcome = visit.put_agent(target, artifacts, &mut reporter) => outcome,
    };
    match outcome {
        Ok(installed) => {
            reporter.done(Some(sample_detail(&installed.first)));
            visit.leave().await;
            reporter.finish(None, true);
            Ok(installed)
        }
        Err(failure) => {
            reporter.fail();
            let cleaned = visit.roll_back(target).await;
            visit.leave().await;
            reporter.finish(Some(failure.clone()), cleaned);
            Err(failure)
        }
    }
}

impl Visit {
    async fn put_agent(&mut self, target: &Target, artifacts: &Artifacts, reporter: &mut Reporter<'_>) -> Result<Installed, DeployFailure> {
        let remote = self.remote.insert(enter(target, reporter).await?);
        reporter.start(DeployStep::Preflight);
        let facts = remote.look(target).await?;
        if let Ok(architecture) = architecture(&facts.machine) {
            artifacts.arrived(architecture, || reporter.note(StepDetail::AgentIsCompiled)).await;
        }
        let nonce = hex(&rand::random::<[u8; 8]>());
        let plan = decide(&facts, |architecture| artifacts.size(architecture), remote.session.address.ip(), &nonce)?;
        reporter.done(Some(StepDetail::System {
            os: facts.os.clone(),
            architecture: facts.machine.clone(),
            init: facts.systemd_version.map_or_else(|| facts.init.clone(), |version| format!("systemd {version}")),
            port: plan.listen.port(),
            port_was_taken: plan.port_was_taken,
        }));

        reporter.start(DeployStep::Upload);
        self.uploads.clone_from(&plan.uploads);
        self.placed = Placed::Uploads;
        let credentials = Credentials::generate()?;
        let bytes = upload(remote, target, artifacts, &plan, &credentials).await?;
        reporter.done(Some(StepDetail::Uploaded { bytes }));

        reporter.start(DeployStep::Install);
        self.placed = Placed::Service;
        let mut on_start = || reporter.start(DeployStep::Start);
        let installing = remote.change(Change::Install, &plan.uploads, plan.listen.port(), &mut on_start);
        if let InstallOutcome::Failed { failure, cleaned } = installing.await.map_err(|error| explain(error, target))? {
            if cleaned {
                self.placed = Placed::Nothing;
            }
            return Err(failure);
        }

        reporter.start(DeployStep::FirstSample);
        let endpoint = AgentEndpoint {
            address: target.address.clone(),
            port: plan.listen.port(),
            token: credentials.token.clone(),
            certificate_sha256: credentials.certificate_sha256,
        };
        let first = first_sample(&endpoint).await?;
        // What nobody confirms the host undoes by itself.
        if !remote.commit().await.map_err(|error| explain(error, target))? {
            return Err(DeployFailure::Disconnected);
        }
        self.placed = Placed::Nothing;
        Ok(Installed {
            agent_port: endpoint.port,
            token: endpoint.token,
            certificate_sha256: endpoint.certificate_sha256,
            host_key: remote.session.key.fingerprint.clone(),
            first,
            architecture: plan.architecture.into(),
        })
    }
}

/// Sends agent, secrets and unit file, and compares the agent's hash on the host. Returns the agent's size in bytes.
async fn upload(
    remote: &Remote,
    target: &Target,
    artifacts: &Artifacts,
    plan: &Plan,
    credentials: &Credentials,
) -> Result<u64, DeployFailure> {
    let failed = |error| explain(error, target);
    let directory = plan.uploads.as_str();
    let opening = async {
        let sftp = remote.session.open_sftp().await.map_err(failed)?;
        sftp.create_private_dir(directory).await.map_err(failed)?;
        Ok::<_, DeployFailure>(sftp)
    };
    let (artifact, sftp) = tokio::try_join!(artifacts.read(plan.architecture), opening)?;
    let unit = unit_file(plan.init, plan.listen);
    tokio::try_join!(
        sftp.write_new(directory, "tactus-agent", &artifact.bytes, 0o700),
        sftp.write_new(directory, "unit", unit.as_bytes(), 0o600),
        sftp.write_new(directory, "certificate.pem", credentials.certificate_pem.as_bytes(), 0o600),
        sftp.write_new(directory, "key.pem", credentials.key_pem.expose_secret().as_bytes(), 0o600),
        sftp.write_new(directory, "token-sha256", credentials.token_sha256.as_bytes(), 0o600),
    )
    .map_err(failed)?;
    sftp.close().await;
    if remote.hash_upload(directory).await.map_err(failed)? != artifact.sha256 {
        return Err(DeployFailure::UploadCorrupted);
    }
    Ok(artifact.bytes.len() as u64)
}

pub(super) fn sample_detail(first: &Snapshot) -> StepDetail {
    StepDetail::Sample {
        cpu_percent: first.cpu.as_ref().map(|cpu| cpu.total_percent),
        memory_percent: first.memory.as_ref().and_then(Memory::used_percent),
    }
}
