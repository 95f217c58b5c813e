//! `cargo xtask dist`: what is given to people, below `target/dist`.

use crate::agents::{ARCHITECTURES, build_wanted};
use crate::centre::{Profile, build_centre};
use crate::process::run_quietly;
use crate::step::step;
use crate::web;
use crate::workspace::{Workspace, files_below};
use anyhow::{Context, Result, anyhow};
use std::env::consts::ARCH;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;

/// Builds the agents of all architectures and an archive with the centre, the page and the agents.
pub fn dist(workspace: &Workspace) -> Result<()> {
    let program = thread::scope(|scope| {
        let parts = scope.spawn(|| {
            web::build(workspace, web::Kind::Release)?;
            build_wanted(workspace, true)
        });
        let centre = build_centre(workspace, Profile::Dist);
        parts.join().map_err(|_| anyhow!("a build panicked"))?.and(centre)
    })?;
    let name = format!("tactus-{}-{ARCH}", env!("CARGO_PKG_VERSION"));
    let dist = workspace.path("target/dist-archive");
    let folder = dist.join(&name);
    step("archive", || {
        if dist.exists() {
            fs::remove_dir_all(&dist)?;
        }
        copy(&program, &folder.join("tactus"))?;
        for file in files_below(&workspace.site())? {
            copy(&file, &folder.join("site").join(file.strip_prefix(workspace.site())?))?;
        }
        for architecture in ARCHITECTURES {
            let agent = format!("tactus-agent-{architecture}");
            copy(&workspace.agents().join(&agent), &folder.join("agents").join(&agent))?;
            copy(&workspace.agents().join(&agent), &dist.join(&agent))?;
        }
        for text in ["README.md", "LICENSE-MIT", "LICENSE-APACHE"] {
            copy(&workspace.path(text), &folder.join(text))?;
        }
        run_quietly(
            Command::new("tar")
                .args(["--owner=0", "--group=0", "-czf"])
                .arg(dist.join(format!("{name}.tar.gz")))
                .arg("-C")
                .arg(&dist)
                .arg(&name),
        )
    })?;
    for file in files_below(&dist)?.iter().filter(|file| file.parent() == Some(dist.as_path())) {
        println!("    {}: {} KiB", file.display(), file.metadata()?.len() / 1024);
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(from, to).map(drop).with_context(|| format!("cannot copy {}", from.display()))
}
