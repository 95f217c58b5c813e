//! `bench store`: how much room a fleet's history takes, beside the same in the replaced system's table.
//!
//! Databases are filled in the same run from the same rows: ours with every series; ours with nothing but the five figures that the replaced
//! system kept (CPU, memory, disk, network in and out); and the replaced system's own table with their means. One more of ours takes the
//! programs of each minute, which have a budget of their own.
//! `ratio_to_plain` compares the last two, that is the same figures, although ours holds extremes and two coarser tiers beside the means;
//! `ratio_whole` is the harder comparison of that table with all that we keep.

use crate::fleet::now_ms;
use crate::history::{Archive, Hour, add_hosts, hours, machines, open};
use crate::sql::{Columns, Plain, columns};
use protocol::metric::{Metric, Series};
use std::path::Path;
use std::time::Instant;
use tactus::store::Batch;

/// What is measured.
#[derive(clap::Args)]
pub struct Options {
    /// Simulated hosts.
    #[arg(long, default_value_t = 10)]
    hosts: usize,
    /// Days of history at ten seconds.
    #[arg(long, default_value_t = 30)]
    days: u32,
}

const DAY_MS: i64 = 24 * 3_600_000;
const MIB: f64 = 1_048_576.0;

/// The columns of the replaced system.
const FIVE: [Metric; 5] = [Metric::Cpu, Metric::Memory, Metric::Disk, Metric::NetworkIn, Metric::NetworkOut];

/// Runs the measurement; answers the flat JSON of the last line.
///
/// # Errors
/// A database cannot be written.
pub async fn run(options: Options) -> anyhow::Result<serde_json::Value> {
    let started = Instant::now();
    let folder = tempfile::tempdir()?;
    let [whole, five, programs, plain] = ["whole", "five", "programs", "plain"].map(|name| folder.path().join(name));
    let end_ms = now_ms().div_euclid(DAY_MS) * DAY_MS;
    let from_ms = end_ms - i64::from(options.days) * DAY_MS;
    let store = open(&whole, from_ms).await?;
    let ids = add_hosts(&store, options.hosts, from_ms).await?;
    let second = open(&five, from_ms).await?;
    add_hosts(&second, options.hosts, from_ms).await?;
    let third = open(&programs, from_ms).await?;
    add_hosts(&third, options.hosts, from_ms).await?;
    std::fs::create_dir(&plain)?;
    let table = Plain::create(&plain.join("plain.db")).await?;
    let (mut archive, mut small) = (Archive::new(store, from_ms).await?, Archive::new(second, from_ms).await?);

    let (mut rows, mut coming) = (0, hours(machines(&ids), from_ms, end_ms));
    while let Some(mut hour) = coming.recv().await {
        third.insert_batch(&Batch { processes: std::mem::take(&mut hour.batch.processes), ..Batch::default() }).await?;
        let reduced = reduced(&hour);
        tokio::try_join!(archive.take(&hour), small.take(&reduced), table.insert(&hour.batch.rows))?;
        rows += hour.batch.rows.len();
        if hour.end_ms % DAY_MS == 0 {
            eprint!("\rday {} of {}, {:.0} s ", (hour.end_ms - from_ms) / DAY_MS, options.days, started.elapsed().as_secs_f64());
        }
    }
    eprintln!();
    // A quarter of an hour later the last hour is sealed and all is merged.
    let settled_ms = end_ms + 15 * 60_000;
    archive.finish(settled_ms).await?.close().await;
    small.finish(settled_ms).await?.close().await;
    third.checkpoint().await?;
    third.close().await;
    table.close().await?;
    tell(&columns(&whole.join("tactus.db")).await?, rows);
    let [data_mib, five_mib, process_mib, plain_mib] = [mib(&whole)?, mib(&five)?, mib(&programs)?, mib(&plain)?];
    Ok(serde_json::json!({
        "data_mib": data_mib,
        "bytes_per_row": data_mib * MIB / rows as f64,
        "plain_mib": plain_mib,
        "ratio_to_plain": plain_mib / five_mib,
        "ratio_whole": plain_mib / data_mib,
        "five_mib": five_mib,
        "process_mib": process_mib,
        "rows": rows,
        "hosts": options.hosts,
        "days": options.days,
        "seconds": started.elapsed().as_secs_f64(),
    }))
}

/// Only what the replaced system kept.
fn reduced(hour: &Hour) -> Hour {
    let mut rows = hour.batch.rows.clone();
    for row in &mut rows {
        row.series.retain(|(series, _)| matches!(series, Series::Metric(metric) if FIVE.contains(metric)));
    }
    Hour { end_ms: hour.end_ms, batch: Batch { rows, ..Batch::default() } }
}

/// Size of a folder's files.
fn mib(folder: &Path) -> anyhow::Result<f64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        bytes += entry?.metadata()?.len();
    }
    Ok(bytes as f64 / MIB)
}

/// Where the bytes are: bytes per row of the finest tier, largest series first.
fn tell(columns: &std::collections::BTreeMap<(i64, String), Columns>, rows: usize) {
    let whole = |columns: &Columns| columns.least + columns.width + columns.means + columns.others;
    let mut sorted: Vec<_> = columns.iter().collect();
    sorted.sort_by_key(|(_, columns)| std::cmp::Reverse(whole(columns)));
    let per_row = |bytes: u64| bytes as f64 / rows as f64;
    eprintln!("{:>4} {:28} {:>7} {:>7} {:>7} {:>7} {:>7}  bytes per row", "tier", "series", "all", "least", "width", "means", "others");
    for ((tier, name), columns) in sorted.iter().take(40) {
        let [all, least, width, means, others] = [whole(columns), columns.least, columns.width, columns.means, columns.others].map(per_row);
        eprintln!("{tier:>4} {name:28} {all:7.3} {least:7.3} {width:7.3} {means:7.3} {others:7.3}");
    }
    for tier in 1..=3 {
        let sum: u64 = columns.iter().filter(|((of, _), _)| *of == tier).map(|(_, columns)| whole(columns)).sum();
        eprintln!("tier {tier}: {:.2} MiB", sum as f64 / MIB);
    }
}
