//! `cargo xtask test`: the whole test suite from nothing, and `cargo xtask e2e`: its browser part alone.

use crate::agents::build_own_or_warn;
use crate::packages::install_missing;
use crate::process::{build, cargo, clear_stop, must_stop, run, stop_gently, succeeds};
use crate::python::ensure_python;
use crate::step::{seconds, step, warn};
use crate::testbed::{self, OPENRC_HOST, Systemd, host_login, operator_login, prepare_rootfs};
use crate::toolchain::{WASM, ensure_packages, ensure_target};
use crate::web;
use crate::workspace::Workspace;
use anyhow::{Context, Result, anyhow};
use std::path::Path;
use std::process::Command;
use std::time::Instant;
use std::{env, thread};

/// Hosts of the test bed with systemd: the first for the Rust tests, the others for the browser tests.
const HOSTS: u8 = 3;
/// All crates but this one, which exists already in a profile of its own: compiling it again would take minutes.
const TESTED: [&str; 3] = ["--workspace", "--exclude", "xtask"];
const CHROMIUM: &str = "/usr/bin/chromium";

/// Which part of the suite.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    All,
    Browser,
}

/// Builds, sets the test bed up, runs the tests and takes it down, whatever happens.
pub fn test(workspace: &Workspace, part: Part, filter: &[String]) -> Result<()> {
    let start = Instant::now();
    stop_gently()?;
    install_missing()?;
    build_parts(workspace)?;
    let outcome = run_parts(workspace, part, filter);
    let said = outcome.as_ref().map(|lines| lines.join("; ")).unwrap_or_default();
    let verdict = if outcome.is_ok() { "PASSED" } else { "FAILED" };
    eprintln!("\n==> tests {verdict} in {}: {said}", seconds(start.elapsed()));
    outcome.map(drop)
}

/// Compiles what the tests need. The tests' own profile for the centre, too: a second one would take as long again.
fn build_parts(workspace: &Workspace) -> Result<()> {
    ensure_target(WASM)?;
    thread::scope(|scope| {
        let hosts = scope.spawn(|| if testbed::is_possible() { prepare_rootfs() } else { Ok(()) });
        let page = scope.spawn(|| {
            web::build(workspace, web::Kind::Release)?;
            build_own_or_warn(workspace);
            Ok(())
        });
        let tests =
            step("tests and centre: compiling (dev)", || build("tests", cargo().args(["build", "--all-targets", "--locked"]).args(TESTED)));
        for thread in [hosts, page] {
            thread.join().map_err(|_| anyhow!("a build panicked"))??;
        }
        tests
    })
}

/// Runs the tests; says for each part what became of it.
fn run_parts(workspace: &Workspace, part: Part, filter: &[String]) -> Result<Vec<String>> {
    let hosts = if testbed::is_possible() {
        Some(Systemd::up(HOSTS, true)?)
    } else {
        warn("No test host with systemd: that needs root and systemd-nspawn. Tests that install an agent over SSH are SKIPPED.");
        None
    };
    let mut said = Vec::new();
    let mut failed = None;
    if part == Part::All {
        note(&mut said, &mut failed, "Rust tests", rust_tests(workspace, hosts.is_some(), filter));
    }
    if !must_stop() {
        note(
            &mut said,
            &mut failed,
            "browser tests",
            browser_tests(workspace, hosts.is_some(), if part == Part::All { &[] } else { filter }),
        );
    }
    if hosts.is_none() {
        said.push("no systemd host: tests with one SKIPPED".into());
    }
    // The hosts are taken down with commands of their own, also after Ctrl-C.
    clear_stop();
    drop(hosts);
    failed.map_or(Ok(said), Err)
}

fn note(said: &mut Vec<String>, failed: &mut Option<anyhow::Error>, name: &str, outcome: Result<&'static str>) {
    match outcome {
        Ok(state) => said.push(format!("{name} {state}")),
        Err(error) => {
            eprintln!("{name}: {error:#}");
            *failed = Some(failed.take().unwrap_or(error).context(format!("{name} failed")));
        }
    }
}

fn rust_tests(workspace: &Workspace, hosts: bool, filter: &[String]) -> Result<&'static str> {
    let python = ensure_python(workspace).unwrap_or_else(|error| {
        warn(&format!("No SMTP server ({error:#}): tests against one are SKIPPED."));
        None
    });
    step("Rust tests", || {
        let mut command = cargo();
        if succeeds(Command::new("cargo").args(["nextest", "--version"])) {
            command.args(["nextest", "run", "--locked", "--no-fail-fast"]);
        } else {
            command.args(["test", "--locked", "--no-fail-fast", "--lib", "--bins", "--tests"]);
        }
        if let Some(python) = &python {
            command.env("TACTUS_TEST_PYTHON", python);
        }
        run(with_hosts(command.args(TESTED).args(filter), hosts))?;
        run(cargo().args(["test", "--quiet", "--package", "xtask", "--profile", "xtask", "--locked"]))
    })?;
    Ok("passed")
}

fn browser_tests(workspace: &Workspace, hosts: bool, filter: &[String]) -> Result<&'static str> {
    if !Path::new(CHROMIUM).exists() {
        warn("No Chromium: the browser tests are SKIPPED.");
        return Ok("SKIPPED (no Chromium)");
    }
    let folder = workspace.path("end2end");
    ensure_packages(&folder)?;
    step("browser tests", || {
        let mut command = Command::new("npx");
        command.args(["--no-install", "playwright", "test"]).args(filter).current_dir(folder);
        command.env("TACTUS_TEST_BINARY", workspace.path("target/debug/tactus"));
        // It writes the past that the history's tests look at.
        command.env("TACTUS_TEST_BENCH", workspace.path("target/debug/tactus-bench"));
        command.env("TACTUS_TEST_SITE", workspace.site()).env("TACTUS_TEST_AGENTS", workspace.agents());
        command.env("TACTUS_TEST_SCREENSHOTS", workspace.path("target/screenshots"));
        run(with_hosts(&mut command, hosts)).context("the report lies in target/end2end")
    })?;
    Ok("passed")
}

/// Tells the tests about the hosts. Where a run must be complete, a test without its real counterpart fails instead of being skipped.
fn with_hosts(command: &mut Command, hosts: bool) -> &mut Command {
    if hosts {
        command.env("TACTUS_TEST_SYSTEMD_HOST", host_login(1).to_string());
        command.env("TACTUS_TEST_OPENRC_HOST", host_login(OPENRC_HOST).to_string());
        command.env("TACTUS_TEST_BROWSER_THIRD", host_login(3).to_string());
        command.env("TACTUS_TEST_BROWSER_HOST", host_login(2).to_string());
        command.env("TACTUS_TEST_BROWSER_OPERATOR", operator_login(2).to_string());
    }
    if env::var("CI").is_ok_and(|value| value == "true") {
        command.env("TACTUS_REQUIRE_REAL", "1");
    }
    // Not a setting of the centre: it would refuse to start with it.
    command.env_remove("TACTUS_TESTBED_DIR")
}
