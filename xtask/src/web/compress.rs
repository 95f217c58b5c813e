//! Compressed copies (`.br`) of the page's files, made once instead of at every request.

use crate::step::step;
use crate::workspace::{Workspace, files_below, is_newer};
use anyhow::{Context, Result};
use brotli::CompressorWriter;
use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Kinds of files that shrink; pictures and fonts are compressed already.
const SHRINK: [&str; 7] = ["wasm", "js", "css", "svg", "json", "html", "txt"];
/// Best compression, and a window that holds the whole file.
const QUALITY: u32 = 11;
const WINDOW_BITS: u32 = 24;
const BUFFER: usize = 64 * 1024;

/// Writes a `.br` beside each compressible file that has changed.
pub fn compress_site(workspace: &Workspace) -> Result<()> {
    let changed: Vec<PathBuf> =
        compressible(workspace)?.into_iter().filter(|file| !is_newer(&compressed_name(file), std::slice::from_ref(file))).collect();
    if changed.is_empty() {
        return Ok(());
    }
    step("page: compressing", || changed.iter().try_for_each(|file| compress(file)))
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

fn compress(file: &Path) -> Result<()> {
    let content = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut writer = CompressorWriter::new(Vec::new(), BUFFER, QUALITY, WINDOW_BITS);
    writer.write_all(&content)?;
    let compressed = writer.into_inner();
    eprintln!(
        "    {}: {} -> {} KiB",
        file.file_name().unwrap_or_default().to_string_lossy(),
        content.len() / 1024,
        compressed.len() / 1024
    );
    fs::write(compressed_name(file), compressed).with_context(|| format!("cannot write beside {}", file.display()))
}
