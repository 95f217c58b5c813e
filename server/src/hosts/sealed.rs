//! Secrets of hosts: into the vault when a form comes, out of it when a login needs them.

use super::{HostError, ValidLogin};
use crate::collect;
use crate::collect::agent::AgentEndpoint;
use crate::collect::exporter::ExporterEndpoint;
use crate::secrets::{SecretContext, Vault};
use crate::ssh::{Credential, Target};
use crate::store::{AgentRecord, HostProfile, HostRecord, Method, SealedSecrets};
use protocol::deploy::DeployFailure;
use protocol::host::HostId;
use protocol::secret::Secret;
use secrecy::SecretString;

const PASSWORD: &str = "password_sealed";
const PRIVATE_KEY: &str = "private_key_sealed";
const PASSPHRASE: &str = "passphrase_sealed";
const SUDO_PASSWORD: &str = "sudo_password_sealed";
const EXPORTER_PASSWORD: &str = "exporter_password_sealed";
const AGENT_TOKEN: &str = "agent_token_sealed";

fn context(id: HostId, column: &'static str) -> SecretContext {
    SecretContext { table: "hosts", row: id, column }
}

/// Seals what was entered; what was not entered stays as in `stored`. Secrets of the other login method are forgotten.
pub fn seal_login(
    vault: &Vault,
    id: HostId,
    profile: &HostProfile,
    login: &ValidLogin,
    stored: &SealedSecrets,
) -> Result<SealedSecrets, HostError> {
    let seal = |secret: &Option<Secret>, stored: &Option<Vec<u8>>, column| match secret {
        Some(secret) => Ok(Some(vault.seal(&context(id, column), secret.reveal())?)),
        None => Ok::<_, HostError>(stored.clone()),
    };
    let mut sealed =
        SealedSecrets { sudo_password: seal(&login.sudo_password, &stored.sudo_password, SUDO_PASSWORD)?, ..Default::default() };
    // Without a user nobody asks for the password.
    if !profile.exporter.user.is_empty() {
        sealed.exporter_password = seal(&login.exporter_password, &stored.exporter_password, EXPORTER_PASSWORD)?;
    }
    match profile.method {
        Method::Password => sealed.password = seal(&login.password, &stored.password, PASSWORD)?,
        Method::PrivateKey => {
            sealed.private_key = seal(&login.private_key, &stored.private_key, PRIVATE_KEY)?;
            // A new key comes with its own passphrase or with none.
            let kept = if login.private_key.is_some() { &None } else { &stored.passphrase };
            sealed.passphrase = seal(&login.passphrase, kept, PASSPHRASE)?;
        }
    }
    Ok(sealed)
}

/// Seals an agent's token.
pub fn seal_token(vault: &Vault, id: HostId, token: &str) -> Result<Vec<u8>, HostError> {
    Ok(vault.seal(&context(id, AGENT_TOKEN), token)?)
}

/// Seals the private half of a key that may only read.
pub fn seal_key(vault: &Vault, id: HostId, text: &str) -> Result<Vec<u8>, HostError> {
    Ok(vault.seal(&context(id, PRIVATE_KEY), text)?)
}

/// How to log in to a host.
pub fn ssh_target(vault: &Vault, record: &HostRecord) -> Result<Target, HostError> {
    let unseal = |sealed: &Option<Vec<u8>>, column| -> Result<Option<SecretString>, HostError> {
        Ok(sealed.as_ref().map(|sealed| vault.unseal(&context(record.id, column), sealed)).transpose()?)
    };
    let credential = match record.profile.method {
        Method::Password => Credential::Password(unseal(&record.secrets.password, PASSWORD)?.ok_or(DeployFailure::WrongPassword)?),
        Method::PrivateKey => Credential::PrivateKey {
            text: unseal(&record.secrets.private_key, PRIVATE_KEY)?.ok_or(DeployFailure::MalformedKey)?,
            passphrase: unseal(&record.secrets.passphrase, PASSPHRASE)?,
        },
    };
    let fingerprint = (!record.profile.fingerprint.is_empty()).then(|| record.profile.fingerprint.clone());
    Ok(Target {
        address: record.profile.address.clone(),
        port: record.profile.port,
        user: record.profile.ssh_user.clone(),
        credential,
        sudo_password: unseal(&record.secrets.sudo_password, SUDO_PASSWORD)?,
        pinned_key: fingerprint,
        expected_fingerprint: None,
    })
}

/// How to reach a host's agent.
pub fn agent_endpoint(vault: &Vault, record: &HostRecord, agent: &AgentRecord) -> Result<AgentEndpoint, HostError> {
    Ok(AgentEndpoint {
        address: record.profile.address.clone(),
        port: agent.port,
        token: vault.unseal(&context(record.id, AGENT_TOKEN), &agent.token_sealed)?,
        certificate_sha256: agent.certificate_sha256,
    })
}

/// How to read a host in every way that it offers.
pub fn collect_target(vault: &Vault, record: &HostRecord) -> Result<collect::Target, HostError> {
    let agent = record.agent.as_ref().map(|agent| agent_endpoint(vault, record, agent)).transpose()?;
    // Without a login that can be read the agent is still followed, only without anything to fall back to.
    let ssh = ssh_target(vault, record).ok().filter(|target| target.pinned_key.is_some());
    let profile = &record.profile;
    let password = record.secrets.exporter_password.as_ref();
    let exporter = ExporterEndpoint {
        address: profile.address.clone(),
        port: profile.exporter.port,
        certificate_sha256: profile.exporter.tls.then(|| profile.exporter.certificate.clone()),
        login: match password.filter(|_| !profile.exporter.user.is_empty()) {
            Some(password) => Some((profile.exporter.user.clone(), vault.unseal(&context(record.id, EXPORTER_PASSWORD), password)?)),
            None => None,
        },
    };
    // What our own agent answers on is no node_exporter.
    let exporter = Some(exporter).filter(|exporter| agent.as_ref().is_none_or(|agent| agent.port != exporter.port));
    Ok(collect::Target { host_id: record.id, agent, ssh, exporter, restricted: profile.restricted_key })
}
