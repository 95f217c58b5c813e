//! Compressed copies (`.br`) of the page's files, made once instead of at every request.

use crate::process::run;
use crate::step::step;
use crate::workspace::{Workspace, files_below, is_newer};
use anyhow::{Context, Result};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Kinds of files that shrink; pictures and fonts are compressed already.
const SHRINK: [&str; 7] = ["wasm", "js", "css", "svg", "json", "html", "txt"];

/// Writes a `.br` beside each compressible file that has changed.
pub fn compress_site(workspace: &Workspace) -> Result<()> {
    let changed: Vec<PathBuf> =
        compressible(workspace)?.into_iter().filter(|file| !is_newer(&compressed_name(file), std::slice::from_ref(file))).collect();
    if changed.is_empty() {
        return Ok(());
    }
    step("page: compressing", || run(Command::new("node").arg(workspace.path("app/js/compress.mjs")).args(&changed)))
}

/// Removes the compressed copies of files that have changed: served instead of them, they would show the old page.
pub fn remove_stale(workspace: &Workspace) -> Result<()> {
    for file in compressible(workspace)? {
        let copy = compressed_name(&file);
        if copy.is_file() && !is_newer(&copy, &[file]) {
            fs::remove_file(&copy).with_context(|| format!("cannot remove {}", copy.display()))?;
        }
    }
    Ok(())
}

fn compressible(workspace: &Workspace) -> Result<Vec<PathBuf>> {
    let shrinks = |file: &PathBuf| file.extension().is_some_and(|kind| SHRINK.iter().any(|known| kind == *known));
    Ok(files_below(&workspace.site())?.into_iter().filter(shrinks).collect())
}

fn compressed_name(file: &Path) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(".br");
    PathBuf::from(name)
}
