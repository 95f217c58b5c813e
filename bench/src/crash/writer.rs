//! The process that is killed, and the rows that it writes.

use anyhow::Context;
use protocol::host::{HostId, Source};
use protocol::metric::{Kept, Metric, Series};
use std::io::Write;
use std::path::PathBuf;
use tactus::store::{Keeper, Left, SampleRow, Stat, Store, WINDOW_MS};

/// What it does.
#[derive(clap::Args)]
pub struct Options {
    /// The data folder.
    #[arg(long)]
    data: PathBuf,
    /// First window: UTC, milliseconds.
    #[arg(long)]
    from: i64,
}

/// Samples of a window.
pub const SAMPLES: u32 = 20;
/// Steps of the keeper between two windows; in life there are more, but then more of them are idle.
const STEPS: u32 = 25;
/// Windows after which it looks for chunks to merge.
const LOOK_EVERY: i64 = 180;

/// Writes until it is killed.
///
/// # Errors
/// The database fails, or nobody listens any more.
pub async fn run(options: Options) -> anyhow::Result<()> {
    let store = Store::open(&options.data.join("tactus.db")).await?;
    say("open")?;
    let hosts: Vec<HostId> = store.list_hosts().await?.into_iter().map(|host| host.id).collect();
    let mut keeper = Keeper::new(store.clone(), options.from).await?;
    for number in 0.. {
        let at_ms = options.from + number * WINDOW_MS;
        let rows: Vec<SampleRow> = hosts.iter().map(|host| row(*host, at_ms)).collect();
        say(&format!("begin {at_ms}"))?;
        keeper.finish_hour_of(&rows).await?;
        store.insert_samples(&rows).await?;
        say(&format!("committed {at_ms}"))?;
        if number % LOOK_EVERY == 0 {
            keeper.look_now();
        }
        for _ in 0..STEPS {
            if keeper.step(at_ms + WINDOW_MS).await? == Left::Nothing {
                break;
            }
        }
    }
    Ok(())
}

fn say(line: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{line}").context("nobody listens")
}

/// The row of a host and window: the same wherever and whenever it is made, with every metric and a mount.
pub fn row(host_id: HostId, at_ms: i64) -> SampleRow {
    let mount = "/".to_owned();
    let series = Metric::ALL.iter().copied().map(Series::Metric).chain([Series::Mount(mount.clone()), Series::Inodes(mount)]);
    let stat = |number: usize, series: &Series| {
        let noise = ((at_ms / WINDOW_MS) as u64 ^ (host_id as u64) << 32 ^ number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        let value = series.unit().rounded((noise % 9_000) as f64 / 100.0 + 1.0);
        let spread = if series.kept() == Kept::Spread { series.unit().rounded(value + 2.0) } else { value };
        Stat { count: SAMPLES, mean: value, least: value, most: spread }
    };
    let series = series.enumerate().map(|(number, series)| {
        let stat = stat(number, &series);
        (series, stat)
    });
    SampleRow { host_id, at_ms, source: Source::Agent, series: series.collect() }
}
