//! Actions that run on hosts: at most one for each host, at most twenty at once.

use super::HostError;
use protocol::deploy::DeployProgress;
use protocol::host::HostId;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::task::TaskTracker;

/// Hosts that are worked on at once; more wait.
const AT_ONCE: usize = 20;

/// Running actions and the last progress of each host.
pub struct Jobs {
    busy: Arc<Mutex<HashSet<HostId>>>,
    progress: Mutex<HashMap<HostId, DeployProgress>>,
    slots: Arc<Semaphore>,
    pub tasks: TaskTracker,
}

/// Marks a host as worked on until it is dropped.
pub struct Claim {
    busy: Arc<Mutex<HashSet<HostId>>>,
    host_id: HostId,
}

impl Drop for Claim {
    fn drop(&mut self) {
        lock(&self.busy).remove(&self.host_id);
    }
}

impl Default for Jobs {
    fn default() -> Self {
        Self { busy: Arc::default(), progress: Mutex::default(), slots: Arc::new(Semaphore::new(AT_ONCE)), tasks: TaskTracker::new() }
    }
}

impl Jobs {
    /// Claims a host for an action.
    ///
    /// # Errors
    /// [`HostError::Busy`] when another action runs on it.
    pub fn claim(&self, host_id: HostId) -> Result<Claim, HostError> {
        if lock(&self.busy).insert(host_id) { Ok(Claim { busy: self.busy.clone(), host_id }) } else { Err(HostError::Busy) }
    }

    /// Waits for one of the slots.
    pub async fn slot(&self) -> Option<OwnedSemaphorePermit> {
        self.slots.clone().acquire_owned().await.ok()
    }

    /// Whether an action runs on a host.
    pub fn is_busy(&self, host_id: HostId) -> bool {
        lock(&self.busy).contains(&host_id)
    }

    /// Keeps the progress of a host's action.
    pub fn keep(&self, progress: DeployProgress) {
        lock(&self.progress).insert(progress.host_id, progress);
    }

    /// Progress of the action that runs on a host, or of the last one.
    pub fn progress(&self, host_id: HostId) -> Option<DeployProgress> {
        lock(&self.progress).get(&host_id).cloned()
    }

    /// Forgets a deleted host.
    pub fn forget(&self, host_id: HostId) {
        lock(&self.progress).remove(&host_id);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
