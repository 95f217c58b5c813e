//! The wasm module and the JavaScript that loads it. wasm-bindgen is linked as a library: always the locked version.

use super::Kind;
use super::split::{LINKED_WITH, split};
use crate::process::{build, cargo, run};
use crate::step::step;
use crate::toolchain::WASM;
use crate::workspace::{Workspace, files_below, write_if_changed};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::UNIX_EPOCH;
use wasm_bindgen_cli_support::Bindgen;

/// Its own folder, so that it can be compiled beside the centre.
const TARGET: &str = "target/web";

impl Kind {
    fn profile(self) -> &'static str {
        match self {
            Self::Release => "wasm-release",
            Self::Debug => "wasm-dev",
        }
    }
}

fn module(workspace: &Workspace, kind: Kind) -> PathBuf {
    workspace.path(TARGET).join(WASM).join(kind.profile()).join("app.wasm")
}

/// Compiles the app for the browser.
pub fn compile(_: &Workspace, kind: Kind) -> Result<()> {
    step(&format!("page: compiling ({})", kind.profile()), || {
        let mut command = cargo();
        command.args(["rustc", "--package", "app", "--lib", "--crate-type", "cdylib", "--features", "hydrate", "--locked"]);
        command.args(["--target", WASM, "--target-dir", TARGET, "--profile", kind.profile()]);
        build("page", command.args(["--", LINKED_WITH]))
    })
}

/// Writes `target/site/pkg/tactus{.js,_bg.wasm}` if the module has changed.
pub fn bind(workspace: &Workspace, kind: Kind) -> Result<()> {
    let module = module(workspace, kind);
    let facts = fs::metadata(&module).with_context(|| format!("{} is missing", module.display()))?;
    let changed = facts.modified()?.duration_since(UNIX_EPOCH)?.as_nanos();
    let state = format!("{} {} {changed}", kind.profile(), facts.len());
    // Outside the site: what lies there is served.
    let stamp = workspace.path(TARGET).join("bound.txt");
    let package = workspace.site().join("pkg");
    if fs::read_to_string(&stamp).is_ok_and(|old| old == state)
        && package.join("tactus_bg.wasm").is_file()
        && package.join("tactus.js").is_file()
    {
        return Ok(());
    }
    step("page: JavaScript binding", || {
        let fresh = workspace.path(TARGET).join("bound");
        let small = kind == Kind::Release;
        fs::create_dir_all(&fresh)?;
        let main = split(&module, &fresh, small)?;
        let mut binding = Bindgen::new();
        binding.input_path(&main).web(true)?.out_name("tactus").typescript(false).keep_debug(false);
        // The parts find the main module's functions by the linker's names.
        binding.keep_lld_exports(true).demangle(false);
        binding.remove_name_section(small).remove_producers_section(small).generate(&fresh)?;
        if small {
            minify(workspace, &fresh.join("tactus.js"))?;
        }
        remove_old_parts(&fresh, &package)?;
        // Copied only where it differs: the page that somebody has open keeps working while its files are rebuilt.
        for file in files_below(&fresh)? {
            write_if_changed(&package.join(file.strip_prefix(&fresh)?), &fs::read(&file)?)?;
        }
        fs::remove_dir_all(&fresh)?;
        fs::write(&stamp, &state).context("cannot write the stamp")
    })
}

/// By the tool that bundles the charts: comments and long names are a fifth of the file on the wire.
fn minify(workspace: &Workspace, script: &Path) -> Result<()> {
    let folder = workspace.path("app/js");
    let mut esbuild = Command::new(folder.join("node_modules/.bin/esbuild"));
    // Each part adds an import of the same module.
    esbuild.args(["--minify", "--format=esm", "--target=es2022", "--log-level=warning", "--log-override:duplicate-object-key=silent"]);
    esbuild.arg("--allow-overwrite");
    run(esbuild.arg(script).arg(format!("--outfile={}", script.display())))
}

/// Parts are named by what is in them, so those of an older build would lie there for ever.
fn remove_old_parts(fresh: &Path, package: &Path) -> Result<()> {
    if package.is_dir() {
        for file in files_below(package)? {
            let name = file.strip_prefix(package)?.with_extension("");
            let is_part = file.extension().is_some_and(|kind| kind == "wasm") || name.extension().is_some_and(|kind| kind == "wasm");
            let source = if name.extension().is_some() { fresh.join(&name) } else { fresh.join(file.strip_prefix(package)?) };
            if is_part && !source.is_file() {
                fs::remove_file(&file)?;
            }
        }
    }
    Ok(())
}
