//! Answers questions: the chunks of the right tier, and the rows that are still open.

use super::ask::{Answer, Ask, Line};
use super::recordings::{RECORDED_MS, recorded, recordings};
use super::rows::open_rows;
use crate::store::{Store, StoreError};
use archive::chunk::Chunk;
use archive::{MONTH_MS, SampleRow, Stat, TIERS, Tier, WINDOW_MS, roll_up, start_of};
use protocol::host::HostId;
use protocol::metric::Series;
use sqlx::SqliteConnection;
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use tokio::task::JoinHandle;

/// Threads that unpack the chunks of one question at once.
const THREADS: usize = 2;

impl Store {
    /// Answers a question that [`Ask::check`] found right. Hosts and series that are unknown are lines of gaps.
    ///
    /// # Errors
    /// The database fails or is damaged.
    pub async fn history(&self, ask: &Ask) -> Result<Answer, StoreError> {
        // One transaction: what is sealed meanwhile is neither missed nor counted twice.
        let mut transaction = self.reader().begin().await?;
        let tier = match is_recorded(&mut transaction, ask).await? {
            true => None,
            false => Some(reaching_tier(&mut transaction, ask).await?),
        };
        let tier_step_ms = tier.map_or(RECORDED_MS, |place| TIERS[place].step_ms);
        let step_ms = ask.step(tier_step_ms);
        let first_ms = start_of(ask.from_ms, step_ms);
        let sum = Sum { first_ms, step_ms, to_ms: ask.to_ms };
        let mut lines = Vec::with_capacity(ask.hosts.len() * ask.series.len());
        // Of a single host the threads share the series, of several the hosts.
        let share = if ask.hosts.len() > 1 { ask.series.len() } else { ask.series.len().div_ceil(THREADS) };
        let mut unpacking = VecDeque::with_capacity(THREADS);
        for &host_id in &ask.hosts {
            let (parts, open) = match tier {
                Some(tier) => (
                    parts(&mut transaction, host_id, tier, ask.from_ms, ask.to_ms).await?,
                    open_rows(&mut transaction, host_id, start_of(ask.from_ms, WINDOW_MS), ask.to_ms).await?,
                ),
                None => {
                    let from_ms = start_of(ask.from_ms, RECORDED_MS);
                    let chunks = recorded(&mut transaction, host_id, from_ms, ask.to_ms).await?;
                    (vec![Part { from_ms, to_ms: ask.to_ms, chunks }], Vec::new())
                }
            };
            let (parts, open) = (Arc::new(parts), Arc::new(open));
            for series in ask.series.chunks(share.max(1)) {
                if unpacking.len() == THREADS
                    && let Some(oldest) = unpacking.pop_front()
                {
                    lines.extend(finished(oldest).await?);
                }
                let (series, parts, open) = (series.to_vec(), Arc::clone(&parts), Arc::clone(&open));
                unpacking.push_back(tokio::task::spawn_blocking(move || sum.lines(host_id, &series, &parts, &open)));
            }
        }
        for rest in unpacking {
            lines.extend(finished(rest).await?);
        }
        Ok(Answer { tier_step_ms, step_ms, first_ms, lines })
    }

    /// All rows of the finest tier of a host from `from_ms` to before `to_ms`, oldest first.
    ///
    /// # Errors
    /// The database fails or is damaged.
    pub async fn rows(&self, host_id: HostId, from_ms: i64, to_ms: i64) -> Result<Vec<SampleRow>, StoreError> {
        self.tier_rows(&TIERS[0], host_id, from_ms, to_ms).await
    }

    /// All rows of a tier of a host that begin from `from_ms` to before `to_ms`, oldest first.
    ///
    /// # Errors
    /// The database fails or is damaged.
    pub async fn tier_rows(&self, tier: &'static Tier, host_id: HostId, from_ms: i64, to_ms: i64) -> Result<Vec<SampleRow>, StoreError> {
        let mut transaction = self.reader().begin().await?;
        let chunks = chunks(&mut transaction, host_id, tier.number, from_ms, to_ms).await?;
        let open = open_rows(&mut transaction, host_id, from_ms, to_ms).await?;
        drop(transaction);
        let read = move || {
            let mut rows = roll_up(tier, &open);
            for chunk in &chunks {
                rows.extend(Chunk::open(chunk)?.rows(host_id)?);
            }
            rows.retain(|row| (from_ms..to_ms).contains(&row.at_ms));
            Ok(join(rows))
        };
        blocking(read).await
    }

