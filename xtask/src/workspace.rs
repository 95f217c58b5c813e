//! Where things are in the source tree and below `target/`.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The root of the source tree.
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Finds the root and makes it the working directory, so that the commands work from any folder.
    pub fn enter() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in no workspace")?.to_path_buf();
        env::set_current_dir(&root).with_context(|| format!("cannot enter {}", root.display()))?;
        Ok(Self { root })
    }

    /// A path below the root.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// The static files that the centre serves.
    pub fn site(&self) -> PathBuf {
        self.path("target/site")
    }

    /// The agents that the centre installs.
    pub fn agents(&self) -> PathBuf {
        self.path("target/agents")
    }
}

/// Writes a file only if its content differs, so that its time says when it last changed.
pub fn write_if_changed(path: &Path, content: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == content) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}

/// Whether `output` is there and not older than any of `inputs`.
pub fn is_newer(output: &Path, inputs: &[PathBuf]) -> bool {
    let time = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    let Some(made) = time(output) else { return false };
    inputs.iter().all(|input| time(input).is_some_and(|changed| changed <= made))
}

/// All files below a folder, in a stable order. A folder that is not there has none.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.with_context(|| format!("cannot list {}", folder.display()))?.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    Ok(files)
}
