//! What each route knows of each alert, and the one step in which news become messages.

use crate::store::alerts::news::mark_told;
use crate::store::alerts::records::{alert_of, level_of};
use crate::store::{Store, StoreError};
use protocol::alert::Alert;
use protocol::host::Level;
use protocol::notify::{NotifierId, RouteId};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, Sqlite, Transaction};

/// What a route knows of an alert.
#[derive(Clone, Debug, PartialEq)]
pub struct FollowedRow {
    pub route_id: RouteId,
    /// As it stands; only its number is written.
    pub alert: Alert,
    /// Highest level that has been told.
    pub told_level: Option<Level>,
    /// When something was told last.
    pub told_at_ms: Option<i64>,
    /// What is to be told, by the name of its kind, and when.
    pub pending: Option<(String, i64)>,
    /// The last news that led to it.
    pub news_id: i64,
    pub repeat_at_ms: Option<i64>,
    pub escalate_at_ms: Option<i64>,
    pub escalated: bool,
}

/// A message to one notifier that is to go out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMessage {
    pub idempotency_key: String,
    pub notifier_id: NotifierId,
    pub subject: String,
    /// JSON; its room knows what it means.
    pub message: String,
}

/// News that become messages, and what is known afterwards.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Handover {
    /// News that are told now, or that nobody is to be told.
    pub news: Vec<i64>,
    pub followed: Vec<FollowedRow>,
    pub messages: Vec<NewMessage>,
    pub at_ms: i64,
}

impl Store {
    /// What routes know of alerts that are open, have something pending or untold, or ended at `since_ms` or later, in the order of the
    /// alerts.
    ///
    /// # Errors
    /// The database fails.
    pub async fn list_followed(&self, since_ms: i64) -> Result<Vec<FollowedRow>, StoreError> {
        let query = "SELECT alerts.*, followed.* FROM notify_followed AS followed JOIN alerts ON alerts.id = followed.alert_id
             WHERE alerts.ended_at_ms IS NULL OR alerts.ended_at_ms >= ? OR followed.pending IS NOT NULL
                 OR alerts.id IN (SELECT alert_id FROM alert_news WHERE told = 0)
             ORDER BY followed.alert_id, followed.route_id";
        let rows = sqlx::query(query).bind(since_ms).fetch_all(self.reader()).await?;
        Ok(rows.iter().filter_map(followed_of).collect())
    }

    /// Turns news into messages, all in one transaction: nothing is lost, and nothing told twice, whenever the centre stops. A message
    /// whose key is there already is not added again; one to a notifier that is gone is dropped.
    ///
    /// # Errors
    /// The database fails; then nothing of it is written.
    pub async fn hand_over(&self, handover: &Handover) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        mark_told(&mut transaction, &handover.news).await?;
        for row in &handover.followed {
            write_followed(&mut transaction, row).await?;
        }
        for message in &handover.messages {
            sqlx::query(
                "INSERT INTO outbox (idempotency_key, notifier_id, subject, message, state, created_at_ms, since_ms, next_at_ms, attempts,
                     part, failed_parts)
                 SELECT ?1, ?2, ?3, ?4, 'waiting', ?5, ?5, ?5, 0, 0, 0 WHERE EXISTS (SELECT 1 FROM notifiers WHERE id = ?2)
                 ON CONFLICT (idempotency_key) DO NOTHING",
            )
            .bind(&message.idempotency_key)
            .bind(message.notifier_id)
            .bind(&message.subject)
            .bind(&message.message)
            .bind(handover.at_ms)
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Forgets at most `limit` alerts that ended before `before_ms` and of which everything has been told.
    ///
    /// # Errors
    /// The database fails.
    pub async fn prune_followed(&self, before_ms: i64, limit: i64) -> Result<(), StoreError> {
        let query = "DELETE FROM notify_followed WHERE pending IS NULL AND alert_id IN (
             SELECT alert_id FROM notify_followed JOIN alerts ON alerts.id = alert_id WHERE alerts.ended_at_ms < ? AND pending IS NULL
                 AND alert_id NOT IN (SELECT alert_id FROM alert_news WHERE told = 0) LIMIT ?)";
        sqlx::query(query).bind(before_ms).bind(limit).execute(self.writer()).await?;
        Ok(())
    }
}

async fn write_followed(transaction: &mut Transaction<'_, Sqlite>, row: &FollowedRow) -> Result<(), StoreError> {
    let query = "INSERT INTO notify_followed (route_id, alert_id, told_level, told_at_ms, pending, due_at_ms, news_id, repeat_at_ms,
             escalate_at_ms, escalated)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 WHERE EXISTS (SELECT 1 FROM alerts WHERE id = ?2)
         ON CONFLICT (route_id, alert_id) DO UPDATE SET told_level = ?3, told_at_ms = ?4, pending = ?5, due_at_ms = ?6, news_id = ?7,
             repeat_at_ms = ?8, escalate_at_ms = ?9, escalated = ?10";
    sqlx::query(query)
        .bind(row.route_id)
        .bind(row.alert.id)
        .bind(row.told_level.unwrap_or_default() as i64)
        .bind(row.told_at_ms)
        .bind(row.pending.as_ref().map(|(what, _)| what))
        .bind(row.pending.as_ref().map(|(_, due_at_ms)| due_at_ms))
        .bind(row.news_id)
        .bind(row.repeat_at_ms)
        .bind(row.escalate_at_ms)
        .bind(row.escalated)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

