//! Keeps the history in order, in steps of a few milliseconds: seals closed hours, merges chunks, drops what is too old, gives space back.

use super::read::{blocking, join};
use super::rows::{self, Sealing};
use super::trusted::TrustedClock;
use crate::store::{Store, StoreError};
use archive::chunk::{self, Chunk, Effort};
use archive::{DAY_MS, HOUR_MS, MINUTE_MS, SampleRow, TIERS, Tier, roll_up, start_of};
use protocol::host::HostId;
use sqlx::{Row, Sqlite, SqliteConnection, Transaction};
use std::time::{Duration, Instant};

/// An hour is sealed this long after its end: its last rows are written by then.
const GRACE_MS: i64 = MINUTE_MS;

/// Time of windows that one step deletes.
const DELETED_AT_ONCE_MS: i64 = 2 * MINUTE_MS;
/// Chunks that one step drops.
const DROPPED_AT_ONCE: i64 = 16;
/// Free pages that are kept for the next hour, as a share of all.
const FREE_SHARE: i64 = 50;
/// Fewest free pages that are given back: 1 MiB.
const FREE_PAGES: i64 = 256;
/// Size of the write-ahead log beyond which nothing but rows is written: somebody reads for long, and it cannot begin anew.
const MOST_LOG_BYTES: u64 = 32 * 1_024 * 1_024;
const MIB: u64 = 1_024 * 1_024;
/// How often it looks for chunks to merge and to drop.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Work that is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// Another step is waiting.
    Some,
    Nothing,
}

/// Chunks of one host, tier and period that become one.
struct Merge {
    host_id: HostId,
    tier: &'static Tier,
    from_ms: i64,
    to_ms: i64,
}

/// Keeps the history in order. Only one may exist for a store, in the task that writes rows.
pub struct Keeper {
    store: Store,
    clock: TrustedClock,
    ticked: Instant,
    merges: Vec<Merge>,
    looked: Option<Instant>,
    dropping: bool,
}

impl Keeper {
    /// A keeper of `store`.
    ///
    /// # Errors
    /// The database fails.
    pub async fn new(store: Store, now_ms: i64) -> Result<Self, StoreError> {
        let clock = TrustedClock::new(store.setting("trusted_ms").await?.unwrap_or(now_ms));
        Ok(Self { store, clock, ticked: Instant::now(), merges: Vec::new(), looked: None, dropping: false })
    }

    /// Looks for work with the next step, however long ago it looked.
    pub fn look_now(&mut self) {
        self.looked = None;
    }

    /// Believes a clock at once.
    #[cfg(test)]
    pub(super) fn believe(&mut self, now_ms: i64) {
        self.clock = TrustedClock::new(now_ms);
    }

    /// One step at most.
    ///
    /// # Errors
    /// The database fails; the step was not done.
    pub async fn step(&mut self, now_ms: i64) -> Result<Left, StoreError> {
        if self.store.log_bytes() > MOST_LOG_BYTES {
            // The log begins anew as soon as nobody reads from it.
            sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(self.store.writer()).await?;
            return Ok(Left::Nothing);
        }
        if self.seal(now_ms).await? == Left::Some {
            return Ok(Left::Some);
        }
        if let Some(merge) = self.merges.pop() {
            self.merge(&merge).await?;
            return Ok(Left::Some);
        }
        if self.looked.is_none_or(|looked| looked.elapsed() >= LOOK_EVERY) {
            self.looked = Some(Instant::now());
            self.merges = self.find_merges(now_ms).await?;
            self.trust(now_ms).await?;
            self.dropping = true;
            return Ok(Left::Some);
        }
        if self.dropping {
            self.dropping = self.drop_old().await? || self.give_back().await?;
            return Ok(Left::Some);
        }
        Ok(Left::Nothing)
    }

