//! What happened to hosts: changes of state and of source.

use super::{Store, StoreError};
use protocol::host::{HostId, HostStatus, Source};
use protocol::live::{Event, SourceEvent, StatusEvent};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// Longest reason that is kept, in characters.
const MAX_REASON: usize = 300;

/// One row, in the words of the protocol.
#[derive(Clone, Debug, PartialEq)]
pub enum HostEventRow {
    Status(StatusEvent),
    Source(SourceEvent),
}

impl Store {
    /// Keeps events in one transaction. Those of deleted hosts, and of other kinds, are dropped.
    ///
    /// # Errors
    /// The database fails; then none of them is kept.
    pub async fn insert_events(&self, events: &[Event]) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        for event in events {
            let (host_id, at_ms, kind, was, became, reason) = match event {
                Event::Status(event) => (event.host_id, event.at_ms, "status", word(&event.from)?, word(&event.to)?, &event.reason),
                Event::Source(event) => {
                    let was = event.from.as_ref().map(word).transpose()?.unwrap_or_default();
                    (event.host_id, event.at_ms, "source", was, word(&event.to)?, &event.reason)
                }
                Event::Deploy(_) => continue,
            };
            sqlx::query(
                "INSERT INTO host_events (host_id, at_ms, kind, was, became, reason) SELECT ?1, ?2, ?3, ?4, ?5, ?6
                 WHERE EXISTS (SELECT 1 FROM hosts WHERE id = ?1)",
            )
            .bind(host_id)
            .bind(at_ms)
            .bind(kind)
            .bind(was)
            .bind(became)
            .bind(reason.chars().take(MAX_REASON).collect::<String>())
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Events of a host, newest first, at most `limit`. One that another version wrote and this one does not know is left out.
    ///
    /// # Errors
    /// The database fails.
    pub async fn list_events(&self, host_id: HostId, limit: u32) -> Result<Vec<HostEventRow>, StoreError> {
        let rows = sqlx::query("SELECT * FROM host_events WHERE host_id = ? ORDER BY at_ms DESC, id DESC LIMIT ?")
            .bind(host_id)
            .bind(limit)
            .fetch_all(self.reader())
            .await?;
        Ok(rows.iter().filter_map(event).collect())
    }

    /// Events of a host from `from_ms` to before `to_ms`, newest first, at most `limit`.
    ///
    /// # Errors
    /// The database fails.
    pub async fn events_between(&self, host_id: HostId, from_ms: i64, to_ms: i64, limit: u32) -> Result<Vec<HostEventRow>, StoreError> {
        let query = "SELECT * FROM host_events WHERE host_id = ? AND at_ms >= ? AND at_ms < ? ORDER BY at_ms DESC, id DESC LIMIT ?";
        let rows = sqlx::query(query).bind(host_id).bind(from_ms).bind(to_ms).bind(limit).fetch_all(self.reader()).await?;
        Ok(rows.iter().filter_map(event).collect())
    }

    /// Deletes at most `limit` events older than `before_ms`.
    ///
    /// # Errors
    /// The database fails.
    pub async fn prune_events(&self, before_ms: i64, limit: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM host_events WHERE id IN (SELECT id FROM host_events WHERE at_ms < ? LIMIT ?)")
            .bind(before_ms)
            .bind(limit)
            .execute(self.writer())
            .await?;
        Ok(())
    }
}

/// The protocol's name of a state or a source.
pub(super) fn word(value: &impl Serialize) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(StoreError::Malformed { what: "event" }),
    }
}

pub(super) fn meant<T: DeserializeOwned>(word: String) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(word)).ok()
}

fn event(row: &SqliteRow) -> Option<HostEventRow> {
    let (host_id, at_ms, reason) = (row.get("host_id"), row.get("at_ms"), row.get("reason"));
    let (was, became) = (row.get::<String, _>("was"), row.get::<String, _>("became"));
    match row.get::<String, _>("kind").as_str() {
        "status" => {
            let (from, to) = (meant::<HostStatus>(was)?, meant::<HostStatus>(became)?);
            Some(HostEventRow::Status(StatusEvent { host_id, at_ms, from, to, source: None, reason }))
        }
        "source" => Some(HostEventRow::Source(SourceEvent { host_id, at_ms, from: meant::<Source>(was), to: meant(became)?, reason })),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn events_survive_the_store_newest_first() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("tactus.db")).await.unwrap();
        store.ensure_local_host(1, 0).await.unwrap();
        let status = |host_id, at_ms| StatusEvent {
            host_id,
            at_ms,
            from: HostStatus::Online,
            to: HostStatus::Offline,
            source: None,
            reason: "no sample for 1750 ms".into(),
        };
        let source = |from| SourceEvent { host_id: 1, at_ms: 7, from, to: Source::Ssh, reason: String::new() };
        let events = [
            Event::Status(status(1, 5)),
            Event::Status(status(99, 6)),
            Event::Source(source(Some(Source::Agent))),
            Event::Source(source(None)),
        ];
        store.insert_events(&events).await.unwrap();
        let expected =
            [HostEventRow::Source(source(None)), HostEventRow::Source(source(Some(Source::Agent))), HostEventRow::Status(status(1, 5))];
        assert_eq!(store.list_events(1, 10).await.unwrap(), expected);
        assert_eq!(store.list_events(1, 1).await.unwrap().len(), 1);
        assert_eq!(store.events_between(1, 5, 7, 10).await.unwrap(), [HostEventRow::Status(status(1, 5))]);
        store.prune_events(7, 10).await.unwrap();
        assert_eq!(store.list_events(1, 10).await.unwrap().len(), 2);
        assert!(store.list_events(99, 10).await.unwrap().is_empty());
    }
}
