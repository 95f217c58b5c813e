//! Stored values: one row per host and ten seconds, mean and extremes of the live samples.

use super::{Store, StoreError};
use protocol::host::{HostId, Source};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// Width of one row in milliseconds.
pub const WINDOW_MS: i64 = 10_000;

/// Mean and extremes of the samples of one window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    pub mean: f64,
    pub least: f64,
    pub most: f64,
}

/// One row; `None` is a gap.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleRow {
    pub host_id: HostId,
    /// Start of the window: UTC, milliseconds, a multiple of [`WINDOW_MS`].
    pub at_ms: i64,
    /// Where most of its samples came from.
    pub source: Source,
    /// Per cent.
    pub cpu: Option<Spread>,
    /// Per cent.
    pub memory: Option<Spread>,
    /// Per cent of the fullest file system, last value.
    pub disk: Option<f64>,
    /// Bytes per second.
    pub network_in: Option<Spread>,
    /// Bytes per second.
    pub network_out: Option<Spread>,
    /// Load over one minute.
    pub load: Option<Spread>,
    /// From sampling to receipt, or the time that one collection took: mean, milliseconds.
    pub latency_ms: Option<f64>,
}

impl Store {
    /// Writes rows in one transaction. A row that is there already is replaced; rows of deleted hosts are dropped.
    ///
    /// # Errors
    /// The database fails; then none of the rows is written.
    pub async fn insert_samples(&self, rows: &[SampleRow]) -> Result<(), StoreError> {
        let mut transaction = self.writer().begin_with("BEGIN IMMEDIATE").await?;
        for row in rows {
            let query = sqlx::query(
                "INSERT OR REPLACE INTO samples (host_id, at_ms, source, cpu_mean, cpu_least, cpu_most, memory_mean, memory_least, memory_most,
                 disk, in_mean, in_least, in_most, out_mean, out_least, out_most, load_mean, load_least, load_most, latency_ms)
                 SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20
                 WHERE EXISTS (SELECT 1 FROM hosts WHERE id = ?1)",
            )
            .bind(row.host_id)
            .bind(row.at_ms)
            .bind(source_number(row.source));
            let spreads = [row.cpu, row.memory].into_iter().flat_map(columns);
            let after_disk = [row.network_in, row.network_out, row.load].into_iter().flat_map(columns);
            let query = spreads.chain([row.disk]).chain(after_disk).chain([row.latency_ms]).fold(query, |query, value| query.bind(value));
            query.execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Rows of a host from `from_ms` to before `to_ms`, oldest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn list_samples(&self, host_id: HostId, from_ms: i64, to_ms: i64) -> Result<Vec<SampleRow>, StoreError> {
        let rows = sqlx::query("SELECT * FROM samples WHERE host_id = ? AND at_ms >= ? AND at_ms < ? ORDER BY at_ms")
            .bind(host_id)
            .bind(from_ms)
            .bind(to_ms)
            .fetch_all(self.reader())
            .await?;
        rows.iter().map(sample).collect()
    }

    /// Deletes at most `limit` rows older than `before_ms`; says how many.
    ///
    /// # Errors
    /// The database fails.
    pub async fn prune_samples(&self, before_ms: i64, limit: i64) -> Result<u64, StoreError> {
        let done = sqlx::query(
            "DELETE FROM samples WHERE (host_id, at_ms) IN
             (SELECT s.host_id, s.at_ms FROM hosts JOIN samples s ON s.host_id = hosts.id AND s.at_ms < ?1 LIMIT ?2)",
        )
        .bind(before_ms)
        .bind(limit)
        .execute(self.writer())
        .await?;
        Ok(done.rows_affected())
    }
}

fn columns(spread: Option<Spread>) -> [Option<f64>; 3] {
    [spread.map(|spread| spread.mean), spread.map(|spread| spread.least), spread.map(|spread| spread.most)]
}

/// Numbers in the database, never to be reused.
fn source_number(source: Source) -> i64 {
    match source {
        Source::Local => 0,
        Source::Agent => 1,
        Source::Tunnel => 2,
        Source::NodeExporter => 3,
        Source::Ssh => 4,
    }
}

fn source_of(number: i64) -> Result<Source, StoreError> {
    [Source::Local, Source::Agent, Source::Tunnel, Source::NodeExporter, Source::Ssh]
        .into_iter()
        .find(|source| source_number(*source) == number)
        .ok_or(StoreError::Malformed { what: "source" })
}

fn sample(row: &SqliteRow) -> Result<SampleRow, StoreError> {
    let spread = |mean: &str, least: &str, most: &str| {
        let value = |column: &str| row.get::<Option<f64>, _>(column);
        Some(Spread { mean: value(mean)?, least: value(least)?, most: value(most)? })
    };
    Ok(SampleRow {
        host_id: row.get("host_id"),
        at_ms: row.get("at_ms"),
        source: source_of(row.get("source"))?,
        cpu: spread("cpu_mean", "cpu_least", "cpu_most"),
        memory: spread("memory_mean", "memory_least", "memory_most"),
        disk: row.get("disk"),
        network_in: spread("in_mean", "in_least", "in_most"),
        network_out: spread("out_mean", "out_least", "out_most"),
        load: spread("load_mean", "load_least", "load_most"),
        latency_ms: row.get("latency_ms"),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn rows_survive_the_store_and_belong_to_a_host() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("tactus.db")).await.unwrap();
        store.ensure_local_host(1, 0).await.unwrap();
        let spread = Some(Spread { mean: 2.0, least: 1.0, most: 4.5 });
        let row = |host_id, at_ms| SampleRow {
            host_id,
            at_ms,
            source: Source::Agent,
            cpu: spread,
            memory: None,
            disk: Some(50.5),
            network_in: spread,
            network_out: None,
            load: spread,
            latency_ms: Some(4.5),
        };
        store.insert_samples(&[row(1, 0), row(1, 10_000), row(2, 0)]).await.unwrap();
        assert_eq!(store.list_samples(1, 0, 10_000).await.unwrap(), vec![row(1, 0)]);
        assert_eq!(store.list_samples(1, 0, 20_000).await.unwrap().len(), 2);
        assert!(store.list_samples(2, 0, 20_000).await.unwrap().is_empty());
        assert_eq!(store.prune_samples(10_000, 100).await.unwrap(), 1);
        store.delete_host(1).await.unwrap();
        assert!(store.list_samples(1, 0, 20_000).await.unwrap().is_empty());
    }
}
