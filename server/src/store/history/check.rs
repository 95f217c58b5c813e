//! Reads everything that is stored of the history, to find what cannot be read.

use super::processes;
use super::read::blocking;
use super::recordings::readable;
use crate::store::{Counted, Store, StoreError};
use archive::chunk::Chunk;
use archive::{decode, source_of};
use sqlx::Row;

/// Rows that are read at once.
const AT_ONCE: i64 = 256;

/// Open rows and minutes of programs; with `take_out`, those that cannot be read are deleted.
///
/// # Errors
/// The database fails.
pub async fn check_rows(store: &Store, take_out: bool) -> Result<Counted, StoreError> {
    let mut counted = Counted::default();
    for (table, source, data) in [("windows", "source", "series"), ("process_minutes", "0", "data")] {
        let (mut at_ms, mut host_id) = (i64::MIN, i64::MIN);
        let page =
            format!("SELECT at_ms, host_id, {source}, {data} FROM {table} WHERE (at_ms, host_id) > (?, ?) ORDER BY at_ms, host_id LIMIT ?");
        let delete = format!("DELETE FROM {table} WHERE at_ms = ? AND host_id = ?");
        loop {
            // The names are those above.
            let query = sqlx::query(sqlx::AssertSqlSafe(page.clone())).bind(at_ms).bind(host_id).bind(AT_ONCE);
            let rows = query.fetch_all(store.reader()).await?;
            let Some(last) = rows.last() else { break };
            (at_ms, host_id) = (last.get(0), last.get(1));
            for row in &rows {
                counted.all += 1;
                let data: &[u8] = row.get(3);
                let read =
                    if table == "windows" { decode(data).map(drop).map_err(StoreError::from) } else { processes::decode(data).map(drop) };
                if read.is_ok() && source_of(row.get(2)).is_ok() {
                    continue;
                }
                counted.broken += 1;
                if take_out {
                    let query = sqlx::query(sqlx::AssertSqlSafe(delete.clone())).bind(row.get::<i64, _>(0)).bind(row.get::<i64, _>(1));
                    query.execute(store.writer()).await?;
                }
            }
        }
    }
    Ok(counted)
}

/// Sealed chunks; with `take_out`, those that cannot be read are deleted.
///
/// # Errors
/// The database fails.
pub async fn check_chunks(store: &Store, take_out: bool) -> Result<Counted, StoreError> {
    check_blobs(store, "chunks", take_out, |data, host_id| {
        Chunk::open(data)?.rows(host_id)?;
        Ok(())
    })
    .await
}

/// Pieces of recordings; with `take_out`, those that cannot be read are deleted.
///
/// # Errors
/// The database fails.
pub async fn check_recordings(store: &Store, take_out: bool) -> Result<Counted, StoreError> {
    check_blobs(store, "recordings", take_out, readable).await
}

async fn check_blobs(
    store: &Store,
    table: &'static str,
    take_out: bool,
    read: fn(&[u8], i64) -> Result<(), StoreError>,
) -> Result<Counted, StoreError> {
    let mut counted = Counted::default();
    let mut last = i64::MIN;
    loop {
        let page = format!("SELECT id, host_id, data FROM {table} WHERE id > ? ORDER BY id LIMIT ?");
        let rows: Vec<(i64, i64, Vec<u8>)> =
            sqlx::query_as(sqlx::AssertSqlSafe(page)).bind(last).bind(AT_ONCE).fetch_all(store.reader()).await?;
        let Some((id, ..)) = rows.last() else { return Ok(counted) };
        last = *id;
        counted.all += rows.len() as u64;
        let find = move || Ok(rows.iter().filter(|(_, host_id, data)| read(data, *host_id).is_err()).map(|(id, ..)| *id).collect());
        let broken: Vec<i64> = blocking(find).await?;
        counted.broken += broken.len() as u64;
        for id in broken.into_iter().filter(|_| take_out) {
            sqlx::query(sqlx::AssertSqlSafe(format!("DELETE FROM {table} WHERE id = ?"))).bind(id).execute(store.writer()).await?;
        }
    }
}
