//! Starting other programs: with their output as it is, caught, or labelled line by line when several run at once.

use anyhow::{Context, Result, bail};
use signal_hook::consts::{SIGINT, SIGTERM};
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

/// How often a running program is looked at.
const LOOK: Duration = Duration::from_millis(50);
/// How often a long build says how far it is.
const PROGRESS: Duration = Duration::from_secs(15);
/// How long a program may take to stop when it is asked to.
const GRACE: Duration = Duration::from_secs(10);

static STOP: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// From now on Ctrl-C and SIGTERM do not end this program at once: running commands are stopped and fail, so that what was
/// set up can be taken down.
pub fn stop_gently() -> Result<()> {
    let flag = STOP.get_or_init(Arc::default);
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(flag)).context("cannot listen to signals")?;
    }
    Ok(())
}

/// Whether somebody asked this program to stop.
pub fn must_stop() -> bool {
    STOP.get().is_some_and(|flag| flag.load(Ordering::Relaxed))
}

/// Makes the commands that follow run again after a stop, for taking things down.
pub fn clear_stop() {
    if let Some(flag) = STOP.get() {
        flag.store(false, Ordering::Relaxed);
    }
}

/// Cargo with the flags of `.cargo/config.toml`. `RUSTFLAGS` would replace them, and the page would no longer fit the centre;
/// leptos would build `LEPTOS_OUTPUT_NAME` into the code.
pub fn cargo() -> Command {
    let mut command = Command::new("cargo");
    command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS").env_remove("LEPTOS_OUTPUT_NAME").env_remove("CARGO_BUILD_TARGET");
    command
}

/// Runs a program with this program's own output.
pub fn run(command: &mut Command) -> Result<()> {
    let child = command.spawn().with_context(|| format!("cannot start {}", name(command)))?;
    check(command, wait(child)?)
}

/// Runs a program and takes what it prints.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.stderr(Stdio::piped()).output().with_context(|| format!("cannot start {}", name(command)))?;
    if !output.status.success() {
        bail!("{} failed ({}): {}", line(command), output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a program whose output nobody wants unless it fails.
pub fn run_quietly(command: &mut Command) -> Result<()> {
    output(command).map(drop)
}

/// Whether a program runs and says yes.
pub fn succeeds(command: &mut Command) -> bool {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Runs a cargo build beside others: each line carries the label, and the long list of crates becomes a line now and then.
pub fn build(label: &str, command: &mut Command) -> Result<()> {
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().context("cannot start cargo; is Rust there?")?;
    let outputs: [Option<Box<dyn Read + Send>>; 2] =
        [child.stdout.take().map(|pipe| Box::new(pipe) as _), child.stderr.take().map(|pipe| Box::new(pipe) as _)];
    let readers: Vec<_> = outputs
        .into_iter()
        .flatten()
        .map(|pipe| {
            let label = label.to_owned();
            thread::spawn(move || print_labelled(&label, pipe))
        })
        .collect();
    let status = wait(child)?;
    for reader in readers {
        // A reader that panicked has lost lines, nothing else: the status decides.
        let _ = reader.join();
    }
    check(command, status)
}

fn print_labelled(label: &str, pipe: impl Read) {
    let start = Instant::now();
    let (mut crates, mut said) = (0, Duration::ZERO);
    for line in BufReader::new(pipe).lines().map_while(Result::ok) {
        let word = line.trim_start();
        if word.starts_with("Compiling ") {
            crates += 1;
            if start.elapsed() > said + PROGRESS {
                said = start.elapsed();
                eprintln!("    [{label}] {crates} crates after {} s", said.as_secs());
            }
        } else if !["Downloading ", "Downloaded ", "Blocking ", "Locking ", "Updating ", "Finished "]
            .iter()
            .any(|start| word.starts_with(start))
        {
            eprintln!("    [{label}] {line}");
        }
    }
}

fn wait(mut child: Child) -> Result<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait().context("cannot wait for a program")? {
            return Ok(status);
        }
        if must_stop() {
            stop(&mut child);
            bail!("stopped by a signal");
        }
        thread::sleep(LOOK);
    }
}

/// Asks a program to stop, and kills it when it does not.
pub fn stop(child: &mut Child) {
    signal(child.id(), "TERM");
    let asked = Instant::now();
    while asked.elapsed() < GRACE {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        thread::sleep(LOOK);
    }
    // It may have ended meanwhile: then there is nothing to kill.
    let _ = child.kill();
    let _ = child.wait();
}

/// Sends a signal to a process; one that has gone is no error.
pub fn signal(pid: u32, name: &str) {
    succeeds(Command::new("kill").args(["-s", name, &pid.to_string()]));
}

fn check(command: &Command, status: ExitStatus) -> Result<()> {
    if status.success() { Ok(()) } else { bail!("{} failed ({status})", line(command)) }
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

fn line(command: &Command) -> String {
    let words = command.get_args().map(|word| word.to_string_lossy().into_owned());
    [name(command)].into_iter().chain(words).collect::<Vec<_>>().join(" ")
}
