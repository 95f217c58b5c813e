//! The task that writes samples, so that nobody else waits for the disk, and keeps the history in order between them.

use super::{Batch, Keeper, Left, Store, StoreError};
use crate::clock::now_ms;
use protocol::live::Event;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;

/// Batches (ten seconds each) that may wait for the disk: ten minutes.
pub const BATCHES_KEPT: usize = 60;

/// Wait after a failed write.
const RETRY: Duration = Duration::from_secs(1);
/// Rest between two steps of keeping order, so that others can write.
const BETWEEN_STEPS: Duration = Duration::from_millis(10);
/// Rest when nothing is left to be done.
const AT_REST: Duration = Duration::from_secs(5);
/// Rest after a step has failed.
const AFTER_FAILURE: Duration = Duration::from_secs(30);

/// Whether the store takes what is written.
#[derive(Clone, Debug, Default)]
pub struct StoreHealth(Arc<AtomicBool>);

impl StoreHealth {
    /// Whether the last write has failed, so that samples wait in memory.
    pub fn is_failing(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Writes batches until all senders are gone; a batch that fails is tried again until it is written or the senders are gone.
pub async fn write_samples(store: Store, mut batches: mpsc::Receiver<Batch>, health: StoreHealth) {
    let mut keeper = None;
    let mut rest = Duration::ZERO;
    loop {
        tokio::select! {
            biased;
            batch = batches.recv() => match batch {
                Some(batch) => write(&store, keeper.as_mut(), &batch, &batches, &health).await,
                None => break,
            },
            () = tokio::time::sleep(rest) => rest = keep(&store, &mut keeper).await,
        }
    }
}

async fn write(store: &Store, mut keeper: Option<&mut Keeper>, batch: &Batch, waiting: &mpsc::Receiver<Batch>, health: &StoreHealth) {
    loop {
        let written = async {
            if let Some(keeper) = keeper.as_deref_mut() {
                keeper.finish_hour_of(&batch.rows).await?;
            }
            store.insert_batch(batch).await
        };
        match written.await {
            Ok(()) => {
                if health.0.swap(false, Ordering::Relaxed) {
                    tracing::info!("the store takes samples again");
                }
                return;
            }
            Err(error) if waiting.is_closed() => {
                tracing::error!(%error, rows = batch.rows.len(), "samples were lost at the stop");
                return;
            }
            Err(error) => {
                if !health.0.swap(true, Ordering::Relaxed) {
                    tracing::error!(%error, "the store does not take samples; trying again");
                }
                tokio::time::sleep(RETRY).await;
            }
        }
    }
}

/// One step of keeping order; answers how long to rest after it.
async fn keep(store: &Store, keeper: &mut Option<Keeper>) -> Duration {
    let step = async {
        if keeper.is_none() {
            *keeper = Some(Keeper::new(store.clone(), now_ms()).await?);
        }
        match keeper {
            Some(keeper) => keeper.step(now_ms()).await,
            None => Ok::<_, StoreError>(Left::Nothing),
        }
    };
    match step.await {
        Ok(Left::Some) => BETWEEN_STEPS,
        Ok(Left::Nothing) => AT_REST,
        Err(error) => {
            tracing::warn!(%error, "the history could not be kept in order; trying again");
            AFTER_FAILURE
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