    /// The finest tier that reaches back to `from_ms` for any of the hosts, or as far as the others do.
    ///
    /// # Errors
    /// The database fails.
    pub async fn finest_tier(&self, hosts: &[HostId], from_ms: i64, to_ms: i64) -> Result<&'static Tier, StoreError> {
        let ask = Ask { hosts: hosts.to_vec(), series: Vec::new(), from_ms, to_ms, points: u32::MAX };
        let mut connection = self.reader().acquire().await?;
        Ok(&TIERS[reaching_tier(&mut connection, &ask).await?])
    }

    /// Names of the series that a host has had between two moments, sorted.
    ///
    /// # Errors
    /// The database fails or is damaged.
    pub async fn series_names(&self, host_id: HostId, from_ms: i64, to_ms: i64) -> Result<Vec<String>, StoreError> {
        let mut transaction = self.reader().begin().await?;
        let mut names = BTreeSet::new();
        for chunk in chunks(&mut transaction, host_id, TIERS[TIERS.len() - 1].number, from_ms, to_ms).await? {
            names.extend(Chunk::open(&chunk)?.names().map(str::to_owned));
        }
        for row in open_rows(&mut transaction, host_id, from_ms, to_ms).await? {
            names.extend(row.series.iter().map(|(series, _)| series.to_string()));
        }
        Ok(names.into_iter().collect())
    }
}

/// Sorts rows and joins those of the same time.
pub(super) fn join(mut rows: Vec<SampleRow>) -> Vec<SampleRow> {
    rows.sort_by_key(|row| row.at_ms);
    let mut joined: Vec<SampleRow> = Vec::with_capacity(rows.len());
    for row in rows {
        match joined.last_mut() {
            Some(last) if last.at_ms == row.at_ms => last.join(row),
            _ => joined.push(row),
        }
    }
    joined
}

/// Runs something that computes for milliseconds where it holds up nobody.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, StoreError> + Send + 'static) -> Result<T, StoreError> {
    finished(tokio::task::spawn_blocking(work)).await
}

async fn finished<T>(work: JoinHandle<Result<T, StoreError>>) -> Result<T, StoreError> {
    work.await.map_err(|_| StoreError::Malformed { what: "history" })?
}

