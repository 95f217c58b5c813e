//! The task that sends messages: each notifier in the order of its messages, and none waits for another.

use super::backoff::{GIVE_UP_MS, outcome};
use super::clock::{Clock, until};
use super::error::NotifyError;
use super::mask::masked;
use super::message::Message;
use super::senders::{self, SendError};
use super::settings;
use crate::outbound::Outbound;
use crate::secrets::Vault;
use crate::store::{AttemptRow, MessageRow, NotifierRow, Store};
use futures_util::future::join_all;
use protocol::notify::{AttemptView, NotifierId};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::{Id, JoinSet};
use tokio_util::sync::CancellationToken;

/// After a failure of the database.
const AGAIN_AFTER_MS: i64 = 5_000;
/// What is on its way at the end may arrive, so that it need not be sent again.
const LAST_WORDS: Duration = Duration::from_millis(1_500);
const HOUR_MS: i64 = 3_600_000;
/// Finished messages are kept for a month.
const KEPT_MS: i64 = 30 * 24 * HOUR_MS;
/// What routes knew of alerts that have ended.
const FOLLOWED_KEPT_MS: i64 = 24 * HOUR_MS;
/// Rows that are deleted in one step.
const MOST_PRUNED: i64 = 1_000;

/// Sends messages. Cheap to clone.
#[derive(Clone)]
pub struct Outbox {
    pub store: Store,
    pub vault: Arc<Vault>,
    pub outbound: Outbound,
    pub clock: Clock,
}

impl Outbox {
    /// Works until `stop`. `arrived` wakes it when there are messages, or when one may be sent that could not before.
    pub async fn run(self, arrived: Arc<Notify>, stop: CancellationToken) {
        let mut sending = JoinSet::new();
        let mut busy: BTreeMap<Id, NotifierId> = BTreeMap::new();
        let mut held_until_ms: BTreeMap<NotifierId, i64> = BTreeMap::new();
        let mut tidy_at_ms = (self.clock)();
        loop {
            let now_ms = (self.clock)();
            if tidy_at_ms <= now_ms {
                tidy_at_ms = now_ms + HOUR_MS;
                self.tidy(now_ms).await;
            }
            held_until_ms.retain(|_, until_ms| now_ms < *until_ms);
            let mut next_at_ms = Some(tidy_at_ms);
            match self.store.waiting_messages().await {
                Ok(rows) => {
                    for row in rows {
                        if busy.values().any(|id| *id == row.notifier_id) {
                            continue;
                        }
                        let due_ms = due_ms(&row, now_ms).max(held_until_ms.get(&row.notifier_id).copied().unwrap_or(i64::MIN));
                        if due_ms > now_ms {
                            next_at_ms = next_at_ms.min(Some(due_ms));
                            continue;
                        }
                        let (outbox, notifier_id) = (self.clone(), row.notifier_id);
                        let task = sending.spawn(async move { outbox.deliver(&row).await });
                        busy.insert(task.id(), notifier_id);
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "messages cannot be read");
                    next_at_ms = next_at_ms.min(Some(now_ms + AGAIN_AFTER_MS));
                }
            }
            tokio::select! {
                () = stop.cancelled() => break,
                () = arrived.notified() => {}
                () = tokio::time::sleep(until(next_at_ms, (self.clock)())) => {}
                Some(ended) = sending.join_next_with_id() => {
                    let (id, failed) = match ended {
                        Ok((id, result)) => (id, result.err().map(|error| error.to_string())),
                        Err(error) => (error.id(), Some(error.to_string())),
                    };
                    let notifier_id = busy.remove(&id);
                    if let (Some(error), Some(notifier_id)) = (failed, notifier_id) {
                        tracing::error!(error, notifier_id, "what became of a message cannot be noted");
                        held_until_ms.insert(notifier_id, (self.clock)() + AGAIN_AFTER_MS);
                    }
                }
            }
        }
        let _ = tokio::time::timeout(LAST_WORDS, async { while sending.join_next().await.is_some() {} }).await;
    }

    /// Sends all that is due now, until nothing is, and answers when the next is. What [`Outbox::run`] does, but time stands still for it.
    ///
    /// # Errors
    /// The database fails.
    pub async fn send_due(&self) -> Result<Option<i64>, NotifyError> {
        loop {
            let now_ms = (self.clock)();
            let (due, later): (Vec<_>, Vec<_>) =
                self.store.waiting_messages().await?.into_iter().partition(|row| due_ms(row, now_ms) <= now_ms);
            if due.is_empty() {
                return Ok(later.iter().map(|row| row.next_at_ms).min());
            }
            for result in join_all(due.iter().map(|row| self.deliver(row))).await {
                result?;
            }
        }
    }

    /// Tries to deliver one part of a message, and notes what became of it.
    async fn deliver(&self, row: &MessageRow) -> Result<(), NotifyError> {
        // Deleted meanwhile, and the message with it; or of a kind that only a newer centre knows.
        let notifier = self.store.get_notifier(row.notifier_id).await?.ok_or(NotifyError::NotFound)?;
        let (parts, result, answer) = match serde_json::from_str(&row.message) {
            Ok(message) => self.send(&notifier, &message, row.part).await,
            Err(_) => {
                let malformed = "the message is malformed";
                (1, Err(SendError::Permanent(malformed.into())), malformed.to_owned())
            }
        };
        let now_ms = (self.clock)();
        let outcome = outcome(row, parts, &result, now_ms, rand::random());
        if result.is_err() {
            tracing::warn!(notifier = notifier.name, message = row.id, answer, state = ?outcome.state, "a message has not arrived");
        }
        let attempt = AttemptView { at_ms: now_ms, ok: result.is_ok(), answer };
        self.store.save_attempt(&AttemptRow { message_id: row.id, attempt, outcome }).await?;
        Ok(())
    }

    /// Sends one part of a message. Answers how many parts there are, what became of it, and what the provider said, without secrets.
    pub async fn send(&self, notifier: &NotifierRow, message: &Message, part: u32) -> (u32, Result<String, SendError>, String) {
        let fields = match settings::open(&self.vault, notifier) {
            Ok(fields) => fields,
            Err(error) => return (1, Err(SendError::Permanent(error.to_string())), error.to_string()),
        };
        let sender = senders::build(notifier.kind, fields.clone(), self.outbound.clone());
        let result = sender.send(message, part, (self.clock)()).await;
        let said = match &result {
            Ok(said) => said.clone(),
            Err(error) => error.to_string(),
        };
        (sender.parts(), result, masked(&said, fields.secrets()))
    }

    /// Gives up what is too old, and deletes what nobody needs any more.
    async fn tidy(&self, now_ms: i64) {
        let tidied = async {
            self.store.give_up_messages(now_ms - GIVE_UP_MS, now_ms).await?;
            self.store.prune_messages(now_ms - KEPT_MS, MOST_PRUNED).await?;
            self.store.prune_followed(now_ms - FOLLOWED_KEPT_MS, MOST_PRUNED).await
        };
        if let Err(error) = tidied.await {
            tracing::warn!(%error, "old messages cannot be deleted");
        }
    }
}

/// When a message is tried next. One that would have to wait for longer than anything ever does was put off by a clock that has been set
/// back since.
fn due_ms(row: &MessageRow, now_ms: i64) -> i64 {
    if row.next_at_ms - now_ms > HOUR_MS { now_ms } else { row.next_at_ms }
}
