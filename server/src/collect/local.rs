//! The centre's own machine, read in-process by the agent's own code, so that the first start needs no set-up.

use super::{CollectFailure, Reading};
use crate::clock::{now_ms, now_us};
use agent::machine::Machine;
use protocol::beat::until_next_beat;
use protocol::host::{LOCAL_HOST_ID, Source};
use std::path::PathBuf;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Reads the machine below `root` on every beat until `stop`.
pub async fn read_local(root: PathBuf, readings: mpsc::Sender<Reading>, stop: CancellationToken) {
    let mut machine = Machine::new(&root);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(until_next_beat(now_us(), 0)) => {}
        }
        // /proc can be slow (a dying disk, a thousand processes): never on an async thread.
        let sampled = tokio::task::spawn_blocking(move || {
            let snapshot = machine.sample(now_ms());
            (machine, snapshot)
        });
        let outcome = match sampled.await {
            Ok((returned, snapshot)) => {
                machine = returned;
                Ok(Box::new(snapshot))
            }
            Err(error) => {
                machine = Machine::new(&root);
                Err(CollectFailure::Local(error.to_string()))
            }
        };
        let reading = Reading { host_id: LOCAL_HOST_ID, source: Source::Local, received_at_ms: now_ms(), latency_ms: None, outcome };
        if readings.send(reading).await.is_err() {
            return;
        }
    }
}
