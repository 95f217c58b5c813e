//! What will be done on a host, decided from what preflight has seen. Pure.

use super::artifact::ARCHITECTURES;
use super::preflight::Facts;
use protocol::DEFAULT_AGENT_PORT;
use protocol::deploy::DeployFailure;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The last port that is tried when the first ones are taken.
const LAST_PORT: u16 = DEFAULT_AGENT_PORT + 9;

/// The first systemd that hands credentials to a service (`LoadCredential`).
const FIRST_WITH_CREDENTIALS: u32 = 247;

/// Room for secrets, unit file and directories, in KiB.
const SMALL_FILES_KIB: u64 = 64;

/// What will be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// One of [`ARCHITECTURES`].
    pub architecture: &'static str,
    pub init: Init,
    /// Where the agent will listen.
    pub listen: SocketAddr,
    /// Whether somebody else has the usual port.
    pub port_was_taken: bool,
    /// The directory that uploads go to; it does not exist yet.
    pub uploads: String,
}

/// Decides what to do, or why nothing can be done.
///
/// `agent_bytes` gives the size of the agent for an architecture, `peer` is the host's address as the centre reached it, and
/// `nonce` makes the name of the uploads' directory unique.
///
/// # Errors
/// The first reason that prevents the installation.
pub fn decide(facts: &Facts, agent_bytes: impl Fn(&str) -> Option<u64>, peer: IpAddr, nonce: &str) -> Result<Plan, DeployFailure> {
    if facts.system != "Linux" {
        return Err(DeployFailure::NotLinux { found: facts.system.clone() });
    }
    let architecture = architecture(&facts.machine)?;
    let bytes = agent_bytes(architecture).ok_or_else(|| DeployFailure::AgentNotBundled { architecture: architecture.into() })?;
    facts.require_root()?;
    let init = init_of(facts)?;
    if let Some(path) = facts.readonly.first() {
        return Err(DeployFailure::NotWritable { path: path.clone(), reason: "read-only".into() });
    }
    let agent_kib = bytes.div_ceil(1024);
    // The previous agent is kept beside the new one until that has proven itself.
    require_room(facts.lib_free_kib, agent_kib + if facts.agent.is_some() { agent_kib } else { 0 }, "/usr/local/lib")?;
    require_room(facts.etc_free_kib, 0, "/etc")?;
    let uploads = uploads(facts, agent_kib + SMALL_FILES_KIB, nonce)?;
    let port = free_port(facts)?;
    Ok(Plan {
        architecture,
        init,
        listen: SocketAddr::new(listen_address(facts, peer), port),
        port_was_taken: port != DEFAULT_AGENT_PORT,
        uploads,
    })
}

/// What starts services on a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Init {
    Systemd,
    /// One that hands no credentials to services.
    OldSystemd,
    OpenRc,
    /// Scripts in /etc/init.d, or a line for cron: both start the same script, which watches over the agent itself.
    Script,
}

/// The service of an agent that listens on `listen`, as the host's init reads it. Nothing else in it varies.
///
/// Under systemd the agent runs as a user that exists only while it runs, reads its secrets from systemd, sees the machine and can
/// change nothing; what is not set there is set by `DynamicUser`. Elsewhere it reads its secrets as root and then becomes nobody.
pub fn unit_file(init: Init, listen: SocketAddr) -> String {
    let text = match init {
        Init::Systemd => include_str!("scripts/tactus-agent.service"),
        Init::OldSystemd => include_str!("scripts/tactus-agent-old-systemd.service"),
        Init::OpenRc => include_str!("scripts/tactus-agent.openrc"),
        Init::Script => include_str!("scripts/tactus-agent.init"),
    };
    text.replace("@LISTEN@", &listen.to_string())
}

