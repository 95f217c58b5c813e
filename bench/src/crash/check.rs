//! What must be there after a process was killed.

use super::writer::{SAMPLES, row};
use protocol::host::HostId;
use protocol::metric::{Metric, Series};
use tactus::store::{Ask, SampleRow, Store, WINDOW_MS};

const HOUR_MS: i64 = 3_600_000;
/// Largest error of a mean.
const ERROR: f64 = 0.001;

/// What was found.
#[derive(Clone, Copy, Debug, Default)]
pub struct Checked {
    /// Rows that were committed and are not there.
    pub lost: u64,
    /// Rows that say something else than what was written, are there twice, or count more or less in the coarse tiers.
    pub wrong: u64,
    /// Up to before this moment all hosts have rows.
    pub end_ms: i64,
}

/// Checks the windows from `from_ms` on, of which those up to `committed_ms` must be there and the next may be, up to before `end_ms`.
/// Every `stride`th host is looked at.
///
/// # Errors
/// The database fails or is damaged.
pub async fn rows_of_run(store: &Store, from_ms: i64, committed_ms: i64, end_ms: i64, stride: usize) -> anyhow::Result<Checked> {
    let mut checked = Checked { end_ms, ..Checked::default() };
    for host in store.list_hosts().await?.iter().step_by(stride) {
        let rows = store.rows(host.id, from_ms, end_ms.max(from_ms + 1)).await?;
        let mut expected = (from_ms..=committed_ms).step_by(WINDOW_MS as usize).peekable();
        for found in &rows {
            while expected.next_if(|at_ms| *at_ms < found.at_ms).is_some() {
                checked.lost += 1;
            }
            expected.next_if_eq(&found.at_ms);
            checked.wrong += u64::from(!is_same(found, &row(host.id, found.at_ms)));
        }
        checked.lost += expected.count() as u64;
        checked.wrong += u64::from(!counts_once(store, host.id, from_ms, end_ms).await?);
        checked.end_ms = checked.end_ms.min(rows.last().map_or(from_ms, |row| row.at_ms + WINDOW_MS));
    }
    Ok(checked)
}

/// Checks the rows that were moved from the table of an earlier version.
///
/// # Errors
/// The database fails or is damaged.
pub async fn old_rows(store: &Store, from_ms: i64, windows: u32, hosts: usize) -> anyhow::Result<Checked> {
    let mut checked = Checked::default();
    for host_id in 1..=hosts as HostId {
        let end_ms = from_ms + i64::from(windows) * WINDOW_MS;
        let rows = store.rows(host_id, from_ms, end_ms).await?;
        checked.lost += u64::from(windows).saturating_sub(rows.len() as u64);
        let cpu = |row: &SampleRow| row.series.iter().find(|(series, _)| *series == Series::Metric(Metric::Cpu)).map(|(_, stat)| *stat);
        for row in &rows {
            // As `sql::create_old` has made it.
            let number = (row.at_ms - from_ms) / WINDOW_MS + 1;
            let least = ((number + host_id) % 90) as f64;
            let is_right = cpu(row).is_some_and(|stat| (stat.count, stat.least, stat.most) == (SAMPLES, least, least + 10.0));
            checked.wrong += u64::from(!is_right || row.series.len() != 6);
        }
    }
    Ok(checked)
}

fn is_same(found: &SampleRow, written: &SampleRow) -> bool {
    let same = found.series.iter().zip(&written.series).all(|((name, found), (of, written))| {
        let is_near = (found.mean - written.mean).abs() <= written.mean.abs() * ERROR + 1e-9;
        let is_exact = (found.count, found.least, found.most) == (written.count, written.least, written.most);
        // What is kept as a mean has no extremes of its own, only a mean.
        let has_extremes = name.kept() == protocol::metric::Kept::Spread;
        name == of && is_near && (is_exact || (!has_extremes && found.count == written.count))
    });
    same && found.series.len() == written.series.len()
}

/// Whether the coarsest tier and the open rows together count each sample once.
async fn counts_once(store: &Store, host_id: HostId, from_ms: i64, end_ms: i64) -> anyhow::Result<bool> {
    // A row of the coarsest tier is a whole hour.
    let from_ms = (from_ms + HOUR_MS - 1).div_euclid(HOUR_MS) * HOUR_MS;
    if end_ms <= from_ms {
        return Ok(true);
    }
    let to_ms = end_ms.max(from_ms + HOUR_MS);
    let series = vec![Series::Metric(Metric::Cpu)];
    let answer = store.history(&Ask { hosts: vec![host_id], series, from_ms, to_ms, points: 1 }).await?;
    let counted = answer.lines[0].total.map_or(0, |stat| i64::from(stat.count));
    let rows = store.rows(host_id, from_ms, to_ms).await?.len() as i64;
    Ok(counted == rows * i64::from(SAMPLES))
}
