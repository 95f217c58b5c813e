//! Python programs that the tests run against, in an environment of their own below `target/`.

use crate::process::{run_quietly, succeeds};
use crate::step::{step, warn};
use crate::workspace::Workspace;
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;

/// What is installed: an SMTP server.
const PACKAGE: &str = "aiosmtpd==1.4.6";
const WORKS: &str = "import aiosmtpd, importlib.metadata as m; assert m.version('aiosmtpd') == '1.4.6'";

/// The Python of the environment, which is made if it is not there; `None` where there is no Python at all.
pub fn ensure_python(workspace: &Workspace) -> Result<Option<PathBuf>> {
    let folder = workspace.path("target/python");
    let python = folder.join("bin/python");
    if succeeds(Command::new(&python).args(["-c", WORKS])) {
        return Ok(Some(python));
    }
    if !succeeds(Command::new("python3").args(["-c", "import ensurepip"])) {
        warn("No python3 with venv: tests against a real SMTP server are SKIPPED.");
        return Ok(None);
    }
    step(&format!("installing {PACKAGE} for the tests"), || {
        run_quietly(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
        run_quietly(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE]))
            .context("is the package index of Python reachable?")
    })?;
    Ok(Some(python))
}
