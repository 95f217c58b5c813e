//! `cargo xtask bench <name>`: builds what is measured, measures, and ends with one line of flat JSON. It never judges.

use crate::agents::{await_own, build_agent, build_own_or_warn};
use crate::centre::{Profile, build_centre};
use crate::packages::install_missing;
use crate::process::{build, cargo, clear_stop, output, run, stop, stop_gently};
use crate::run::build_all;
use crate::step::step;
use crate::testbed::{Systemd, host_login};
use crate::toolchain::ensure_packages;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use std::env::consts::ARCH;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

/// What can be measured.
#[derive(Clone, Copy, ValueEnum)]
pub enum Name {
    /// Latency and cost of the live feed with 100 simulated agents
    Live,
    /// Memory, processor and answer time of the agent beside node_exporter
    Agent,
    /// From submitting a host to its first live sample, on a real systemd host
    AddHost,
    /// Twenty real systemd hosts added at once, beside the same by hand
    Batch,
    /// 200 simulated hosts of which 50 hang
    Hung,
    /// From a crossed threshold to the frame that tells it, and 500 alerts at once
    Alert,
    /// Judging the rules of 2,000 hosts
    Rules,
    /// Room that the history of ten hosts and thirty days takes
    Store,
    /// Questions to the history of 200 hosts and 90 days while they are collected
    Query,
    /// A process that writes history, killed a hundred times
    Crash,
    /// Gaps in the live feed while a real systemd host's sources are cut and healed
    Fallback,
    /// Figures and cost of agent and SSH on the same loaded systemd host
    Sources,
    /// Size of the first load, and the wall's work per beat with 50 hosts
    Page,
    /// A fresh clone to the page, and the same again
    Run,
}

/// Measures. `arguments` go to the measuring program.
pub fn bench(workspace: &Workspace, name: Name, arguments: &[String]) -> Result<()> {
    match name {
        Name::Live => {
            build_centre(workspace, Profile::Release)?;
            let program = bench_program(workspace)?;
            run(Command::new(program).arg("live").args(arguments))
        }
        Name::Agent => {
            install_missing()?;
            build_agent(workspace, ARCH)?;
            let program = bench_program(workspace)?;
            run(Command::new(program).arg("agent").args(arguments))
        }
        Name::Hung => in_process(workspace, "hung", arguments),
        Name::Store => in_process(workspace, "store", arguments),
        Name::Rules => in_process(workspace, "rules", arguments),
        Name::Alert => in_process(workspace, "alert", arguments),
        Name::Query => in_process(workspace, "query", arguments),
        Name::Crash => in_process(workspace, "crash", arguments),
        Name::Batch => on_systemd_hosts(workspace, "batch", 20, arguments),
        Name::AddHost => on_systemd_host(workspace, "add-host", arguments),
        Name::Sources => on_systemd_host(workspace, "sources", arguments),
        Name::Fallback => on_systemd_host(workspace, "fallback", arguments),
        Name::Page => page(workspace, arguments),
        Name::Run => cold_and_warm(workspace),
    }
}

/// Builds `tactus-bench` in the profile of the centre, so that they share what they have in common.
fn bench_program(workspace: &Workspace) -> Result<PathBuf> {
    step("bench: compiling", || build("bench", cargo().args(["build", "--package", "bench", "--locked", "--profile", "release"])))?;
    Ok(workspace.path("target/release/tactus-bench"))
}

/// Measures the centre's code inside the measuring program.
fn in_process(workspace: &Workspace, name: &str, arguments: &[String]) -> Result<()> {
    build_centre(workspace, Profile::Release)?;
    run(Command::new(bench_program(workspace)?).arg(name).args(arguments))
}

fn on_systemd_host(workspace: &Workspace, name: &str, arguments: &[String]) -> Result<()> {
    on_systemd_hosts(workspace, name, 1, arguments)
}

