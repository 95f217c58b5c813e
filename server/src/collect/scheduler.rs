//! One task per host, so that a hung or slow host never delays another.

use super::Reading;
use super::agent::AgentEndpoint;
use super::exporter::ExporterEndpoint;
use super::follow::{IsWatched, follow};
use super::standby::Logins;
use crate::ssh;
use protocol::host::HostId;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// What is collected.
#[derive(Clone, Debug)]
pub struct Target {
    pub host_id: HostId,
    /// `None` where nothing is installed.
    pub agent: Option<AgentEndpoint>,
    /// How to log in when nothing better can be reached; `None` where that is not known.
    pub ssh: Option<ssh::Target>,
    /// A node_exporter that may be there; `None` where its port is the agent's.
    pub exporter: Option<ExporterEndpoint>,
    /// The login's key may only read.
    pub restricted: bool,
}

/// Starts and ends collection.
pub struct Scheduler {
    readings: mpsc::Sender<Reading>,
    logins: Logins,
    is_watched: IsWatched,
    stop: CancellationToken,
    running: Mutex<HashMap<HostId, CancellationToken>>,
    tasks: TaskTracker,
}

impl Scheduler {
    /// A scheduler without hosts; all of its tasks end with `stop`. Hosts that somebody looks at are read faster over SSH.
    pub fn new(readings: mpsc::Sender<Reading>, logins: Logins, is_watched: IsWatched, stop: CancellationToken) -> Self {
        Self { readings, logins, is_watched, stop, running: Mutex::default(), tasks: TaskTracker::new() }
    }

    /// Starts to collect a host, or starts anew with another endpoint.
    pub fn start(&self, target: Target) {
        let stop = self.stop.child_token();
        let previous = self.lock().insert(target.host_id, stop.clone());
        if let Some(previous) = previous {
            previous.cancel();
        }
        self.tasks.spawn(follow(target, self.readings.clone(), self.logins.clone(), self.is_watched.clone(), stop));
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
