//! One task per host, so that a hung or slow host never delays another.

use super::agent::{AgentEndpoint, AgentError, AgentStream};
use super::{CollectFailure, Reading};
use crate::clock::now_ms;
use protocol::beat::BEAT_MS;
use protocol::host::{HostId, Source};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A stream that is silent for so long is given up: three beats and a quarter for a busy network.
const SILENCE: Duration = Duration::from_millis(3 * BEAT_MS + BEAT_MS / 4);

/// First and longest wait between two tries to open a stream.
const FIRST_WAIT: Duration = Duration::from_millis(BEAT_MS);
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// What is collected.
#[derive(Clone, Debug)]
pub struct Target {
    pub host_id: HostId,
    pub endpoint: AgentEndpoint,
}

/// Starts and ends collection.
pub struct Scheduler {
    readings: mpsc::Sender<Reading>,
    stop: CancellationToken,
    running: Mutex<HashMap<HostId, CancellationToken>>,
    tasks: TaskTracker,
}

impl Scheduler {
    /// A scheduler without hosts; all of its tasks end with `stop`.
    pub fn new(readings: mpsc::Sender<Reading>, stop: CancellationToken) -> Self {
        Self { readings, stop, running: Mutex::default(), tasks: TaskTracker::new() }
    }

    /// Starts to collect a host, or starts anew with another endpoint.
    pub fn start(&self, target: Target) {
        let stop = self.stop.child_token();
        let previous = self.lock().insert(target.host_id, stop.clone());
        if let Some(previous) = previous {
            previous.cancel();
        }
        self.tasks.spawn(follow(target, self.readings.clone(), stop));
    }

    /// Ends the collection of a host, if there is any.
    pub fn end(&self, host_id: HostId) {
        if let Some(stop) = self.lock().remove(&host_id) {
            stop.cancel();
        }
    }

    /// Waits until all tasks have ended after `stop`.
    pub async fn finished(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<HostId, CancellationToken>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn follow(target: Target, readings: mpsc::Sender<Reading>, stop: CancellationToken) {
    let mut wait = FIRST_WAIT;
    loop {
        let lived = tokio::select! {
            () = stop.cancelled() => return,
            lived = follow_once(&target, &readings) => lived,
        };
        wait = if lived { FIRST_WAIT } else { (wait * 2).min(LONGEST_WAIT) };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(with_jitter(wait, rand::random())) => {}
        }
    }
}

/// Opens the stream and passes snapshots on until it ends; says whether there was any.
async fn follow_once(target: &Target, readings: &mpsc::Sender<Reading>) -> bool {
    let send = async |outcome| {
        let reading = Reading { host_id: target.host_id, source: Source::Agent, received_at_ms: now_ms(), outcome };
        readings.send(reading).await.is_ok()
    };
    let mut stream = match AgentStream::open(&target.endpoint).await {
        Ok(stream) => stream,
        Err(error) => {
            send(Err(error.into())).await;
            return false;
        }
    };
    let mut lived = false;
    loop {
        let failure: CollectFailure = match timeout(SILENCE, stream.next()).await {
            Ok(Ok(snapshot)) => {
                lived = true;
                if send(Ok(Box::new(snapshot))).await {
                    continue;
                }
                AgentError::Closed.into()
            }
            Ok(Err(error)) => error.into(),
            Err(_) => CollectFailure::Missed { silent_ms: SILENCE.as_millis() as u64 },
        };
        send(Err(failure)).await;
        return lived;
    }
}

/// Between 75 % and 125 % of `wait`, so that a fleet does not come back in one instant. `chance` is any number.
fn with_jitter(wait: Duration, chance: u16) -> Duration {
    wait.mul_f64(0.75 + 0.5 * f64::from(chance) / f64::from(u16::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_stays_within_a_quarter() {
        for chance in [0, 1, 30_000, u16::MAX] {
            let wait = with_jitter(Duration::from_secs(4), chance);
            assert!((Duration::from_secs(3)..=Duration::from_secs(5)).contains(&wait), "{wait:?}");
        }
    }
}
