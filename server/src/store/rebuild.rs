//! A new database with everything that can still be read of a damaged one.

use super::{Store, StoreError};
use sqlx::{AssertSqlSafe, Row, SqliteConnection};
use std::path::{Path, PathBuf};

/// Keys of what lies in time are at least this far apart, in milliseconds: a smaller range is not halved any more.
const LEAST_TIME_MS: i64 = 10_000;

/// Places in one table after which the rest of it is given up: halving goes on for ever where the root is gone.
const MOST_PLACES: u64 = 20_000;

/// What became of a damaged database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// Where the damaged one lies now.
    pub kept_as: PathBuf,
    /// Rows that were saved.
    pub saved: u64,
    /// Places at which rows could not be read.
    pub lost: u64,
}

/// Rebuilds the database `path`. It is kept under another name that ends in `now_ms`.
///
/// # Errors
/// Nothing of it can be read, or the folder cannot be written; then the database is as it was.
pub async fn rebuild(path: &Path, now_ms: i64) -> Result<Rebuilt, StoreError> {
    let named = |ending: &str| {
        let mut name = path.to_owned().into_os_string();
        name.push(ending);
        PathBuf::from(name)
    };
    let fresh = named(".rebuilt");
    for ending in ["", "-wal", "-shm"] {
        // What a rebuild that was broken off has left.
        let _ = std::fs::remove_file(named(&format!(".rebuilt{ending}")));
    }
    let store = Store::open(&fresh).await?;
    let copied = copy(&store, path).await;
    store.close().await;
    let (saved, lost) = copied?;
    let kept_as = named(&format!(".damaged-{now_ms}"));
    let moved = |from: &Path, to: &Path| std::fs::rename(from, to).map_err(|source| StoreError::Lock { path: from.to_owned(), source });
    moved(path, &kept_as)?;
    for ending in ["-wal", "-shm"] {
        // The log belongs to the damaged one; without it there is none.
        let _ = std::fs::rename(named(ending), named(&format!(".damaged-{now_ms}{ending}")));
    }
    moved(&fresh, path)?;
    Ok(Rebuilt { kept_as, saved, lost })
}

async fn copy(store: &Store, damaged: &Path) -> Result<(u64, u64), StoreError> {
    let mut connection = store.writer().acquire().await?;
    sqlx::query("PRAGMA foreign_keys = OFF").execute(&mut *connection).await?;
    sqlx::query("ATTACH DATABASE ? AS damaged").bind(damaged.to_string_lossy().into_owned()).execute(&mut *connection).await?;
    let tables: Vec<(String, bool)> = sqlx::query_as(
        "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
         AND name NOT LIKE '\\_sqlx%' ESCAPE '\\'",
    )
    .fetch_all(&mut *connection)
    .await?;
    let (mut saved, mut lost) = (0, 0);
    for (table, without_rowid) in tables {
        let columns: Vec<(String, i64, String)> =
            sqlx::query_as("SELECT name, pk, type FROM pragma_table_info(?)").bind(&table).fetch_all(&mut *connection).await?;
        let names = columns.iter().map(|(name, ..)| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        let first_key = columns.iter().find(|(_, pk, kind)| *pk == 1 && kind == "INTEGER").map(|(name, ..)| name.clone());
        let key = if without_rowid { first_key } else { Some("rowid".into()) };
        let (rows, gaps) = copy_table(&mut connection, &table, &names, key.as_deref()).await?;
        saved += rows;
        lost += gaps;
    }
    sqlx::query("DETACH DATABASE damaged").execute(&mut *connection).await?;
    sqlx::query("PRAGMA foreign_keys = ON").execute(&mut *connection).await?;
    Ok((saved, lost))
}

/// Copies by halves: where a range cannot be read, each of its halves is tried, down to the single key.
async fn copy_table(connection: &mut SqliteConnection, table: &str, names: &str, key: Option<&str>) -> Result<(u64, u64), StoreError> {
    let all = format!("INSERT OR IGNORE INTO main.\"{table}\" ({names}) SELECT {names} FROM damaged.\"{table}\"");
    if let Ok(done) = sqlx::query(AssertSqlSafe(all.clone())).execute(&mut *connection).await {
        return Ok((done.rows_affected(), 0));
    }
    let Some(key) = key else { return Ok((0, 1)) };
    // The smallest and the largest key may lie in what cannot be read.
    let end = |order| format!("SELECT \"{key}\" FROM damaged.\"{table}\" ORDER BY \"{key}\" {order} LIMIT 1");
    let first = sqlx::query(AssertSqlSafe(end(""))).fetch_optional(&mut *connection).await.ok().flatten().map_or(0, |row| row.get(0));
    let last = sqlx::query(AssertSqlSafe(end("DESC"))).fetch_optional(&mut *connection).await.ok().flatten();
    let last = last.map_or(i64::MAX / 2, |row| row.get(0));
    let range = format!("{all} WHERE \"{key}\" BETWEEN ? AND ?");
    let (mut saved, mut lost) = (0, 0);
    let least = if key == "at_ms" { LEAST_TIME_MS } else { 1 };
    let mut waiting: Vec<(i64, i64)> = vec![(first, last)];
    while let Some((from, to)) = waiting.pop().filter(|(from, to)| from <= to && lost < MOST_PLACES) {
        match sqlx::query(AssertSqlSafe(range.clone())).bind(from).bind(to).execute(&mut *connection).await {
            Ok(done) => saved += done.rows_affected(),
            Err(_) if to - from < least => lost += 1,
            Err(_) => {
                let middle = from + (to - from) / 2;
                waiting.extend([(middle + 1, to), (from, middle)]);
            }
        }
    }
    Ok((saved, lost))
}
