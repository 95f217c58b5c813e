//! Writes what happens to alerts, in order, and wakes whoever tells people.

use crate::store::{Happening, Store};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, mpsc};

/// Happenings of one transaction.
const AT_ONCE: usize = 1_000;
/// When the store fails it is tried again after this time; meanwhile nothing is lost.
const AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Writes until the channel is closed and everything is written, or cannot be. The channel has no bound: an alert is never dropped, and
/// damping bounds how many there are.
pub async fn keep_happenings(store: Store, mut happened: mpsc::UnboundedReceiver<Vec<Happening>>, written: Arc<Notify>) {
    let mut waiting: Vec<Happening> = Vec::new();
    let mut open = true;
    while open || !waiting.is_empty() {
        if waiting.is_empty() {
            match happened.recv().await {
                Some(more) => waiting.extend(more),
                None => open = false,
            }
        }
        while let Ok(more) = happened.try_recv() {
            waiting.extend(more);
        }
        let batch = &waiting[..waiting.len().min(AT_ONCE)];
        if batch.is_empty() {
            continue;
        }
        match store.save_happenings(batch).await {
            Ok(()) => {
                waiting.drain(..batch.len());
                written.notify_one();
            }
            Err(error) if !open || happened.is_closed() => {
                tracing::error!(%error, lost = waiting.len(), "alerts could not be written before the end");
                return;
            }
            Err(error) => {
                tracing::warn!(%error, waiting = waiting.len(), "alerts wait for the store");
                tokio::time::sleep(AGAIN_AFTER).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::store::AlertFilter;
    use protocol::alert::{Alert, AlertChange, AlertKind};
    use protocol::host::Level;

    fn fired(id: i64) -> Happening {
        let alert = Alert {
            id,
            host_id: id,
            host_name: String::new(),
            group: String::new(),
            kind: AlertKind::Cpu,
            target: String::new(),
            level: Level::Warning,
            worst: Level::Warning,
            no_data: false,
            value: None,
            bound: None,
            fired_at_ms: 1,
            changed_at_ms: 1,
            ended: None,
            acknowledged: None,
            resolved_by_hand: None,
            snoozed_until_ms: None,
        };
        Happening { alert, latched: true, change: Some(AlertChange::Fired), at_ms: 1, by: String::new(), silent: false }
    }

    #[tokio::test]
    async fn everything_is_written_before_the_end_and_the_teller_is_woken() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("tactus.db")).await.unwrap();
        let (sender, receiver) = mpsc::unbounded_channel();
        let written = Arc::new(Notify::new());
        let task = tokio::spawn(keep_happenings(store.clone(), receiver, written.clone()));
        sender.send(vec![fired(1)]).unwrap();
        written.notified().await;
        (2..=2_500).for_each(|id| sender.send(vec![fired(id)]).unwrap());
        drop(sender);
        task.await.unwrap();
        assert_eq!(store.list_alerts(&AlertFilter::default(), 5_000).await.unwrap().len(), 2_500);
        assert_eq!(store.waiting_news(5_000).await.unwrap().len(), 2_500);
    }
}
