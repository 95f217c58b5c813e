//! Where frames are published and picked up.

use super::Frame;
use protocol::alert::AlertBoard;
use protocol::host::HostId;
use protocol::live::{Event, HostFrame, Inventory, OverviewFrame, ServerMessage};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{broadcast, watch};

/// Frames that a client may lag behind before it skips (two seconds).
const FRAMES_KEPT: usize = 4;
/// Events that a client may lag behind. Lost ones do no harm: each tells a whole state.
const EVENTS_KEPT: usize = 256;

/// The live feed's centre. Cheap to clone.
#[derive(Clone)]
pub struct Hub {
    shared: Arc<Shared>,
}

struct Shared {
    overview: broadcast::Sender<Frame>,
    hosts: Mutex<HashMap<HostId, broadcast::Sender<Frame>>>,
    events: broadcast::Sender<Frame>,
    inventory: watch::Sender<Option<Frame>>,
    alerts: watch::Sender<Option<Frame>>,
    latest: watch::Sender<Arc<OverviewFrame>>,
}

impl Default for Hub {
    fn default() -> Self {
        let empty = OverviewFrame { seq: 0, at_ms: 0, inventory_revision: 0, hosts: Vec::new(), store_failing: false };
        Self {
            shared: Arc::new(Shared {
                overview: broadcast::Sender::new(FRAMES_KEPT),
                hosts: Mutex::default(),
                events: broadcast::Sender::new(EVENTS_KEPT),
                inventory: watch::Sender::new(None),
                alerts: watch::Sender::new(None),
                latest: watch::Sender::new(Arc::new(empty)),
            }),
        }
    }
}

impl Hub {
    /// Publishes the key figures of all hosts.
    pub fn publish_overview(&self, frame: OverviewFrame) {
        if self.shared.overview.receiver_count() > 0 {
            self.encode(ServerMessage::Overview(frame.clone()), |encoded| {
                let _ = self.shared.overview.send(encoded);
            });
        }
        self.shared.latest.send_replace(Arc::new(frame));
    }

    /// Hosts that somebody looks at.
    pub fn watched_hosts(&self) -> Vec<HostId> {
        let mut hosts = self.hosts();
        hosts.retain(|_, sender| sender.receiver_count() > 0);
        hosts.keys().copied().collect()
    }

    /// Whether somebody looks at this host: at everything about it, or at its figures among all others'.
    pub fn is_watched(&self, id: HostId) -> bool {
        self.shared.overview.receiver_count() > 0 || self.hosts().get(&id).is_some_and(|sender| sender.receiver_count() > 0)
    }

    /// Publishes everything about one host.
    pub fn publish_host(&self, frame: HostFrame) {
        let sender = self.hosts().get(&frame.figures.id).cloned();
        if let Some(sender) = sender {
            self.encode(ServerMessage::Host(frame), |encoded| {
                let _ = sender.send(encoded);
            });
        }
    }

    /// Publishes what is known of the hosts.
    pub fn publish_inventory(&self, inventory: Inventory) {
        self.encode(ServerMessage::Inventory(inventory), |encoded| {
            self.shared.inventory.send_replace(Some(encoded));
        });
    }

    /// Publishes how the alerts stand, to every client at once.
    pub fn publish_alerts(&self, board: AlertBoard) {
        self.encode(ServerMessage::Alerts(board), |encoded| {
            self.shared.alerts.send_replace(Some(encoded));
        });
    }

    /// Publishes an event to every client at once.
    pub fn publish_event(&self, event: Event) {
        self.encode(ServerMessage::Event(event), |encoded| {
            let _ = self.shared.events.send(encoded);
        });
    }

    /// The last key figures that were published.
    pub fn latest(&self) -> Arc<OverviewFrame> {
        self.shared.latest.borrow().clone()
    }

    pub(super) fn subscribe_overview(&self) -> broadcast::Receiver<Frame> {
        self.shared.overview.subscribe()
    }

    pub(super) fn subscribe_host(&self, id: HostId) -> broadcast::Receiver<Frame> {
        self.hosts().entry(id).or_insert_with(|| broadcast::Sender::new(FRAMES_KEPT)).subscribe()
    }

    pub(super) fn subscribe_events(&self) -> broadcast::Receiver<Frame> {
        self.shared.events.subscribe()
    }

    pub(super) fn subscribe_inventory(&self) -> watch::Receiver<Option<Frame>> {
        self.shared.inventory.subscribe()
    }

    pub(super) fn subscribe_alerts(&self) -> watch::Receiver<Option<Frame>> {
        self.shared.alerts.subscribe()
    }

    fn encode(&self, message: ServerMessage, publish: impl FnOnce(Frame)) {
        match Frame::new(message) {
            Ok(frame) => publish(frame),
            Err(error) => tracing::error!(%error, "a live frame could not be encoded"),
        }
    }

    fn hosts(&self) -> MutexGuard<'_, HashMap<HostId, broadcast::Sender<Frame>>> {
        self.shared.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
