//! The static agents that the centre puts on hosts: `target/agents/tactus-agent-<architecture>`.

use crate::process::{build, cargo};
use crate::step::{step, warn};
use crate::toolchain::ensure_target;
use crate::workspace::Workspace;
use anyhow::{Context, Result};
use std::env::consts::ARCH;
use std::fs;

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
