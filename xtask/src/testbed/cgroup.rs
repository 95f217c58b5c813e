//! Control groups: every host needs its own, or their systemds take each other's services for theirs.

use crate::process::signal;
use crate::workspace::files_below;
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// Hierarchies that systemd uses: two on a machine with cgroup v1, one with v2.
fn hierarchies() -> Vec<PathBuf> {
    let root = Path::new("/sys/fs/cgroup");
    if root.join("cgroup.controllers").is_file() {
        return vec![root.to_path_buf()];
    }
    ["systemd", "unified"].iter().map(|name| root.join(name)).filter(|folder| folder.is_dir()).collect()
}

/// Moves this process, and what it starts from now on, into the group.
pub fn enter(name: &str) -> Result<()> {
    for hierarchy in hierarchies() {
        let group = hierarchy.join(name);
        fs::create_dir_all(&group).with_context(|| format!("cannot make {}", group.display()))?;
        move_self(&group)?;
    }
    Ok(())
}

/// Moves this process out of its group.
pub fn leave() -> Result<()> {
    hierarchies().iter().try_for_each(|hierarchy| move_self(hierarchy))
}

fn move_self(group: &Path) -> Result<()> {
    fs::write(group.join("cgroup.procs"), std::process::id().to_string()).with_context(|| format!("cannot enter {}", group.display()))
}

/// Kills whatever still runs in the group.
pub fn kill_all(name: &str) -> Result<()> {
    for hierarchy in hierarchies() {
        for file in files_below(&hierarchy.join(name))?.iter().filter(|file| file.ends_with("cgroup.procs")) {
            // The group may vanish while we read.
            let list = fs::read_to_string(file).unwrap_or_default();
            list.lines().filter_map(|pid| pid.parse().ok()).filter(|&pid| pid > 0).for_each(|pid| signal(pid, "KILL"));
        }
    }
    Ok(())
}

/// Removes the empty group with all groups in it.
pub fn remove(name: &str) {
    for hierarchy in hierarchies() {
        remove_tree(&hierarchy.join(name));
    }
}

fn remove_tree(group: &Path) {
    let Ok(entries) = fs::read_dir(group) else { return };
    entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).for_each(|inner| remove_tree(&inner));
    // Files of a group are not files: only the folder is removed, and a group still in use stays for the next try.
    let _ = fs::remove_dir(group);
}