fn followed_of(row: &SqliteRow) -> Option<FollowedRow> {
    let told_level: i64 = row.get("told_level");
    let pending = row.get::<Option<String>, _>("pending").zip(row.get::<Option<i64>, _>("due_at_ms"));
    Some(FollowedRow {
        route_id: row.get("route_id"),
        alert: alert_of(row)?,
        told_level: (told_level != Level::Calm as i64).then(|| level_of(told_level)),
        told_at_ms: row.get("told_at_ms"),
        pending,
        news_id: row.get("news_id"),
        repeat_at_ms: row.get("repeat_at_ms"),
        escalate_at_ms: row.get("escalate_at_ms"),
        escalated: row.get("escalated"),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::store::{Happening, NotifierRow};
    use protocol::alert::{AlertChange, AlertKind, Ending};
    use protocol::notify::{DeliveryFilter, Language, NotifierKind};
    use std::collections::BTreeMap;

    fn alert(id: i64) -> Alert {
        Alert {
            id,
            host_id: id,
            host_name: "web-1".into(),
            group: String::new(),
            kind: AlertKind::Cpu,
            target: String::new(),
            level: Level::Warning,
            worst: Level::Warning,
            no_data: false,
            value: None,
            bound: None,
            fired_at_ms: 5,
            changed_at_ms: 5,
            ended: None,
            acknowledged: None,
            resolved_by_hand: None,
            snoozed_until_ms: None,
        }
    }

    fn followed(alert: Alert) -> FollowedRow {
        FollowedRow {
            route_id: 3,
            alert,
            told_level: Some(Level::Warning),
            told_at_ms: Some(7),
            pending: None,
            news_id: 1,
            repeat_at_ms: Some(8),
            escalate_at_ms: None,
            escalated: true,
        }
    }

    async fn save(store: &Store, alert: &Alert, change: Option<AlertChange>) {
        let happening = Happening { alert: alert.clone(), latched: alert.is_open(), change, at_ms: 5, by: String::new(), silent: false };
        store.save_happenings(&[happening]).await.unwrap();
    }

    #[tokio::test]
    async fn a_message_is_put_out_once_and_what_is_gone_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("tactus.db")).await.unwrap();
        let (name, time_zone, fields, sealed) = ("n".to_owned(), "UTC".to_owned(), BTreeMap::new(), BTreeMap::new());
        let row =
            NotifierRow { id: 0, name, kind: NotifierKind::Slack, enabled: true, language: Language::English, time_zone, fields, sealed };
        let notifier_id = store.save_notifier::<StoreError>(&row, |_| Ok(BTreeMap::new())).await.unwrap();
        save(&store, &alert(1), Some(AlertChange::Fired)).await;
        let message =
            |notifier_id, key: &str| NewMessage { idempotency_key: key.into(), notifier_id, subject: "s".into(), message: "{}".into() };
        let handover = Handover {
            news: store.waiting_news(9).await.unwrap().iter().map(|news| news.id).collect(),
            followed: vec![followed(alert(1)), followed(alert(99))],
            messages: vec![message(notifier_id, "a"), message(77, "b"), message(notifier_id, "a")],
            at_ms: 6,
        };
        store.hand_over(&handover).await.unwrap();
        store.hand_over(&handover).await.unwrap();
        assert!(store.waiting_news(9).await.unwrap().is_empty());
        assert_eq!(store.list_deliveries(&DeliveryFilter::default(), 9).await.unwrap().len(), 1);
        assert_eq!(store.list_followed(0).await.unwrap(), [followed(alert(1))]);
    }

    #[tokio::test]
    async fn what_has_ended_is_known_for_a_while_and_as_long_as_there_is_something_to_tell() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("tactus.db")).await.unwrap();
        let ended = |id| Alert { ended: Some((1_000, Ending::Recovered)), ..alert(id) };
        let pending = Some(("resolved".to_owned(), 9_000));
        for id in 1..=4 {
            save(&store, &ended(id), None).await;
        }
        save(&store, &alert(4), None).await;
        save(&store, &ended(2), Some(AlertChange::Resolved)).await;
        let rows = vec![followed(ended(1)), followed(ended(2)), FollowedRow { pending, ..followed(ended(3)) }, followed(alert(4))];
        store.hand_over(&Handover { followed: rows, ..Handover::default() }).await.unwrap();
        let known = async |since_ms| store.list_followed(since_ms).await.unwrap().iter().map(|row| row.alert.id).collect::<Vec<_>>();
        assert_eq!(known(1_000).await, [1, 2, 3, 4]);
        assert_eq!(known(1_001).await, [2, 3, 4]);
        store.prune_followed(1_001, 10).await.unwrap();
        assert_eq!(known(0).await, [2, 3, 4]);
    }
}
