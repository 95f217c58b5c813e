//! The handle that pages hold: signals to read, topics to subscribe.

use super::{Fleet, Link, Metric, Notice, Popups, SparkLine};
use crate::views::HostEvent;
use leptos::prelude::*;
use protocol::alert::AlertBoard;
use protocol::deploy::DeployProgress;
use protocol::host::{HostId, HostStatus, Levels, Source};
use protocol::live::{HostCard, HostFigures, HostFrame, Topic};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// Signals by host. Each is created by whoever asks first, so a page may ask before the first frame.
pub(super) type ByHost<T> = StoredValue<HashMap<HostId, ArcRwSignal<T>>>;

/// A host's state and source: what a card shows besides its figures.
pub type HostState = (HostStatus, Option<Source>);

/// The live feed. Cheap to copy; all copies are the same feed.
#[derive(Clone, Copy)]
pub struct LiveFeed {
    /// State of the connection.
    pub link: RwSignal<Link>,
    /// Seconds since the last frame; zero while live.
    pub silent_s: RwSignal<u32>,
    /// From the beat on the hosts to this page, in milliseconds (median over the hosts).
    pub latency_ms: RwSignal<Option<f32>>,
    /// Whether an inventory has arrived: before that, no hosts means that nothing is known yet.
    pub known: RwSignal<bool>,
    /// All hosts in the order in which they were added.
    pub host_ids: RwSignal<Vec<HostId>>,
    /// Key figures of the whole fleet.
    pub fleet: RwSignal<Fleet>,
    /// Fleet means of the last minutes. Not reactive: read it on some beats.
    pub spark: StoredValue<SparkLine>,
    /// All open alerts and the last that ended; `None` before the centre has told.
    pub board: RwSignal<Option<AlertBoard>>,
    /// Pop-ups of alerts.
    pub popups: RwSignal<Popups>,
    /// Changes of hosts' states since the page was opened, newest first, at most fifty.
    pub notices: RwSignal<VecDeque<Notice>>,
    /// Changes of state and source since the page was opened, newest first, at most fifty.
    pub happened: RwSignal<VecDeque<(HostId, HostEvent)>>,
    /// Raised whenever what server functions tell about hosts may have changed: inventory, states, finished actions.
    pub changes: RwSignal<u64>,
    /// Running number of overview frames that were applied; read it to do something on each beat.
    pub beat: RwSignal<u64>,
    /// Time of the last frame by the centre's clock: UTC, milliseconds.
    pub at_ms: RwSignal<Option<i64>>,
    /// Now by this browser's clock in whole seconds, as UTC milliseconds. It moves with the beats, so that a clock needs no drawing of its own,
    /// and by itself while none come; nothing before hydration.
    pub second_ms: RwSignal<Option<i64>>,
    /// Whether the centre cannot store at the moment.
    pub store_failing: RwSignal<bool>,
    pub(super) topics: RwSignal<HashMap<Topic, u32>>,
    pub(super) cards: ByHost<HostCard>,
    pub(super) figures: ByHost<HostFigures>,
    pub(super) states: ByHost<HostState>,
    pub(super) shares: [ByHost<Option<f32>>; 3],
    pub(super) levels: ByHost<Levels>,
    pub(super) frames: ByHost<Option<Arc<HostFrame>>>,
    pub(super) deploys: ByHost<Option<DeployProgress>>,
}

