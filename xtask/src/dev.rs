//! `cargo xtask dev`: the debug build, built and started again whenever a source file changes.

use crate::agents::build_own_or_warn;
use crate::centre::{Profile, build_centre};
use crate::process::{must_stop, stop, stop_gently};
use crate::step::warn;
use crate::web;
use crate::workspace::{Workspace, files_below};
use anyhow::Result;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, SystemTime};

/// Folders whose files make up the program and the page.
const SOURCES: [&str; 9] =
    ["protocol/src", "probe/src", "agent/src", "app/src", "app/locales", "server/src", "server/migrations", "style", "public"];
const LOOK: Duration = Duration::from_millis(500);

/// Runs until Ctrl-C. A build that fails leaves the last good centre running.
pub fn dev(workspace: &Workspace, port: Option<u16>) -> Result<()> {
    stop_gently()?;
    build_own_or_warn(workspace);
    let mut centre: Option<Child> = None;
    let mut built = None;
    while !must_stop() {
        let newest = newest_change(workspace)?;
        if built != newest {
            built = newest;
            match web::build(workspace, web::Kind::Debug).and_then(|()| build_centre(workspace, Profile::Dev)) {
                Ok(program) => {
                    if let Some(mut old) = centre.take() {
                        stop(&mut old);
                    }
                    let mut command = Command::new(program);
                    command.arg("serve").env("TACTUS_SITE_DIR", workspace.site()).env("TACTUS_AGENTS_DIR", workspace.agents());
                    if let Some(port) = port {
                        command.env("TACTUS_LISTEN", format!("127.0.0.1:{port}"));
                    }
                    centre = Some(command.spawn()?);
                }
                Err(error) => warn(&format!("{error:#}\nWaiting for a change.")),
            }
        }
        thread::sleep(LOOK);
    }
    centre.iter_mut().for_each(stop);
    Ok(())
}

fn newest_change(workspace: &Workspace) -> Result<Option<SystemTime>> {
    let mut newest = None;
    for folder in SOURCES {
        for file in files_below(&workspace.path(folder))? {
            // A file that vanishes while we look was an editor's temporary one.
            newest = newest.max(file.metadata().and_then(|data| data.modified()).ok());
        }
    }
    Ok(newest)
}
