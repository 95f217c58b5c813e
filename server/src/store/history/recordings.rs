//! The flight recorder: full-rate minutes around whatever went wrong.

use super::read::{blocking, join};
use crate::store::{Store, StoreError};
use archive::chunk::{self, Chunk, Effort};
use archive::{DAY_MS, SampleRow};
use protocol::beat::BEAT_MS;
use protocol::host::HostId;
use sqlx::{Row, SqliteConnection};

/// Width of a recorded row in milliseconds: a beat.
pub const RECORDED_MS: i64 = BEAT_MS as i64;

/// Pieces that lie so close together are one recording, in milliseconds.
const TOGETHER_MS: i64 = 2_000;

/// Bytes that all recordings may have together; beyond, the oldest go.
const MOST_BYTES: i64 = 256 * 1_024 * 1_024;

/// A part of a recording: consecutive rows of one host.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedPiece {
    pub host_id: HostId,
    /// The period that it covers, UTC milliseconds; the next piece begins at its end.
    pub from_ms: i64,
    pub to_ms: i64,
    /// Width of a row is [`RECORDED_MS`].
    pub rows: Vec<SampleRow>,
}

/// A period of which the full rate is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorded {
    pub host_id: HostId,
    pub from_ms: i64,
    pub to_ms: i64,
}

impl Store {
    /// Recordings of a host that touch a range, oldest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn recordings(&self, host_id: HostId, from_ms: i64, to_ms: i64) -> Result<Vec<Recorded>, StoreError> {
        let mut connection = self.reader().acquire().await?;
        recordings(&mut connection, host_id, from_ms, to_ms).await
    }

    /// Deletes a few recordings that are older than `before_ms` or beyond the space for all; says whether there were any.
    pub(super) async fn prune_recordings(&self, before_ms: i64) -> Result<bool, StoreError> {
        let size: i64 = sqlx::query_scalar("SELECT coalesce(sum(length(data)), 0) FROM recordings").fetch_one(self.reader()).await?;
        let before_ms = if size > MOST_BYTES { i64::MAX } else { before_ms };
        let query = "DELETE FROM recordings WHERE id IN (SELECT id FROM recordings WHERE from_ms < ? ORDER BY from_ms LIMIT 16)";
        Ok(sqlx::query(query).bind(before_ms).execute(self.writer()).await?.rows_affected() > 0)
    }
}

/// Recordings of a host that touch a range, oldest first; pieces that follow each other are one.
pub(super) async fn recordings(
    connection: &mut SqliteConnection,
    host_id: HostId,
    from_ms: i64,
    to_ms: i64,
) -> Result<Vec<Recorded>, StoreError> {
    let query = "SELECT from_ms, to_ms FROM recordings WHERE host_id = ? AND from_ms > ? AND from_ms < ? AND to_ms > ? ORDER BY from_ms";
    // No piece is longer than a day: the index need not be read from its beginning.
    let query = sqlx::query(query).bind(host_id).bind(from_ms.saturating_sub(DAY_MS)).bind(to_ms).bind(from_ms);
    let mut found: Vec<Recorded> = Vec::new();
    for row in query.fetch_all(connection).await? {
        let piece = Recorded { host_id, from_ms: row.get(0), to_ms: row.get(1) };
        match found.last_mut() {
            Some(last) if piece.from_ms <= last.to_ms + TOGETHER_MS => last.to_ms = last.to_ms.max(piece.to_ms),
            _ => found.push(piece),
        }
    }
    Ok(found)
}

/// Recorded rows of a host that touch a range, as chunks.
pub(super) async fn recorded(
    connection: &mut SqliteConnection,
    host_id: HostId,
    from_ms: i64,
    to_ms: i64,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let query = "SELECT data FROM recordings WHERE host_id = ? AND from_ms > ? AND from_ms < ? AND to_ms > ? ORDER BY from_ms";
    let query = sqlx::query_scalar(query).bind(host_id).bind(from_ms.saturating_sub(DAY_MS)).bind(to_ms);
    Ok(query.bind(from_ms).fetch_all(connection).await?)
}

/// Writes a piece; of what two pieces tell of the same beat, both count.
pub(super) async fn insert(connection: &mut SqliteConnection, piece: &RecordedPiece) -> Result<(), StoreError> {
    let rows = piece.rows.clone();
    let data = blocking(move || Ok(chunk::encode(RECORDED_MS, &join(rows), Effort::Quick)?)).await?;
    sqlx::query(
        "INSERT INTO recordings (host_id, from_ms, to_ms, data) SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM hosts WHERE id = ?1)",
    )
    .bind(piece.host_id)
    .bind(piece.from_ms)
    .bind(piece.to_ms)
    .bind(data)
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether a chunk of a recording can be read; for `tactus store check`.
pub(super) fn readable(data: &[u8], host_id: HostId) -> Result<(), StoreError> {
    Chunk::open(data)?.rows(host_id)?;
    Ok(())
}