/// Whether finer points are wanted than rows have, and the flight recorder has them for the whole range and all hosts.
async fn is_recorded(connection: &mut SqliteConnection, ask: &Ask) -> Result<bool, StoreError> {
    let only_metrics = ask.series.iter().all(|series| matches!(series, Series::Metric(_)));
    if !only_metrics || ask.wanted_step() >= WINDOW_MS {
        return Ok(false);
    }
    for &host_id in &ask.hosts {
        let found = recordings(connection, host_id, ask.from_ms, ask.to_ms).await?;
        if !found.iter().any(|found| found.from_ms <= ask.from_ms && ask.to_ms <= found.to_ms) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The tier that suits the question, or the next coarser one that reaches further back where the finer ones are gone.
async fn reaching_tier(connection: &mut SqliteConnection, ask: &Ask) -> Result<usize, StoreError> {
    let mut chosen = ask.tier();
    let mut oldest = [i64::MAX; TIERS.len()];
    for (tier, oldest) in TIERS.iter().zip(&mut oldest).skip(chosen) {
        for host_id in &ask.hosts {
            let first: Option<i64> = sqlx::query_scalar("SELECT min(from_ms) FROM chunks WHERE host_id = ? AND tier = ?")
                .bind(host_id)
                .bind(i64::from(tier.number))
                .fetch_one(&mut *connection)
                .await?;
            *oldest = first.map_or(*oldest, |first| first.min(*oldest));
        }
    }
    for coarser in chosen + 1..TIERS.len() {
        let has_more = oldest[coarser] < start_of(oldest[chosen], TIERS[coarser].step_ms);
        if ask.from_ms < oldest[chosen] && has_more {
            chosen = coarser;
        }
    }
    Ok(chosen)
}

/// Chunks of a host and tier that touch a range, oldest first.
pub(super) async fn chunks(
    connection: &mut SqliteConnection,
    host_id: HostId,
    tier: u8,
    from_ms: i64,
    to_ms: i64,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let query = "SELECT data FROM chunks WHERE host_id = ? AND tier = ? AND from_ms > ? AND from_ms < ? AND to_ms > ? ORDER BY from_ms";
    let query = sqlx::query_scalar(query).bind(host_id).bind(i64::from(tier));
    // No chunk is longer than a month: the index need not be read from its beginning.
    Ok(query.bind(from_ms.saturating_sub(MONTH_MS)).bind(to_ms).bind(from_ms).fetch_all(connection).await?)
}

/// A part of a range, and the chunks that have its rows: those that begin from `from_ms` to before `to_ms`.
struct Part {
    from_ms: i64,
    to_ms: i64,
    chunks: Vec<Vec<u8>>,
}

/// Divides a range: what is whole steps of `tier` comes from there, the rest at both ends from the finer ones, so that nothing counts that
/// lies outside. Where a finer tier is gone already, the next coarser one stands in, with what its rows have beyond the ends.
async fn parts(connection: &mut SqliteConnection, host_id: HostId, tier: usize, from_ms: i64, to_ms: i64) -> Result<Vec<Part>, StoreError> {
    let mut found = Vec::new();
    for (finest, from_ms, to_ms) in divide(tier, from_ms, to_ms) {
        for Tier { number, step_ms, .. } in TIERS[finest..=tier].iter().copied() {
            let from_ms = start_of(from_ms, step_ms);
            let chunks = chunks(connection, host_id, number, from_ms, to_ms).await?;
            if !chunks.is_empty() {
                found.push(Part { from_ms, to_ms, chunks });
                break;
            }
        }
    }
    Ok(found)
}

/// Tier, begin and end of each part, in the order of time.
fn divide(tier: usize, from_ms: i64, to_ms: i64) -> Vec<(usize, i64, i64)> {
    let step_ms = TIERS[tier].step_ms;
    let (first, last) = (start_of(from_ms + step_ms - 1, step_ms), start_of(to_ms, step_ms));
    match tier {
        _ if from_ms >= to_ms => Vec::new(),
        0 => vec![(0, from_ms, to_ms)],
        _ if first >= last => divide(tier - 1, from_ms, to_ms),
        _ => {
            let mut parts = divide(tier - 1, from_ms, first);
            parts.push((tier, first, last));
            parts.extend(divide(tier - 1, last, to_ms));
            parts
        }
    }
}

/// Rows into points.
#[derive(Clone, Copy)]
struct Sum {
    first_ms: i64,
    step_ms: i64,
    to_ms: i64,
}

impl Sum {
    fn lines(self, host_id: HostId, series: &[Series], parts: &[Part], open: &[SampleRow]) -> Result<Vec<Line>, StoreError> {
        let number = (self.to_ms - self.first_ms + self.step_ms - 1) / self.step_ms;
        let new = |series: &Series| Line { host_id, series: series.clone(), points: vec![None; number as usize], total: None };
        let mut lines: Vec<Line> = series.iter().map(new).collect();
        for part in parts {
            for chunk in &part.chunks {
                for (line, values) in lines.iter_mut().zip(Chunk::open(chunk)?.read(series, part.to_ms)?) {
                    let values = values.unwrap_or_default();
                    for (at_ms, stat) in values.at_ms.into_iter().zip(values.stats) {
                        if (part.from_ms..part.to_ms).contains(&at_ms) {
                            self.add(line, at_ms, stat);
                        }
                    }
                }
            }
        }
        for row in open {
            for line in &mut lines {
                if let Ok(place) = row.series.binary_search_by(|(series, _)| series.cmp(&line.series)) {
                    self.add(line, row.at_ms, row.series[place].1);
                }
            }
        }
        for line in &mut lines {
            line.total = line.points.iter().copied().flatten().reduce(Stat::with);
        }
        Ok(lines)
    }

    /// Every part begins at or after the first point, so the place is not negative.
    fn add(self, line: &mut Line, at_ms: i64, stat: Stat) {
        if let Some(point) = line.points.get_mut(((at_ms - self.first_ms) / self.step_ms) as usize) {
            *point = Some(point.map_or(stat, |point| point.with(stat)));
        }
    }
}

#[cfg(test)]
mod parts_tests {
    use super::*;

    #[test]
    fn the_ends_come_from_finer_tiers() {
        const STEP: [i64; 3] = [10_000, 300_000, 3_600_000];
        let hour = STEP[2];
        assert_eq!(divide(2, hour, 3 * hour), [(2, hour, 3 * hour)]);
        assert_eq!(
            divide(2, hour - 610_000, 2 * hour + 5),
            [(0, hour - 610_000, hour - 600_000), (1, hour - 600_000, hour), (2, hour, 2 * hour), (0, 2 * hour, 2 * hour + 5),]
        );
        assert_eq!(divide(2, 10, 20), [(0, 10, 20)]);
        assert_eq!(divide(1, STEP[1], STEP[1] * 2), [(1, STEP[1], STEP[1] * 2)]);
        assert!(divide(2, 5, 5).is_empty());
    }
}
