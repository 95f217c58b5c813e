//! The table of messages, and the log of the attempts to deliver them.

use crate::store::events::{meant, word};
use crate::store::{Store, StoreError};
use protocol::notify::{AttemptView, DeliveryFilter, DeliveryId, DeliveryState, DeliveryView, NotifierId, NotifierKind};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};

/// Attempts that are shown of a message.
const ATTEMPTS_SHOWN: i64 = 20;

/// A message that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageRow {
    pub id: DeliveryId,
    pub idempotency_key: String,
    pub notifier_id: NotifierId,
    /// JSON; its room knows what it means.
    pub message: String,
    /// Since when it is tried.
    pub since_ms: i64,
    pub next_at_ms: i64,
    /// Attempts of the present part.
    pub attempts: u32,
    /// Recipients that are done, where each needs a request of its own.
    pub part: u32,
    /// How many of these in vain.
    pub failed_parts: u32,
}

/// How a message stands after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub state: DeliveryState,
    pub next_at_ms: i64,
    pub attempts: u32,
    pub part: u32,
    pub failed_parts: u32,
}

/// An attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptRow {
    pub message_id: DeliveryId,
    pub attempt: AttemptView,
    pub outcome: Outcome,
}

impl Store {
    /// The oldest waiting message of each enabled notifier, whether it is due or not.
    ///
    /// # Errors
    /// The database fails.
    pub async fn waiting_messages(&self) -> Result<Vec<MessageRow>, StoreError> {
        let query = "SELECT outbox.* FROM outbox JOIN notifiers ON notifiers.id = outbox.notifier_id
             WHERE outbox.id IN (SELECT min(id) FROM outbox WHERE state = 'waiting' GROUP BY notifier_id) AND notifiers.enabled = 1
             ORDER BY outbox.id";
        Ok(sqlx::query(query).fetch_all(self.reader()).await?.iter().map(message_of).collect())
    }

    /// Writes an attempt and how its message stands now, in one transaction.
    ///
    /// # Errors
    /// The database fails; then neither is written.
    pub async fn save_attempt(&self, row: &AttemptRow) -> Result<(), StoreError> {
        let AttemptRow { message_id, attempt, outcome } = row;
        let mut transaction = self.begin().await?;
        sqlx::query(
            "INSERT INTO deliveries (outbox_id, at_ms, ok, answer) SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM outbox WHERE id = ?1)",
        )
        .bind(message_id)
        .bind(attempt.at_ms)
        .bind(attempt.ok)
        .bind(&attempt.answer)
        .execute(&mut *transaction)
        .await?;
        let finished = (outcome.state != DeliveryState::Waiting).then_some(attempt.at_ms);
        sqlx::query(
            "UPDATE outbox SET state = ?, next_at_ms = ?, attempts = ?, part = ?, failed_parts = ?, finished_at_ms = ? WHERE id = ?",
        )
        .bind(word(&outcome.state)?)
        .bind(outcome.next_at_ms)
        .bind(outcome.attempts)
        .bind(outcome.part)
        .bind(outcome.failed_parts)
        .bind(finished)
        .bind(message_id)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Messages that pass the filter, newest first, at most `limit`.
    ///
    /// # Errors
    /// The database fails.
    pub async fn list_deliveries(&self, filter: &DeliveryFilter, limit: u32) -> Result<Vec<DeliveryView>, StoreError> {
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT outbox.*, notifiers.name AS notifier_name, notifiers.kind FROM outbox JOIN notifiers ON notifiers.id = notifier_id
             WHERE 1 = 1",
        );
        if let Some(state) = filter.state {
            query.push(" AND state = ").push_bind(word(&state)?);
        }
        if let Some(notifier_id) = filter.notifier_id {
            query.push(" AND notifier_id = ").push_bind(notifier_id);
        }
        if let Some(before_id) = filter.before_id {
            query.push(" AND outbox.id < ").push_bind(before_id);
        }
        query.push(" ORDER BY outbox.id DESC LIMIT ").push_bind(limit);
        let rows = query.build().fetch_all(self.reader()).await?;
        let mut found: Vec<DeliveryView> = rows.iter().filter_map(delivery_of).collect();
        for delivery in &mut found {
            let rows = sqlx::query("SELECT * FROM deliveries WHERE outbox_id = ? ORDER BY id DESC LIMIT ?")
                .bind(delivery.id)
                .bind(ATTEMPTS_SHOWN)
                .fetch_all(self.reader())
                .await?;
            let attempt = |row: &SqliteRow| AttemptView { at_ms: row.get("at_ms"), ok: row.get("ok"), answer: row.get("answer") };
            delivery.attempts = rows.iter().rev().map(attempt).collect();
        }
        Ok(found)
    }

    /// Has a finished message sent again, from its first recipient on. Answers whether there is such a one.
    ///
    /// # Errors
    /// The database fails.
    pub async fn resend_message(&self, id: DeliveryId, now_ms: i64) -> Result<bool, StoreError> {
        let query = "UPDATE outbox SET state = 'waiting', since_ms = ?1, next_at_ms = ?1, attempts = 0, part = 0, failed_parts = 0,
             finished_at_ms = NULL WHERE id = ?2 AND state <> 'waiting'";
        Ok(sqlx::query(query).bind(now_ms).bind(id).execute(self.writer()).await?.rows_affected() > 0)
    }

    /// Gives up messages that have been waiting since before `before_ms`, also those of notifiers that are switched off.
    ///
    /// # Errors
    /// The database fails.
    pub async fn give_up_messages(&self, before_ms: i64, now_ms: i64) -> Result<(), StoreError> {
        let query = "UPDATE outbox SET state = 'dead', finished_at_ms = ? WHERE state = 'waiting' AND since_ms < ?";
        sqlx::query(query).bind(now_ms).bind(before_ms).execute(self.writer()).await?;
        Ok(())
    }

    /// Deletes at most `limit` messages that were finished before `before_ms`.
    ///
    /// # Errors
    /// The database fails.
    pub async fn prune_messages(&self, before_ms: i64, limit: i64) -> Result<(), StoreError> {
        let query = "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE finished_at_ms < ? AND state <> 'waiting' LIMIT ?)";
        sqlx::query(query).bind(before_ms).bind(limit).execute(self.writer()).await?;
        Ok(())
    }
}

fn message_of(row: &SqliteRow) -> MessageRow {
    MessageRow {
        id: row.get("id"),
        idempotency_key: row.get("idempotency_key"),
        notifier_id: row.get("notifier_id"),
        message: row.get("message"),
        since_ms: row.get("since_ms"),
        next_at_ms: row.get("next_at_ms"),
        attempts: row.get("attempts"),
        part: row.get("part"),
        failed_parts: row.get("failed_parts"),
    }
}

fn delivery_of(row: &SqliteRow) -> Option<DeliveryView> {
    let state: DeliveryState = meant(row.get("state"))?;
    let kind: NotifierKind = row.get::<String, _>("kind").parse().ok()?;
    Some(DeliveryView {
        id: row.get("id"),
        notifier_id: row.get("notifier_id"),
        notifier_name: row.get("notifier_name"),
        kind,
        subject: row.get("subject"),
        state,
        created_at_ms: row.get("created_at_ms"),
        next_at_ms: (state == DeliveryState::Waiting).then(|| row.get("next_at_ms")),
        attempts: Vec::new(),
    })
}
