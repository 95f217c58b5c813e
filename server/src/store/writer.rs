//! The task that writes samples, so that nobody else waits for the disk.

use super::{SampleRow, Store};
use crate::clock::now_ms;
use protocol::live::Event;
use std::time::Duration;
use tokio::sync::mpsc;

/// Batches (ten seconds each) that may wait for the disk: ten minutes.
pub const BATCHES_KEPT: usize = 60;

/// Wait after a failed write.
const RETRY: Duration = Duration::from_secs(1);
/// How long rows are kept: 90 days.
const KEPT_MS: i64 = 90 * 24 * 3_600 * 1_000;
/// Most rows that one batch deletes, so that no write takes long.
const PRUNED_AT_ONCE: i64 = 2_000;

/// Writes batches until all senders are gone; a batch that fails is tried again until it is written or the senders are gone.
pub async fn write_samples(store: Store, mut batches: mpsc::Receiver<Vec<SampleRow>>) {
    let mut failing = false;
    while let Some(batch) = batches.recv().await {
        loop {
            match store.insert_samples(&batch).await {
                Ok(()) => {
                    if std::mem::take(&mut failing) {
                        tracing::info!("the store takes samples again");
                    }
                    break;
                }
                Err(error) if batches.is_closed() => {
                    tracing::error!(%error, rows = batch.len(), "samples were lost at the stop");
                    break;
                }
                Err(error) => {
                    if !std::mem::replace(&mut failing, true) {
                        tracing::error!(%error, "the store does not take samples; trying again");
                    }
                    tokio::time::sleep(RETRY).await;
                }
            }
        }
        if let Err(error) = store.prune_events(now_ms() - KEPT_MS, PRUNED_AT_ONCE).await {
            tracing::warn!(%error, "old events could not be deleted");
        }
        if let Err(error) = store.prune_samples(now_ms() - KEPT_MS, PRUNED_AT_ONCE).await {
            tracing::warn!(%error, "old samples could not be deleted");
        }
    }
}

/// Events that are written in one transaction at most.
const EVENTS_AT_ONCE: usize = 256;

/// Writes events until all senders are gone. Those that fail are tried again until they are written or the senders are gone.
pub async fn write_events(store: Store, mut happened: mpsc::Receiver<Event>) {
    let mut events = Vec::new();
    while happened.recv_many(&mut events, EVENTS_AT_ONCE).await > 0 {
        while let Err(error) = store.insert_events(&events).await {
            if happened.is_closed() {
                tracing::error!(%error, events = events.len(), "events were lost at the stop");
                break;
            }
            tracing::warn!(%error, "the store does not take events; trying again");
            tokio::time::sleep(RETRY).await;
        }
        events.clear();
    }
}
