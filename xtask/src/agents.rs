//! The static agents that the centre puts on hosts: `target/agents/tactus-agent-<architecture>`.

use crate::process::{build, cargo};
use crate::step::{step, warn};
use crate::toolchain::ensure_target;
use crate::workspace::Workspace;
use anyhow::{Context, Result};
use std::env;
use std::env::consts::ARCH;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

/// Architectures that an agent is built for, by their name in Rust and in `uname -m`.
pub const ARCHITECTURES: [&str; 2] = ["x86_64", "aarch64"];

/// Builds the agent of this machine or of all architectures.
pub fn build_wanted(workspace: &Workspace, all: bool) -> Result<()> {
    if !all {
        return build_agent(workspace, ARCH);
    }
    ARCHITECTURES.iter().try_for_each(|architecture| build_agent(workspace, architecture))
}

/// Builds the agent of this machine; where that cannot be, says so and goes on: the centre works without, but can install nothing.
pub fn build_own_or_warn(workspace: &Workspace) {
    if let Err(error) = build_agent(workspace, ARCH) {
        warn(&format!(
            "No agent for {ARCH} could be built, so this centre cannot install one on a host of this kind.\nReason: {error:#}\nTry again alone with: cargo xtask agents"
        ));
    }
}

/// Builds the agent of this machine while the page is in use already: in a process of its own, behind everything else, for the centre takes
/// the place of this one. Hosts that are added meanwhile wait for it, as long as that process holds the lock of [`coming`].
pub fn build_own_in_background(workspace: &Workspace) {
    let begun = coming(&workspace.agents()).and_then(|lock| {
        lock.try_lock().context("somebody else builds it")?;
        let mut command = Command::new("nice");
        // Its standard input keeps the lock until its end, whatever that is.
        command.arg(env::current_exe()?).arg("agents").stdin(Stdio::from(lock));
        command.spawn().context("cannot start nice")
    });
    if begun.is_err() {
        build_own_or_warn(workspace);
    }
}

/// Whether the agent of this machine is not there yet.
pub fn own_is_missing(workspace: &Workspace) -> bool {
    !workspace.agents().join(format!("tactus-agent-{ARCH}")).exists()
}

/// Waits until no agent is being built in the background.
pub fn await_own(agents: &Path) -> Result<()> {
    coming(agents)?.lock_shared().context("cannot wait for the agent")
}

/// The file that is locked while the agent of this machine is being built in the background. The centre looks at it, too: see
/// `server/src/deploy/artifact.rs`.
fn coming(agents: &Path) -> Result<File> {
    fs::create_dir_all(agents)?;
    let path = agents.join(format!("tactus-agent-{ARCH}.coming"));
    File::create(&path).with_context(|| format!("cannot write {}", path.display()))
}

/// Builds one agent.
pub fn build_agent(workspace: &Workspace, architecture: &str) -> Result<()> {
    let target = format!("{architecture}-unknown-linux-musl");
    ensure_target(&target)?;
    step(&format!("agent for {architecture}: compiling (static)"), || {
        let mut command = cargo();
        command.args(["build", "--package", "agent", "--bin", "tactus-agent", "--locked", "--profile", "agent", "--target", &target]);
        // ring compiles a little C. For this machine its own compiler will do, else the one that Debian names so.
        let compiler = if architecture == ARCH { "cc".to_owned() } else { format!("{architecture}-linux-gnu-gcc") };
        command.env(format!("CC_{}", target.replace('-', "_")), compiler);
        build(&format!("agent {architecture}"), &mut command).with_context(|| match architecture == ARCH {
            true => "the compiler's messages are above".to_owned(),
            false => format!("if a C compiler or its headers are missing: {}", cross_packages(architecture)),
        })?;
        let made = workspace.path("target").join(&target).join("agent/tactus-agent");
        fs::create_dir_all(workspace.agents())?;
        // Copied to a temporary name and renamed: a running centre never reads half an agent.
        let place = workspace.agents().join(format!("tactus-agent-{architecture}"));
        if fs::read(&place).ok() != fs::read(&made).ok() {
            let temporary = place.with_extension("new");
            fs::copy(&made, &temporary).with_context(|| format!("cannot copy {}", made.display()))?;
            fs::rename(&temporary, &place)?;
        }
        Ok(())
    })
}

/// Debian's packages for compiling C for another architecture.
fn cross_packages(architecture: &str) -> String {
    let (compiler, library) = match architecture {
        "aarch64" => ("aarch64", "arm64"),
        _ => ("x86-64", "amd64"),
    };
    format!("apt-get install gcc-{compiler}-linux-gnu libc6-dev-{library}-cross")
}
