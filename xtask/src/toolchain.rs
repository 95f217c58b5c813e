//! What a fresh machine lacks: Rust targets and npm packages. Installed once, checked at every start in milliseconds.

use crate::process::{output, run, run_quietly};
use crate::step::step;
use crate::workspace::is_newer;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Compiles for the browser.
pub const WASM: &str = "wasm32-unknown-unknown";

/// Adds a Rust target if its standard library is not there.
pub fn ensure_target(target: &str) -> Result<()> {
    let sysroot = output(Command::new("rustc").args(["--print", "sysroot"])).context("is Rust installed? https://rustup.rs")?;
    if PathBuf::from(sysroot.trim()).join("lib/rustlib").join(target).join("lib").is_dir() {
        return Ok(());
    }
    step(&format!("adding the Rust target {target}"), || {
        run_quietly(Command::new("rustup").args(["target", "add", target]))
            .with_context(|| format!("without rustup, install the standard library of {target} by hand"))
    })
}

/// Installs the npm packages of a folder exactly as its lock file says, if that has changed since the last time.
pub fn ensure_packages(folder: &Path) -> Result<()> {
    // npm writes this file at the end of every installation.
    if is_newer(&folder.join("node_modules/.package-lock.json"), &[folder.join("package-lock.json")]) {
        return Ok(());
    }
    step(&format!("npm packages of {}", folder.display()), || {
        run(Command::new("npm").args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(folder))
            .context("is Node.js with npm installed?")
    })
}
