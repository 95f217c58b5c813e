//! The page: wasm, its JavaScript, style sheet, charts and static files into `target/site`, with no tool installed by hand.

mod compress;
mod files;
mod split;
mod wasm;

use crate::step::step;
use crate::toolchain::{WASM, ensure_target};
use crate::workspace::Workspace;
use anyhow::{Context, Result};
use std::fs::File;

/// How the page is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Small, with compressed copies.
    Release,
    /// Quick to build again.
    Debug,
}

/// Builds the page. What has not changed is not built again.
pub fn build(workspace: &Workspace, kind: Kind) -> Result<()> {
    ensure_target(WASM)?;
    // One at a time, as cargo does with its own folders. Released when the file is closed.
    let lock = workspace.path("target/site.lock");
    let alone = File::create(&lock).with_context(|| format!("cannot write {}", lock.display()))?;
    alone.lock().context("cannot wait for another build of the page")?;
    files::bundle_charts(workspace)?;
    wasm::compile(workspace, kind)?;
    wasm::bind(workspace, kind)?;
    step("page: style sheet and static files", || {
        files::write_style(workspace, kind)?;
        files::copy_public(workspace)
    })?;
    match kind {
        Kind::Release => compress::compress_site(workspace),
        Kind::Debug => compress::remove_stale(workspace),
    }
}