    /// Seals what is left of the hour that is being sealed, so that rows of that hour may be written again.
    ///
    /// # Errors
    /// The database fails.
    pub async fn finish_hour_of(&mut self, rows: &[SampleRow]) -> Result<(), StoreError> {
        let mut connection = self.store.reader().acquire().await?;
        let Some(sealing) = rows::sealing(&mut connection).await? else { return Ok(()) };
        drop(connection);
        if rows.iter().any(|row| start_of(row.at_ms, HOUR_MS) == sealing.hour_ms) {
            while self.seal(sealing.hour_ms).await? == Left::Some {}
        }
        Ok(())
    }

    async fn seal(&mut self, now_ms: i64) -> Result<Left, StoreError> {
        let mut connection = self.store.reader().acquire().await?;
        let Some(sealing) = rows::sealing(&mut connection).await? else {
            let Some(oldest) = rows::oldest(&mut connection).await? else { return Ok(Left::Nothing) };
            let hour_ms = start_of(oldest, HOUR_MS);
            if hour_ms + HOUR_MS + GRACE_MS > now_ms {
                return Ok(Left::Nothing);
            }
            drop(connection);
            sqlx::query("INSERT INTO sealing VALUES (1, ?, 0)").bind(hour_ms).execute(self.store.writer()).await?;
            return Ok(Left::Some);
        };
        let next: Option<HostId> =
            sqlx::query_scalar("SELECT min(id) FROM hosts WHERE id > ?").bind(sealing.host_id).fetch_one(&mut *connection).await?;
        match next {
            Some(host_id) => {
                let rows = rows::open_rows(&mut connection, host_id, sealing.hour_ms, sealing.hour_ms + HOUR_MS).await?;
                drop(connection);
                self.seal_host(sealing.hour_ms, host_id, rows).await?;
            }
            None => {
                drop(connection);
                self.delete_sealed(sealing).await?;
            }
        }
        Ok(Left::Some)
    }

