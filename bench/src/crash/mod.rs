//! `bench crash`: the process that writes a fleet's history is killed at random moments; what it had committed must be there afterwards.
//!
//! The process is this program itself ([`writer`]): it writes rows of all hosts and lets the real keeper seal, merge and delete between
//! them, as fast as it can, with time passed in. Before and after each transaction it tells the window on its standard output. Some of the
//! processes begin on a database of an earlier version, so that they are killed while it is brought up to date.

mod check;
pub mod writer;

use crate::history::{add_hosts, open};
use crate::sql::{create_old, look};
use anyhow::Context;
use check::{old_rows, rows_of_run};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::ops::Range;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tactus::store::{Store, WINDOW_MS};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// What is measured.
#[derive(clap::Args)]
pub struct Options {
    /// How many processes are killed.
    #[arg(long, default_value_t = 100)]
    kills: u32,
    /// How many of them begin on a database of an earlier version.
    #[arg(long, default_value_t = 25)]
    migrations: u32,
    /// Hosts that are written.
    #[arg(long, default_value_t = 200)]
    hosts: usize,
    /// Chooses the moments.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// The first of January 2026.
const BEGIN_MS: i64 = 1_767_225_600_000;
/// How long a process may write before it is killed, in milliseconds after its first word.
const LIFE_MS: Range<u64> = 20..2_500;
/// Windows of each host in the database of an earlier version.
const OLD_WINDOWS: u32 = 150;

/// Windows of one run by their starts, as the process has told them.
#[derive(Default)]
struct Told {
    is_open: bool,
    begun: Option<i64>,
    committed: Option<i64>,
}

#[derive(Default)]
struct Sum {
    kills: u32,
    sound: u32,
    in_sealing: u32,
    in_migration: u32,
    lost: u64,
    wrong: u64,
    open_window_s: i64,
    windows: i64,
}

/// Runs the measurement; answers the flat JSON of the last line.
///
/// # Errors
/// A process cannot be started, or a database not be opened again.
pub async fn run(options: Options) -> anyhow::Result<serde_json::Value> {
    let started = Instant::now();
    let mut random = StdRng::seed_from_u64(options.seed);
    let folder = tempfile::tempdir()?;
    let mut sum = Sum::default();

    let old = folder.path().join("old.db");
    create_old(&old, options.hosts as u32, BEGIN_MS, OLD_WINDOWS).await?;
    let takes_ms = migration_ms(&old, &folder.path().join("trial")).await?;
    eprintln!("bringing an old database up to date takes {takes_ms} ms");
    for number in 0..options.migrations.min(options.kills) {
        let data = folder.path().join(format!("old-{number}"));
        migrate_and_kill(&old, &data, takes_ms, &options, &mut random, &mut sum).await?;
        std::fs::remove_dir_all(&data)?;
    }

    let data = folder.path().join("data");
    let store = open(&data, BEGIN_MS).await?;
    add_hosts(&store, options.hosts.saturating_sub(1), BEGIN_MS).await?;
    store.close().await;
    let mut from_ms = BEGIN_MS;
    while sum.kills < options.kills {
        from_ms = write_and_kill(&data, from_ms, &mut random, &mut sum).await?;
        eprint!("\r{} of {} kills, {:.0} s ", sum.kills, options.kills, started.elapsed().as_secs_f64());
    }
    // Once more from the beginning to the end: no later death may have touched what was whole.
    let store = Store::open(&data.join("tactus.db")).await?;
    let whole = rows_of_run(&store, BEGIN_MS, from_ms - WINDOW_MS, from_ms, 20).await?;
    store.close().await;
    eprintln!();
    Ok(serde_json::json!({
        "kills": sum.kills,
        "committed_rows_lost": sum.lost + whole.lost,
        "rows_wrong": sum.wrong + whole.wrong,
        "open_window_s_lost_max": sum.open_window_s,
        "integrity_ok": sum.sound,
        "kills_in_sealing": sum.in_sealing,
        "kills_in_migration": sum.in_migration,
        "windows": sum.windows,
        "hosts": options.hosts,
        "seconds": started.elapsed().as_secs_f64(),
    }))
}

/// One process that writes on from `from_ms` until it is killed; answers where the next one begins.
async fn write_and_kill(data: &Path, from_ms: i64, random: &mut StdRng, sum: &mut Sum) -> anyhow::Result<i64> {
    let (mut child, mut lines) = start(data, from_ms)?;
    let mut told = Told::default();
    while !told.is_open {
        hear(&mut told, &lines.next_line().await?.context("the writer has ended at its start")?);
    }
    let moment = tokio::time::Instant::now() + Duration::from_micros(random.random_range(LIFE_MS.start * 1_000..LIFE_MS.end * 1_000));
    kill_at(moment, &mut child, &mut lines, &mut told).await?;
    let path = data.join("tactus.db");
    let found = look(&path).await?;
    let store = Store::open(&path).await?;
    let end_ms = told.begun.map_or(from_ms, |begun| begun + WINDOW_MS);
    let committed = told.committed.unwrap_or(from_ms - WINDOW_MS);
    let checked = rows_of_run(&store, from_ms, committed, end_ms, 1).await?;
    store.close().await;
    sum.kills += 1;
    sum.sound += u32::from(found.is_sound);
    sum.in_sealing += u32::from(found.is_sealing);
    sum.lost += checked.lost;
    sum.wrong += checked.wrong;
    sum.open_window_s = sum.open_window_s.max((end_ms - checked.end_ms) / 1_000);
    sum.windows += (checked.end_ms - from_ms) / WINDOW_MS;
    Ok(checked.end_ms)
}

/// One process that opens a copy of an old database, and is killed meanwhile if it can be.
async fn migrate_and_kill(
    old: &Path,
    data: &Path,
    takes_ms: u64,
    options: &Options,
    random: &mut StdRng,
    sum: &mut Sum,
) -> anyhow::Result<()> {
    copy_old(old, data)?;
    // What comes after the old rows, so that they stay alone in their hours.
    let from_ms = BEGIN_MS + 24 * 3_600_000;
    let (mut child, mut lines) = start(data, from_ms)?;
    let mut told = Told::default();
    let moment = tokio::time::Instant::now() + Duration::from_micros(random.random_range(0..takes_ms * 1_000));
    kill_at(moment, &mut child, &mut lines, &mut told).await?;
    let path = data.join("tactus.db");
    let found = look(&path).await?;
    let store = Store::open(&path).await?;
    let checked = old_rows(&store, BEGIN_MS, OLD_WINDOWS, options.hosts).await?;
    store.close().await;
    sum.kills += 1;
    sum.sound += u32::from(found.is_sound);
    sum.in_migration += u32::from(!told.is_open);
    sum.in_sealing += u32::from(found.is_sealing);
    sum.lost += checked.lost;
    sum.wrong += checked.wrong;
    Ok(())
}

/// How long it takes from the start of a process to a database that is up to date, in milliseconds.
async fn migration_ms(old: &Path, data: &Path) -> anyhow::Result<u64> {
    copy_old(old, data)?;
    let began = Instant::now();
    let (mut child, mut lines) = start(data, BEGIN_MS + 24 * 3_600_000)?;
    let mut told = Told::default();
    while !told.is_open {
        hear(&mut told, &lines.next_line().await?.context("the writer has ended at its start")?);
    }
    let taken = began.elapsed().as_millis() as u64;
    child.kill().await?;
    Ok(taken.max(1))
}

fn copy_old(old: &Path, data: &Path) -> anyhow::Result<()> {
    std::fs::create_dir(data)?;
    std::fs::copy(old, data.join("tactus.db"))?;
    Ok(())
}

fn start(data: &Path, from_ms: i64) -> anyhow::Result<(Child, Lines<BufReader<ChildStdout>>)> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("crash-writer").arg("--data").arg(data).args(["--from", &from_ms.to_string()]);
    let mut child = command.stdout(Stdio::piped()).kill_on_drop(true).spawn().context("cannot start the writer")?;
    let stdout = child.stdout.take().context("no standard output")?;
    Ok((child, BufReader::new(stdout).lines()))
}

/// Listens until `moment`, kills the process and hears what it has said before.
async fn kill_at(
    moment: tokio::time::Instant,
    child: &mut Child,
    lines: &mut Lines<BufReader<ChildStdout>>,
    told: &mut Told,
) -> anyhow::Result<()> {
    while let Ok(line) = tokio::time::timeout_at(moment, lines.next_line()).await {
        hear(told, &line?.context("the writer has ended by itself")?);
    }
    child.kill().await?;
    while let Some(line) = lines.next_line().await? {
        hear(told, &line);
    }
    Ok(())
}

fn hear(told: &mut Told, line: &str) {
    match line.split_once(' ') {
        Some(("begin", at_ms)) => told.begun = at_ms.parse().ok(),
        Some(("committed", at_ms)) => told.committed = at_ms.parse().ok(),
        _ => told.is_open |= line == "open",
    }
}
