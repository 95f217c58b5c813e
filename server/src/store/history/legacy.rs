//! Rows of the table `samples`, which versions up to 0.1 with migration 0004 wrote: they become rows of `windows`, once, at the start.

use super::rows::insert;
use crate::store::{Store, StoreError};
use archive::{SampleRow, Stat, source_of};
use protocol::metric::{Metric, Series};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// Rows that one transaction moves.
const AT_ONCE: i64 = 5_000;

/// Samples of a full window, which is what a row of old stands for.
const COUNT: u32 = 20;

impl Store {
    /// Moves all rows. It may be stopped at any moment: each is in one of the two tables.
    ///
    /// # Errors
    /// The database fails or holds a malformed row.
    pub async fn adopt_old_samples(&self) -> Result<u64, StoreError> {
        let mut moved = 0;
        loop {
            let mut transaction = self.begin().await?;
            let rows =
                sqlx::query("SELECT * FROM samples ORDER BY host_id, at_ms LIMIT ?").bind(AT_ONCE).fetch_all(&mut *transaction).await?;
            let Some(last) = rows.last() else { return Ok(moved) };
            let moving = rows.iter().map(sample).collect::<Result<Vec<SampleRow>, StoreError>>()?;
            insert(&mut transaction, &moving).await?;
            sqlx::query("DELETE FROM samples WHERE (host_id, at_ms) <= (?, ?)")
                .bind(last.get::<i64, _>("host_id"))
                .bind(last.get::<i64, _>("at_ms"))
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await?;
            moved += rows.len() as u64;
            if moved % 100_000 == 0 {
                tracing::info!(rows = moved, "moving stored samples to their new place");
            }
        }
    }
}

fn sample(row: &SqliteRow) -> Result<SampleRow, StoreError> {
    let value = |column: &str| row.get::<Option<f64>, _>(column);
    let spread = |metric: Metric, name: &str| {
        let value = |part: &str| value(&format!("{name}_{part}")).map(|value| metric.unit().rounded(value));
        let (least, most) = (value("least")?, value("most")?);
        let mean = row.get::<Option<f64>, _>(format!("{name}_mean").as_str())?;
        Some((Series::Metric(metric), Stat { count: COUNT, mean, least, most }))
    };
    let last = |metric: Metric, name: &str| Some((Series::Metric(metric), Stat { count: COUNT, ..Stat::of(value(name)?) }));
    let series = [
        spread(Metric::Cpu, "cpu"),
        spread(Metric::Load1, "load"),
        spread(Metric::Memory, "memory"),
        last(Metric::Disk, "disk"),
        spread(Metric::NetworkIn, "in"),
        spread(Metric::NetworkOut, "out"),
        last(Metric::Latency, "latency_ms"),
    ];
    Ok(SampleRow {
        host_id: row.get("host_id"),
        at_ms: row.get("at_ms"),
        source: source_of(row.get("source"))?,
        series: series.into_iter().flatten().collect(),
    })
}
