//! `seed`: a data folder with a past, on which a centre can be started.

use crate::fleet::now_ms;
use crate::history::{Archive, Events, add_hosts, hours, machines, open};
use anyhow::ensure;
use protocol::host::LOCAL_HOST_ID;
use std::path::PathBuf;
use std::time::Instant;
use tactus::store::WINDOW_MS;

/// What is written.
#[derive(clap::Args)]
pub struct Options {
    /// The folder; it must not have a database yet.
    #[arg(long)]
    data: PathBuf,
    /// Simulated hosts, beside the centre's own machine.
    #[arg(long, default_value_t = 2)]
    hosts: usize,
    /// Days of history.
    #[arg(long, default_value_t = 3)]
    days: u32,
    /// End of the history: UTC, milliseconds; now, if it is not said.
    #[arg(long)]
    end: Option<i64>,
}

const DAY_MS: i64 = 24 * 3_600_000;

/// Writes the folder; answers the flat JSON of the last line.
///
/// # Errors
/// The folder has a database already, or cannot be written.
pub async fn run(options: Options) -> anyhow::Result<serde_json::Value> {
    let started = Instant::now();
    let Options { data, hosts, days, end } = options;
    ensure!(!data.join("tactus.db").exists(), "{} has a database already", data.display());
    let end_ms = end.unwrap_or_else(now_ms).div_euclid(WINDOW_MS) * WINDOW_MS;
    let from_ms = end_ms - i64::from(days) * DAY_MS;
    let store = open(&data, from_ms).await?;
    let mut ids = vec![LOCAL_HOST_ID];
    ids.extend(add_hosts(&store, hosts, from_ms).await?);
    let mut archive = Archive::new(store.clone(), from_ms).await?;
    let mut happened = Events::new();
    let mut coming = hours(machines(&ids), from_ms, end_ms);
    let (mut rows, mut events) = (0, 0);
    while let Some(hour) = coming.recv().await {
        archive.take(&hour).await?;
        let found = happened.of(&hour.batch.rows);
        store.insert_events(&found).await?;
        (rows, events) = (rows + hour.batch.rows.len(), events + found.len());
    }
    let store = archive.finish(end_ms).await?;
    let data_mib = store.size_bytes() as f64 / f64::from(1 << 20);
    store.close().await;
    let seconds = started.elapsed().as_secs_f64();
    Ok(serde_json::json!({
        "hosts": hosts, "days": days, "rows": rows, "events": events, "from_ms": from_ms, "end_ms": end_ms, "data_mib": data_mib,
        "seconds": seconds,
    }))
}