    async fn seal_host(&self, hour_ms: i64, host_id: HostId, mut rows: Vec<SampleRow>) -> Result<(), StoreError> {
        let mut transaction = self.store.begin().await?;
        if !rows.is_empty() {
            // Chunks of that hour are there only after a clock was set back.
            let fine = take(&mut transaction, host_id, &TIERS[0], hour_ms, hour_ms + HOUR_MS).await?;
            let first_time = fine.is_empty();
            rows = join(fine.into_iter().chain(rows).collect());
            insert(&mut transaction, host_id, pack(&TIERS[0], rows.clone()).await?).await?;
            let in_hour: Vec<SampleRow> = rows.into_iter().filter(|row| (hour_ms..hour_ms + HOUR_MS).contains(&row.at_ms)).collect();
            for tier in &TIERS[1..] {
                let mut coarse = roll_up(tier, &in_hour);
                if !first_time {
                    let old = take(&mut transaction, host_id, tier, hour_ms, hour_ms + HOUR_MS).await?;
                    coarse.extend(old.into_iter().filter(|row| !(hour_ms..hour_ms + HOUR_MS).contains(&row.at_ms)));
                    coarse = join(coarse);
                }
                insert(&mut transaction, host_id, pack(tier, coarse).await?).await?;
            }
        }
        sqlx::query("UPDATE sealing SET host_id = ? WHERE hour_ms = ?").bind(host_id).bind(hour_ms).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn delete_sealed(&self, sealing: Sealing) -> Result<(), StoreError> {
        let mut transaction = self.store.begin().await?;
        let first: Option<i64> = sqlx::query_scalar("SELECT min(at_ms) FROM windows WHERE at_ms >= ? AND at_ms < ?")
            .bind(sealing.hour_ms)
            .bind(sealing.hour_ms + HOUR_MS)
            .fetch_one(&mut *transaction)
            .await?;
        match first {
            Some(first) => {
                let end = (first + DELETED_AT_ONCE_MS).min(sealing.hour_ms + HOUR_MS);
                sqlx::query("DELETE FROM windows WHERE at_ms >= ? AND at_ms < ?").bind(first).bind(end).execute(&mut *transaction).await?;
            }
            None => {
                sqlx::query("DELETE FROM sealing").execute(&mut *transaction).await?;
            }
        }
        transaction.commit().await?;
        Ok(())
    }

    async fn find_merges(&self, now_ms: i64) -> Result<Vec<Merge>, StoreError> {
        let mut merges = Vec::new();
        for tier in &TIERS {
            for &span in &tier.spans_ms[1..] {
                let query = "SELECT host_id, from_ms / ?2 FROM chunks WHERE tier = ?1 AND from_ms < ?3
                     GROUP BY 1, 2 HAVING count(*) > 1 LIMIT 1000";
                let closed = start_of(now_ms - GRACE_MS, span);
                let query = sqlx::query(query).bind(i64::from(tier.number)).bind(span).bind(closed);
                for row in query.fetch_all(self.store.reader()).await? {
                    let from_ms = row.get::<i64, _>(1) * span;
                    merges.push(Merge { host_id: row.get(0), tier, from_ms, to_ms: from_ms + span });
                }
            }
        }
        // Short periods last in the list: they are merged first.
        merges.reverse();
        merges.sort_by_key(|merge| merge.from_ms - merge.to_ms);
        Ok(merges)
    }

    /// Nobody else changes chunks, but their host may be deleted meanwhile. Others write while a long chunk is made.
    async fn merge(&self, merge: &Merge) -> Result<(), StoreError> {
        let &Merge { host_id, tier, from_ms, to_ms } = merge;
        let query = "SELECT id, data FROM chunks WHERE host_id = ? AND tier = ? AND from_ms >= ? AND from_ms < ?";
        let query = sqlx::query_as(query).bind(host_id).bind(i64::from(tier.number)).bind(from_ms).bind(to_ms);
        let old: Vec<(i64, Vec<u8>)> = query.fetch_all(self.store.reader()).await?;
        let (ids, chunks): (Vec<i64>, Vec<Vec<u8>>) = old.into_iter().unzip();
        let packed = pack(tier, join(open(host_id, chunks).await?)).await?;
        let mut transaction = self.store.begin().await?;
        for id in ids {
            if sqlx::query("DELETE FROM chunks WHERE id = ?").bind(id).execute(&mut *transaction).await?.rows_affected() == 0 {
                return Ok(());
            }
        }
        insert(&mut transaction, host_id, packed).await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn trust(&mut self, now_ms: i64) -> Result<(), StoreError> {
        self.clock.tick(now_ms, std::mem::replace(&mut self.ticked, Instant::now()).elapsed());
        self.store.save_setting("trusted_ms", &self.clock.now_ms()).await
    }

    /// Drops a few chunks that are too old or too many; says whether there may be more.
    async fn drop_old(&self) -> Result<bool, StoreError> {
        let retention = self.store.retention().await?;
        let trusted_ms = self.clock.now_ms();
        let events_ms = trusted_ms - i64::from(retention.days[1]) * DAY_MS;
        self.store.prune_events(events_ms, 2_000).await?;
        self.store.prune_alerts(events_ms, 500).await?;
        for (tier, days) in TIERS.iter().zip(retention.days) {
            let query = "DELETE FROM chunks WHERE id IN (SELECT id FROM chunks WHERE tier = ?1 AND from_ms < ?2 AND to_ms <= ?2 LIMIT ?3)";
            let query = sqlx::query(query).bind(i64::from(tier.number)).bind(trusted_ms - i64::from(days) * DAY_MS);
            if query.bind(DROPPED_AT_ONCE).execute(self.store.writer()).await?.rows_affected() > 0 {
                return Ok(true);
            }
        }
        let oldest_process_ms = trusted_ms - i64::from(retention.process_days) * DAY_MS;
        let fine_ms = trusted_ms - i64::from(retention.days[0]) * DAY_MS;
        if self.store.prune_processes(oldest_process_ms).await? || self.store.prune_recordings(fine_ms).await? {
            return Ok(true);
        }
        if self.store.process_size().await?.0 > u64::from(retention.process_budget_mib) * MIB {
            return self.store.prune_processes(i64::MAX).await;
        }
        let Some(budget) = retention.budget_mib else { return Ok(false) };
        if self.store.used_bytes().await? <= u64::from(budget) * MIB {
            return Ok(false);
        }
        for tier in &TIERS {
            let query = "DELETE FROM chunks WHERE id IN (SELECT id FROM chunks WHERE tier = ? ORDER BY from_ms LIMIT ?)";
            let query = sqlx::query(query).bind(i64::from(tier.number)).bind(DROPPED_AT_ONCE);
            if query.execute(self.store.writer()).await?.rows_affected() > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Gives a few free pages back to the file system; says whether there are more.
    async fn give_back(&self) -> Result<bool, StoreError> {
        let pragma = |name: &'static str| async move { sqlx::query_scalar::<_, i64>(name).fetch_one(self.store.reader()).await };
        let (free, all) = (pragma("PRAGMA freelist_count").await?, pragma("PRAGMA page_count").await?);
        if free < FREE_PAGES || free < all / FREE_SHARE {
            return Ok(false);
        }
        // A pragma takes no parameters: 256 pages are a mebibyte.
        sqlx::query("PRAGMA incremental_vacuum(256)").fetch_all(self.store.writer()).await?;
        Ok(true)
    }
}

/// Takes the chunks that touch a period out and answers their rows.
async fn take(
    transaction: &mut Transaction<'_, Sqlite>,
    host_id: HostId,
    tier: &Tier,
    from_ms: i64,
    to_ms: i64,
) -> Result<Vec<SampleRow>, StoreError> {
    let query = "DELETE FROM chunks WHERE host_id = ?1 AND tier = ?2 AND from_ms > ?3 AND from_ms < ?4 AND to_ms > ?5 RETURNING data";
    let longest = tier.spans_ms[tier.spans_ms.len() - 1];
    let taken: Vec<Vec<u8>> = sqlx::query_scalar(query)
        .bind(host_id)
        .bind(i64::from(tier.number))
        .bind(from_ms.saturating_sub(longest))
        .bind(to_ms)
        .bind(from_ms)
        .fetch_all(&mut **transaction)
        .await?;
    open(host_id, taken).await
}

/// The rows of chunks.
async fn open(host_id: HostId, chunks: Vec<Vec<u8>>) -> Result<Vec<SampleRow>, StoreError> {
    if chunks.is_empty() {
        return Ok(Vec::new());
    }
    let open = move || {
        let mut rows = Vec::new();
        for chunk in &chunks {
            rows.extend(Chunk::open(chunk)?.rows(host_id)?);
        }
        Ok(rows)
    };
    blocking(open).await
}

/// Rows as one chunk.
struct Packed {
    tier: &'static Tier,
    from_ms: i64,
    to_ms: i64,
    rows: i64,
    data: Vec<u8>,
}

/// Makes a chunk of rows that are sorted by time; none of no rows.
async fn pack(tier: &'static Tier, rows: Vec<SampleRow>) -> Result<Option<Packed>, StoreError> {
    let (Some(first), Some(last)) = (rows.first().map(|row| row.at_ms), rows.last().map(|row| row.at_ms)) else { return Ok(None) };
    let (to_ms, count) = (last + tier.step_ms, rows.len() as i64);
    // An hour becomes part of a day soon, and what is coarse takes a tenth of the room but is most of what long ranges read.
    let is_worth_it = tier.step_ms == TIERS[0].step_ms && to_ms - first > HOUR_MS;
    let effort = if is_worth_it { Effort::Thorough } else { Effort::Quick };
    let data = blocking(move || Ok(chunk::encode(tier.step_ms, &rows, effort)?)).await?;
    Ok(Some(Packed { tier, from_ms: first, to_ms, rows: count, data }))
}

async fn insert(connection: &mut SqliteConnection, host_id: HostId, packed: Option<Packed>) -> Result<(), StoreError> {
    let Some(Packed { tier, from_ms, to_ms, rows, data }) = packed else { return Ok(()) };
    sqlx::query("INSERT INTO chunks (host_id, tier, from_ms, to_ms, rows, data) SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE EXISTS (SELECT 1 FROM hosts WHERE id = ?1)")
        .bind(host_id)
        .bind(i64::from(tier.number))
        .bind(from_ms)
        .bind(to_ms)
        .bind(rows)
        .bind(data)
        .execute(connection)
        .await?;
    Ok(())
}