fn on_systemd_hosts(workspace: &Workspace, name: &str, count: u8, arguments: &[String]) -> Result<()> {
    stop_gently()?;
    install_missing()?;
    build_own_or_warn(workspace);
    build_centre(workspace, Profile::Release)?;
    let program = bench_program(workspace)?;
    let hosts = Systemd::up(count, false)?;
    let logins: Vec<String> = (1..=count).map(|number| host_login(number).to_string()).collect();
    let mut command = Command::new(program);
    command.arg(name).args(arguments).env("TACTUS_TEST_SYSTEMD_HOST", &logins[0]).env("TACTUS_TEST_SYSTEMD_HOSTS", logins.join("\n"));
    let measured = run(&mut command);
    clear_stop();
    // Its own lines go to standard error, so that the figures stay the last ones.
    drop(hosts);
    measured
}

fn page(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    stop_gently()?;
    install_missing()?;
    build_all(workspace, Profile::Release)?;
    let program = bench_program(workspace)?;
    let folder = workspace.path("end2end");
    ensure_packages(&folder)?;
    step("page: measuring", || {
        let mut node = Command::new("node");
        node.arg("bench/page.mjs").args(arguments).current_dir(&folder);
        run(node.env("TACTUS_BENCH", program).env("TACTUS_CENTRE", workspace.path("target/release/tactus")))
    })
}

/// How long a start from nothing may take before we give up.
const COLD_WITHIN: Duration = Duration::from_secs(3600);

/// A clone of what is committed, with the downloads of this machine but without anything built.
fn cold_and_warm(workspace: &Workspace) -> Result<()> {
    stop_gently()?;
    let folder = env::temp_dir().join(format!("tactus-bench-run-{}", std::process::id()));
    let clone = folder.join("tactus");
    let measured = clone_and_run(workspace, &clone);
    clear_stop();
    fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    let (cold, warm) = measured?;
    println!("{}", serde_json::json!({ "cold_s": cold, "warm_s": warm, "cpus": thread::available_parallelism()?.get() }));
    Ok(())
}

fn clone_and_run(workspace: &Workspace, clone: &Path) -> Result<(f64, f64)> {
    output(Command::new("git").args(["clone", "--quiet"]).arg(workspace.path(".")).arg(clone))?;
    Ok((time_to_page(clone)?, time_to_page(clone)?))
}

/// Seconds from the README's command to an answer of the page; stops the centre afterwards.
fn time_to_page(clone: &Path) -> Result<f64> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let start = Instant::now();
    let mut command = cargo();
    command.args(["xtask", "run", "--port", &port.to_string()]).current_dir(clone).env_remove("CARGO_TARGET_DIR");
    let mut child = command.stdin(Stdio::null()).stdout(std::io::stderr()).spawn().context("cannot start cargo")?;
    let answered = await_page(&mut child, port, start);
    stop(&mut child);
    // It goes on without the centre; the next start is measured alone.
    await_own(&clone.join("target/agents"))?;
    answered
}

fn await_page(child: &mut Child, port: u16, start: Instant) -> Result<f64> {
    while start.elapsed() < COLD_WITHIN {
        if answers(port) {
            return Ok((start.elapsed().as_secs_f64() * 10.0).round() / 10.0);
        }
        if let Some(status) = child.try_wait()? {
            bail!("cargo xtask run ended with {status}");
        }
        if crate::process::must_stop() {
            bail!("stopped by a signal");
        }
        thread::sleep(Duration::from_millis(50));
    }
    bail!("no page after {} s", COLD_WITHIN.as_secs())
}

/// Whether the set-up page, the first that anybody sees, is there.
fn answers(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    let asked = stream
        .set_read_timeout(Some(Duration::from_secs(5)))
        .and_then(|()| write!(stream, "GET /setup HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"));
    let mut answer = [0; 12];
    asked.is_ok() && stream.read_exact(&mut answer).is_ok() && answer.ends_with(b"200")
}
