//! The only SQL of the benches: the replaced system's table, and databases looked at from outside, as only a test may.

use anyhow::Context;
use protocol::host::HostId;
use protocol::metric::{Metric, Series};
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sqlx::{QueryBuilder, Row, SqlitePool};
use std::collections::BTreeMap;
use std::path::Path;
use tactus::store::SampleRow;

/// Rows of one statement: eight columns each, and SQLite takes 32,766 values.
const AT_ONCE: usize = 500;

/// Opens a database as it is, with the store's journal.
///
/// # Errors
/// It cannot be opened.
pub async fn connect(path: &Path) -> anyhow::Result<SqlitePool> {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true).journal_mode(SqliteJournalMode::Wal);
    Ok(SqlitePoolOptions::new().max_connections(1).connect_with(options).await?)
}

/// The table of the system that Tactus replaces, with the index that its pages need.
pub struct Plain(SqlitePool);

impl Plain {
    /// A new database.
    ///
    /// # Errors
    /// It cannot be made.
    pub async fn create(path: &Path) -> anyhow::Result<Self> {
        let pool = connect(path).await?;
        let table =
            "CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, host_id INTEGER, timestamp DATETIME, cpu REAL, memory REAL,
             disk REAL, net_in REAL, net_out REAL)";
        sqlx::query(table).execute(&pool).await?;
        sqlx::query("CREATE INDEX metrics_by_host ON metrics (host_id, timestamp)").execute(&pool).await?;
        Ok(Self(pool))
    }

    /// Writes the means of its five columns.
    ///
    /// # Errors
    /// The database fails.
    pub async fn insert(&self, rows: &[SampleRow]) -> anyhow::Result<()> {
        let mean = |row: &SampleRow, metric: Metric| {
            row.series.iter().find(|(series, _)| *series == Series::Metric(metric)).map(|(_, stat)| stat.mean)
        };
        let mut transaction = self.0.begin().await?;
        for rows in rows.chunks(AT_ONCE) {
            let mut query = QueryBuilder::new("INSERT INTO metrics (host_id, timestamp, cpu, memory, disk, net_in, net_out) ");
            query.push_values(rows, |mut values, row| {
                // Times as texts of whole seconds, as ORMs write them.
                values.push_bind(row.host_id).push("datetime(").push_bind_unseparated(row.at_ms / 1_000).push_unseparated(", 'unixepoch')");
                for metric in [Metric::Cpu, Metric::Memory, Metric::Disk, Metric::NetworkIn, Metric::NetworkOut] {
                    values.push_bind(mean(row, metric));
                }
            });
            query.build().execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Writes the log into the database and closes it.
    ///
    /// # Errors
    /// The database fails.
    pub async fn close(self) -> anyhow::Result<()> {
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_all(&self.0).await?;
        self.0.close().await;
        Ok(())
    }
}

/// Bytes of one series in all chunks of a tier.
#[derive(Clone, Copy, Debug, Default)]
pub struct Columns {
    /// Least values, or all where nothing else is needed.
    pub least: u64,
    pub width: u64,
    pub means: u64,
    /// Which rows have a value, and of how many samples.
    pub others: u64,
}

/// Bytes of all chunks by tier and series; the parts of a chunk that belong to none are named in brackets.
///
/// # Errors
/// The database fails or holds chunks of another layout than `archive/src/chunk` describes.
pub async fn columns(path: &Path) -> anyhow::Result<BTreeMap<(i64, String), Columns>> {
    type Entry = (String, u32, u32, u32, u32, u32, u8);
    type Directory = (i64, u32, u32, u32, u32, Vec<Entry>);
    let pool = connect(path).await?;
    let mut sums: BTreeMap<(i64, String), Columns> = BTreeMap::new();
    let ids: Vec<i64> = sqlx::query_scalar("SELECT id FROM chunks").fetch_all(&pool).await?;
    for id in ids {
        let row = sqlx::query("SELECT tier, data FROM chunks WHERE id = ?").bind(id).fetch_one(&pool).await?;
        let (tier, data): (i64, &[u8]) = (row.get(0), row.get(1));
        let length = data.get(1..5).and_then(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes).context("no chunk")?;
        let directory = data.get(5..5 + length as usize).context("no directory")?;
        let (_, _, times, sources, counts, series): Directory = rmp_serde::from_slice(directory).context("another layout")?;
        let mut add = |name: &str, [others, least, width, means]: [u32; 4]| {
            let sum = sums.entry((tier, name.to_owned())).or_default();
            sum.others += u64::from(others);
            sum.least += u64::from(least);
            sum.width += u64::from(width);
            sum.means += u64::from(means);
        };
        add("(directory)", [length + 5, 0, 0, 0]);
        add("(times, sources, counts)", [times + sources + counts, 0, 0, 0]);
        for (name, present, missing, least, width, means, _) in series {
            let metric = name.parse().ok().and_then(Metric::from_number);
            add(metric.map_or(&name, |metric| metric.name()), [present + missing, least, width, means]);
        }
    }
    pool.close().await;
    Ok(sums)
}

/// Gives hosts the sealed history of others: `(from, to)`, one pair after the other.
///
/// # Errors
/// The database fails.
pub async fn copy_history(path: &Path, pairs: &[(HostId, HostId)]) -> anyhow::Result<()> {
    let pool = connect(path).await?;
    let copy = "INSERT INTO chunks (host_id, tier, from_ms, to_ms, rows, data)
         SELECT ?2, tier, from_ms, to_ms, rows, data FROM chunks WHERE host_id = ?1 ORDER BY tier, from_ms";
    for (from, to) in pairs {
        sqlx::query(copy).bind(from).bind(to).execute(&pool).await?;
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_all(&pool).await?;
    }
    pool.close().await;
    Ok(())
}

/// A database of the schema before migration 0005, with `windows` rows of ten seconds for each of the hosts 1 to `hosts`.
///
/// # Errors
/// It cannot be made.
pub async fn create_old(path: &Path, hosts: u32, first_ms: i64, windows: u32) -> anyhow::Result<()> {
    const FILES: [(&str, &str); 4] = [
        ("0001_accounts.sql", include_str!("../../server/migrations/0001_accounts.sql")),
        ("0002_hosts.sql", include_str!("../../server/migrations/0002_hosts.sql")),
        ("0003_sources.sql", include_str!("../../server/migrations/0003_sources.sql")),
        ("0004_host_life.sql", include_str!("../../server/migrations/0004_host_life.sql")),
    ];
    let folder = tempfile::tempdir()?;
    for (name, text) in FILES {
        std::fs::write(folder.path().join(name), text)?;
    }
    let pool = connect(path).await?;
    Migrator::new(folder.path()).await?.run(&pool).await?;
    let numbers = "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?1)";
    let add = format!("{numbers} INSERT INTO hosts (id, address, port, created_at_ms) SELECT n, 'old-' || n, 22, 0 FROM number");
    sqlx::query(sqlx::AssertSqlSafe(add)).bind(hosts).execute(&pool).await?;
    let fill = format!(
        "{numbers} INSERT INTO samples (host_id, at_ms, source, cpu_mean, cpu_least, cpu_most, memory_mean, memory_least, memory_most, disk,
             in_mean, in_least, in_most, out_mean, out_least, out_most, latency_ms)
         SELECT id, ?2 + (n - 1) * 10000, 1, (n + id) % 90 + 5, (n + id) % 90, (n + id) % 90 + 10, 40.5, 40, 41, 70.25,
             1000, 0, 2048, 500, 0, 1024, 3 FROM hosts, number"
    );
    sqlx::query(sqlx::AssertSqlSafe(fill)).bind(windows).bind(first_ms).execute(&pool).await?;
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_all(&pool).await?;
    pool.close().await;
    Ok(())
}

/// What a database says before the store has touched it.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// `PRAGMA integrity_check` has nothing to say.
    pub is_sound: bool,
    /// An hour was being sealed.
    pub is_sealing: bool,
}

/// Looks at a database that was left behind by a process that was killed.
///
/// # Errors
/// It cannot be opened.
pub async fn look(path: &Path) -> anyhow::Result<Found> {
    let pool = connect(path).await?;
    let answer: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&pool).await?;
    let is_sealing = sqlx::query("SELECT 1 FROM sealing").fetch_optional(&pool).await.is_ok_and(|row| row.is_some());
    pool.close().await;
    Ok(Found { is_sound: answer == "ok", is_sealing })
}
