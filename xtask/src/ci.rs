//! `cargo xtask ci`: what `.ci/run` does.

use crate::process::run;
use crate::workspace::Workspace;
use anyhow::Result;
use std::process::Command;

/// Runs `.ci/run`.
pub fn ci(workspace: &Workspace) -> Result<()> {
    run(&mut Command::new(workspace.path(".ci/run")))
}
