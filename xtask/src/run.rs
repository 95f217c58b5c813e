//! `cargo xtask run`: from a fresh clone to the page.

use crate::agents::{build_own_in_background, build_own_or_warn, own_is_missing};
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

/// Builds everything and becomes the centre, so that every signal reaches it directly. The agent, which is needed last, may come later.
pub fn run(workspace: &Workspace, port: Option<u16>) -> Result<()> {
    let start = Instant::now();
    let program = build_beside(workspace, Profile::Release, || build_own_in_background(workspace))?;
    let agent = if own_is_missing(workspace) { "; the agent follows, hosts that are added wait for it" } else { "" };
    eprintln!("==> page and centre are built ({}){agent}", seconds(start.elapsed()));
    eprintln!("==> starting the centre, Ctrl-C stops it");
    let mut centre = Command::new(&program);
    centre.arg("serve").env("TACTUS_SITE_DIR", workspace.site()).env("TACTUS_AGENTS_DIR", workspace.agents());
    if let Some(port) = port {
        centre.env("TACTUS_LISTEN", format!("127.0.0.1:{port}"));
    }
    Err(centre.exec()).with_context(|| format!("cannot start {}", program.display()))
}

/// Builds page, agent and centre.
pub fn build_all(workspace: &Workspace, profile: Profile) -> Result<PathBuf> {
    build_beside(workspace, profile, || build_own_or_warn(workspace))
}

/// Builds page and centre, and the agent in the way that is given. Page and agent are compiled beside the centre, each in its own folder,
/// so that all cores stay busy.
fn build_beside(workspace: &Workspace, profile: Profile, build_agent: impl Fn() + Send) -> Result<PathBuf> {
    // Before the threads start: rustup allows one at a time.
    ensure_target(WASM)?;
    thread::scope(|scope| {
        let page = scope.spawn(move || {
            web::build(workspace, web::Kind::Release)?;
            build_agent();
            Ok(())
        });
        let centre = build_centre(workspace, profile);
        page.join().map_err(|_| anyhow!("the build of the page panicked"))?.and(centre)
    })
}
