//! Open rows in the database.

use super::processes::{self, ProcessMinute};
use super::recordings::{self, RecordedPiece};
use crate::store::{Store, StoreError};
use archive::{HOUR_MS, SampleRow, WINDOW_MS, decode, encode, source_number, source_of};
use protocol::host::HostId;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection};
use std::time::Instant;

/// Rows of one statement.
const ROWS_AT_ONCE: usize = 100;

/// Which rows are in chunks already although they are still there: see the table `sealing`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sealing {
    pub hour_ms: i64,
    /// Hosts up to this one are sealed.
    pub host_id: HostId,
}

/// What is written at once, every ten seconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    pub rows: Vec<SampleRow>,
    pub processes: Vec<ProcessMinute>,
    pub recordings: Vec<RecordedPiece>,
}

impl Batch {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.processes.is_empty() && self.recordings.is_empty()
    }
}

impl Store {
    /// Writes a batch in one transaction. A row that is there already is joined with the new one.
    ///
    /// # Errors
    /// The database fails; then nothing of it is written.
    pub async fn insert_batch(&self, batch: &Batch) -> Result<(), StoreError> {
        let began = Instant::now();
        let mut transaction = self.begin().await?;
        insert(&mut transaction, &batch.rows).await?;
        processes::insert(&mut transaction, &batch.processes).await?;
        for piece in &batch.recordings {
            recordings::insert(&mut transaction, piece).await?;
        }
        transaction.commit().await?;
        // `bench query` listens to this.
        tracing::debug!(target: "tactus::written", rows = batch.rows.len(), us = began.elapsed().as_micros() as u64);
        Ok(())
    }

    /// Writes rows alone; see [`Self::insert_batch`].
    ///
    /// # Errors
    /// The database fails; then none of the rows is written.
    pub async fn insert_samples(&self, rows: &[SampleRow]) -> Result<(), StoreError> {
        self.insert_batch(&Batch { rows: rows.to_vec(), ..Batch::default() }).await
    }
}

/// Writes rows, many with one statement: each statement costs more than the rows in it. A row that is there already is joined.
pub(super) async fn insert(connection: &mut SqliteConnection, rows: &[SampleRow]) -> Result<(), StoreError> {
    for rows in rows.chunks(ROWS_AT_ONCE) {
        let mut query = QueryBuilder::<Sqlite>::new("INSERT INTO windows (at_ms, host_id, source, series) ");
        query.push_values(rows, |mut values, row| {
            values.push_bind(row.at_ms).push_bind(row.host_id);
            values.push_bind(i64::from(source_number(row.source))).push_bind(encode(&row.series));
        });
        match query.build().execute(&mut *connection).await {
            Ok(_) => {}
            // One of them is there already: then none of this statement is written.
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
                for row in rows {
                    insert_or_join(connection, row).await?;
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

async fn insert_or_join(connection: &mut SqliteConnection, row: &SampleRow) -> Result<(), StoreError> {
    let there = sqlx::query("SELECT * FROM windows WHERE at_ms = ? AND host_id = ?").bind(row.at_ms).bind(row.host_id);
    let mut joined = row.clone();
    if let Some(there) = there.fetch_optional(&mut *connection).await? {
        joined = sample(&there)?;
        joined.join(row.clone());
    }
    sqlx::query("INSERT INTO windows (at_ms, host_id, source, series) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET series = ?4")
        .bind(joined.at_ms)
        .bind(joined.host_id)
        .bind(i64::from(source_number(joined.source)))
        .bind(encode(&joined.series))
        .execute(&mut *connection)
        .await?;
    Ok(())
}

/// Time of the oldest row that is there.
pub(super) async fn oldest(connection: &mut SqliteConnection) -> Result<Option<i64>, StoreError> {
    Ok(sqlx::query_scalar("SELECT min(at_ms) FROM windows").fetch_one(connection).await?)
}

/// The hour that is being sealed.
pub(super) async fn sealing(connection: &mut SqliteConnection) -> Result<Option<Sealing>, StoreError> {
    let row = sqlx::query("SELECT hour_ms, host_id FROM sealing").fetch_optional(connection).await?;
    Ok(row.map(|row| Sealing { hour_ms: row.get(0), host_id: row.get(1) }))
}

/// Open rows of a host from `from_ms` to before `to_ms`, oldest first, without those that are sealed.
pub(super) async fn open_rows(
    connection: &mut SqliteConnection,
    host_id: HostId,
    from_ms: i64,
    to_ms: i64,
) -> Result<Vec<SampleRow>, StoreError> {
    let Some(oldest) = oldest(connection).await? else { return Ok(Vec::new()) };
    let sealed = sealing(connection).await?.filter(|sealing| host_id <= sealing.host_id);
    // One look-up for each possible time: the rows of a host do not lie together.
    let rows = sqlx::query(
        "WITH RECURSIVE times (at_ms) AS (SELECT ?2 WHERE ?2 < ?3 UNION ALL SELECT at_ms + ?4 FROM times WHERE at_ms + ?4 < ?3)
         SELECT windows.* FROM times CROSS JOIN windows ON windows.at_ms = times.at_ms AND windows.host_id = ?1",
    )
    .bind(host_id)
    .bind(archive::start_of(from_ms.max(oldest), WINDOW_MS))
    .bind(to_ms.min(newest(connection).await? + 1))
    .bind(WINDOW_MS)
    .fetch_all(connection)
    .await?;
    let counts = |at_ms: i64| at_ms >= from_ms && sealed.is_none_or(|sealed| !(sealed.hour_ms..sealed.hour_ms + HOUR_MS).contains(&at_ms));
    rows.iter().filter(|row| counts(row.get("at_ms"))).map(sample).collect()
}

async fn newest(connection: &mut SqliteConnection) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar::<_, Option<i64>>("SELECT max(at_ms) FROM windows").fetch_one(connection).await?.unwrap_or(i64::MIN / 2))
}

fn sample(row: &SqliteRow) -> Result<SampleRow, StoreError> {
    Ok(SampleRow {
        host_id: row.get("host_id"),
        at_ms: row.get("at_ms"),
        source: source_of(row.get("source"))?,
        series: decode(row.get("series"))?,
    })
}
