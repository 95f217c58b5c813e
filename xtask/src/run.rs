//! `cargo xtask run`: from a fresh clone to the page.

use crate::agents::build_own_or_warn;
use crate::centre::{Profile, build_centre};
use crate::step::seconds;
use crate::toolchain::{WASM, ensure_target};
use crate::web;
use crate::workspace::Workspace;
use anyhow::{Context, Result, anyhow};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::Instant;

/// Builds everything and becomes the centre, so that every signal reaches it directly.
pub fn run(workspace: &Workspace, port: Option<u16>) -> Result<()> {
    let start = Instant::now();
    let program = build_all(workspace, Profile::Release)?;
    eprintln!("==> everything is built ({}); starting the centre, Ctrl-C stops it", seconds(start.elapsed()));
    let mut centre = Command::new(&program);
    centre.arg("serve").env("TACTUS_SITE_DIR", workspace.site()).env("TACTUS_AGENTS_DIR", workspace.agents());
    if let Some(port) = port {
        centre.env("TACTUS_LISTEN", format!("127.0.0.1:{port}"));
    }
    Err(centre.exec()).with_context(|| format!("cannot start {}", program.display()))
}

/// Builds page, agent and centre. Page and agent are compiled beside the centre, each in its own folder, so that all cores stay busy.
pub fn build_all(workspace: &Workspace, profile: Profile) -> Result<PathBuf> {
    // Before the threads start: rustup allows one at a time.
    ensure_target(WASM)?;
    thread::scope(|scope| {
        let page = scope.spawn(|| {
            web::build(workspace, web::Kind::Release)?;
            build_own_or_warn(workspace);
            Ok(())
        });
        let centre = build_centre(workspace, profile);
        page.join().map_err(|_| anyhow!("the build of the page panicked"))?.and(centre)
    })
}
