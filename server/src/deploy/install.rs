//! Puts an agent on a host.

use super::Artifacts;
use crate::ssh::Target;
use protocol::deploy::{DeployFailure, DeployProgress};
use protocol::host::HostId;
use protocol::snapshot::Snapshot;
use secrecy::SecretString;
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
    /// As `uname -m` says it.
    pub architecture: String,
}

pub async fn install(
    _host_id: HostId,
    _target: &Target,
    _artifacts: &Artifacts,
    _report: &(dyn Fn(&DeployProgress) + Send + Sync),
    _cancel: CancellationToken,
) -> Result<Installed, DeployFailure> {
    Err(DeployFailure::Cancelled)
}
pub async fn remove(
    _host_id: HostId,
    _target: &Target,
    _report: &(dyn Fn(&DeployProgress) + Send + Sync),
    _cancel: CancellationToken,
) -> Result<(), DeployFailure> {
    Err(DeployFailure::Cancelled)
}