/// Decides where the new agent of a host goes that has one already.
///
/// # Errors
/// The first reason that prevents the upgrade.
pub fn decide_upgrade(facts: &Facts, agent_bytes: u64, nonce: &str) -> Result<String, DeployFailure> {
    facts.require_root()?;
    if facts.agent.is_none() {
        return Err(DeployFailure::NoAgent);
    }
    if let Some(path) = facts.readonly.first() {
        return Err(DeployFailure::NotWritable { path: path.clone(), reason: "read-only".into() });
    }
    let agent_kib = agent_bytes.div_ceil(1024);
    require_room(facts.lib_free_kib, 2 * agent_kib, "/usr/local/lib")?;
    uploads(facts, agent_kib + SMALL_FILES_KIB, nonce)
}

/// Name of an architecture as agents are called, from what `uname -m` says.
///
/// # Errors
/// [`DeployFailure::UnknownArchitecture`].
pub fn architecture(machine: &str) -> Result<&'static str, DeployFailure> {
    let name = match machine {
        "amd64" => "x86_64",
        "arm64" => "aarch64",
        other => other,
    };
    let known = ARCHITECTURES.into_iter().find(|known| *known == name);
    known.ok_or_else(|| DeployFailure::UnknownArchitecture { found: machine.into() })
}

fn init_of(facts: &Facts) -> Result<Init, DeployFailure> {
    match facts.init.as_str() {
        "systemd" if facts.systemd_version.is_some_and(|version| version >= FIRST_WITH_CREDENTIALS) => Ok(Init::Systemd),
        "systemd" => Ok(Init::OldSystemd),
        "openrc" => Ok(Init::OpenRc),
        "sysv" | "cron" => Ok(Init::Script),
        other => Err(DeployFailure::UnknownInit { init: other.to_owned() }),
    }
}

fn require_room(free_kib: Option<u64>, needed_kib: u64, path: &str) -> Result<(), DeployFailure> {
    match free_kib {
        Some(free) if free < needed_kib + SMALL_FILES_KIB => Err(DeployFailure::DiskFull { path: path.into() }),
        _ => Ok(()),
    }
}

fn uploads(facts: &Facts, needed_kib: u64, nonce: &str) -> Result<String, DeployFailure> {
    let enough = |free: Option<u64>| free.is_some_and(|free| free >= needed_kib);
    match &facts.home {
        _ if enough(facts.tmp_free_kib) => Ok(format!("/tmp/tactus-upload-{nonce}")),
        Some(home) if enough(facts.home_free_kib) => Ok(format!("{home}/.tactus-upload-{nonce}")),
        _ if facts.tmp_free_kib.is_some() => Err(DeployFailure::DiskFull { path: "/tmp".into() }),
        Some(home) if facts.home_free_kib.is_some() => Err(DeployFailure::DiskFull { path: home.clone() }),
        _ => Err(DeployFailure::NotWritable { path: "/tmp".into(), reason: format!("not by user {}", facts.user) }),
    }
}

/// The first port that nobody else has. The port of an agent of ours that runs there is free: that agent will be replaced.
fn free_port(facts: &Facts) -> Result<u16, DeployFailure> {
    let ours = facts.agent.as_ref().filter(|agent| agent.is_running()).and_then(|agent| agent.port);
    (DEFAULT_AGENT_PORT..=LAST_PORT)
        .find(|port| Some(*port) == ours || !facts.listening.contains(port))
        .ok_or(DeployFailure::NoFreePort { first: DEFAULT_AGENT_PORT, last: LAST_PORT })
}

/// All addresses of both families where one socket can serve both, else those of the family that the centre uses.
fn listen_address(facts: &Facts, peer: IpAddr) -> IpAddr {
    match facts.ipv6_only {
        Some(false) => Ipv6Addr::UNSPECIFIED.into(),
        Some(true) if peer.to_canonical().is_ipv6() => Ipv6Addr::UNSPECIFIED.into(),
        _ => Ipv4Addr::UNSPECIFIED.into(),
    }
}

#[cfg(test)]
mod tests;