/// Puts the feed into context and, in the browser, starts its client. Call once, in `App`.
pub fn provide_live_feed() {
    let feed = LiveFeed {
        link: RwSignal::new(Link::Connecting),
        silent_s: RwSignal::new(0),
        latency_ms: RwSignal::new(None),
        known: RwSignal::new(false),
        host_ids: RwSignal::new(Vec::new()),
        fleet: RwSignal::new(Fleet::default()),
        spark: StoredValue::new(SparkLine::default()),
        board: RwSignal::new(None),
        popups: RwSignal::new(Popups::default()),
        notices: RwSignal::new(VecDeque::new()),
        happened: RwSignal::new(VecDeque::new()),
        changes: RwSignal::new(0),
        beat: RwSignal::new(0),
        at_ms: RwSignal::new(None),
        second_ms: RwSignal::new(None),
        store_failing: RwSignal::new(false),
        topics: RwSignal::new(HashMap::new()),
        cards: StoredValue::new(HashMap::new()),
        figures: StoredValue::new(HashMap::new()),
        states: StoredValue::new(HashMap::new()),
        shares: [StoredValue::new(HashMap::new()), StoredValue::new(HashMap::new()), StoredValue::new(HashMap::new())],
        levels: StoredValue::new(HashMap::new()),
        frames: StoredValue::new(HashMap::new()),
        deploys: StoredValue::new(HashMap::new()),
    };
    provide_context(feed);
    #[cfg(feature = "hydrate")]
    super::socket::start(feed);
}

/// The feed that `App` has put into context.
pub fn use_live_feed() -> LiveFeed {
    expect_context::<LiveFeed>()
}

impl LiveFeed {
    /// Listens to `topic` until the calling component is gone. Several listeners share one subscription.
    pub fn subscribe(self, topic: Topic) {
        self.topics.update(|topics| *topics.entry(topic).or_insert(0) += 1);
        on_cleanup(move || {
            self.topics.try_update(|topics| {
                let count = topics.entry(topic).or_insert(1);
                *count -= 1;
                if *count == 0 {
                    topics.remove(&topic);
                }
            });
        });
    }

    /// Key figures of a host (topic `overview`, or the host's own).
    pub fn figures(self, id: HostId) -> ReadSignal<HostFigures> {
        signal_of(self.figures, id, || HostFigures { id, ..HostFigures::default() }).read_only().into()
    }

    /// State and source of a host (topic `overview`). Unlike [`Self::figures`] it wakes nobody while it stays the same.
    pub fn state(self, id: HostId) -> ReadSignal<HostState> {
        signal_of(self.states, id, HostState::default).read_only().into()
    }

    /// One share of a host in per cent, to a tenth (topic `overview`). It wakes nobody for a change that nobody could see.
    pub fn share(self, id: HostId, metric: Metric) -> ReadSignal<Option<f32>> {
        signal_of(self.shares[metric as usize], id, || None).read_only().into()
    }

    /// Inventory entry of a host (topic `overview`). Until it is known its name is empty.
    pub fn card(self, id: HostId) -> ReadSignal<HostCard> {
        signal_of(self.cards, id, || HostCard { id, ..HostCard::default() }).read_only().into()
    }

    /// How a host's figures stand to their thresholds, as the centre judges them (topic `overview`).
    pub fn levels(self, id: HostId) -> ReadSignal<Levels> {
        signal_of(self.levels, id, Levels::default).read_only().into()
    }

    /// Everything about a host (topic `host:<id>`).
    pub fn frame(self, id: HostId) -> ReadSignal<Option<Arc<HostFrame>>> {
        signal_of(self.frames, id, || None).read_only().into()
    }

    /// The last action on a host that this page has heard of; needs an open socket, but no certain topic.
    pub fn deploy_progress(self, id: HostId) -> Signal<Option<DeployProgress>> {
        let progress = signal_of(self.deploys, id, || None);
        Signal::derive(move || progress.get())
    }
}

/// The signal of host `id`; created with `initial` when nobody has asked before.
pub(super) fn signal_of<T: Send + Sync + 'static>(map: ByHost<T>, id: HostId, initial: impl FnOnce() -> T) -> ArcRwSignal<T> {
    if let Some(found) = map.with_value(|signals| signals.get(&id).cloned()) {
        return found;
    }
    let created = ArcRwSignal::new(initial());
    map.update_value(|signals| {
        signals.insert(id, created.clone());
    });
    created
}
