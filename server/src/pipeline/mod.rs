//! The only place where collection, live feed and store meet: readings come in, frames, events and rows go out.
//!
//! One task owns all state, so nothing here is locked, and nothing here waits: channels to the store are tried, not awaited.

mod host;
mod programs;
mod recorder;
mod status;
mod window;

use crate::alert::{Bench, Judge, Outcome, RuleBook};
use crate::clock::{now_ms, now_us};
use crate::collect::Reading;
use crate::hosts::{Entry, FactsSeen};
use crate::live::Hub;
use crate::store::{Batch, Happening, StoreHealth, WINDOW_MS};
use host::LiveHost;
use protocol::alert::AlertChange;
use protocol::beat::{BEAT_MS, FRAME_OFFSET_MS, until_next_beat};
use protocol::host::HostId;
use protocol::live::{Event, HostCard, HostFrame, Inventory, OverviewFrame};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

/// What the pipeline is connected to.
pub struct Pipeline {
    pub readings: mpsc::Receiver<Reading>,
    pub entries: watch::Receiver<Arc<Vec<Entry>>>,
    pub hub: Hub,
    /// To be written, every ten seconds.
    pub batches: mpsc::Sender<Batch>,
    /// Whether they are.
    pub health: StoreHealth,
    pub facts: mpsc::Sender<FactsSeen>,
    /// Events to be stored.
    pub events: mpsc::Sender<Event>,
    pub alerts: Bench,
}

impl Pipeline {
    /// Runs until `stop`; then writes the windows that are open.
    pub async fn run(self, stop: CancellationToken) {
        let Self { mut readings, mut entries, hub, batches, health, facts, events, alerts } = self;
        let Bench { judge, mut book, mut forecasts, mut commands, happened } = alerts;
        let mut state = State {
            hub,
            batches,
            health,
            facts,
            events,
            judge,
            happened,
            started: Instant::now(),
            entries: Arc::default(),
            hosts: HashMap::new(),
            order: Vec::new(),
            revision: 0,
            seq: 0,
            window_ms: window_of(now_ms()),
            early: Early::Free,
        };
        entries.mark_changed();
        let mut beat = next_beat();
        loop {
            // Shortly before the beat it is not worth a frame of its own.
            let early = state.early.due().filter(|&due| due + EARLY_FRAME_AFTER < beat);
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                changed = entries.changed() => {
                    if changed.is_err() {
                        break;
                    }
                    state.entries = entries.borrow_and_update().clone();
                    state.take_entries(&book.borrow_and_update().clone(), Instant::now());
                }
                Ok(()) = book.changed() => state.take_entries(&book.borrow_and_update().clone(), Instant::now()),
                Ok(()) = forecasts.changed() => state.judge.take_forecasts(forecasts.borrow_and_update().clone()),
                Some(command) = commands.recv() => {
                    let done = state.judge.act(&command.ids, &command.act, &command.by, now_ms());
                    state.tell_alerts(now_ms());
                    // Who asked may have gone away.
                    let _ = command.done.send(done);
                }
                Some(reading) = readings.recv() => state.take_reading(reading, Instant::now()),
                () = tokio::time::sleep_until(early.unwrap_or(beat).into()), if early.is_some() => {
                    state.early = Early::Spent;
                    state.publish(now_ms());
                }
                () = tokio::time::sleep_until(beat.into()) => {
                    let now = Instant::now();
                    let late = now.saturating_duration_since(beat);
                    state.take_beat(now, now_ms(), late);
                    beat = next_beat();
                    state.early = Early::Free;
                }
            }
        }
        state.close_windows(window_of(now_ms()), true);
    }
}

/// When a host is read in another way, its first value has waited long enough: it is shown before the next beat, together with those of
/// other hosts that switch in the same moment.
const EARLY_FRAME_AFTER: Duration = Duration::from_millis(30);

/// The frame between two beats, of which there is at most one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Early {
    Free,
    Due(Instant),
    Spent,
}

impl Early {
    fn due(self) -> Option<Instant> {
        match self {
            Self::Due(due) => Some(due),
            Self::Free | Self::Spent => None,
        }
    }
}

fn next_beat() -> Instant {
    Instant::now() + until_next_beat(now_us(), FRAME_OFFSET_MS)
}

/// What is told of programs is a minute's.
const MINUTE_MS: i64 = 60_000;

fn window_of(at_ms: i64) -> i64 {
    at_ms.div_euclid(WINDOW_MS) * WINDOW_MS
}

/// Tells an event to every browser at once and to the store when that has time.
fn tell(hub: &Hub, events: &mpsc::Sender<Event>, event: Event) {
    if events.try_send(event.clone()).is_err() {
        tracing::error!("the store does not keep up: an event is lost");
    }
    hub.publish_event(event);
}

struct State {
    hub: Hub,
    batches: mpsc::Sender<Batch>,
    health: StoreHealth,
    facts: mpsc::Sender<FactsSeen>,
    events: mpsc::Sender<Event>,
    judge: Judge,
    happened: mpsc::UnboundedSender<Vec<Happening>>,
    /// The zero of the clock that only goes forward.
    started: Instant,
    entries: Arc<Vec<Entry>>,
    hosts: HashMap<HostId, LiveHost>,
    order: Vec<HostId>,
    /// Revision of the inventory.
    revision: u64,
    seq: u64,
    /// Start of the open window.
    window_ms: i64,
    early: Early,
}

impl State {
    /// Takes inventory and rules in.
    fn take_entries(&mut self, book: &Arc<RuleBook>, now: Instant) {
        let entries = self.entries.clone();
        self.order = entries.iter().map(|entry| entry.card.id).collect();
        let known: HashSet<HostId> = self.order.iter().copied().collect();
        self.hosts.retain(|id, _| known.contains(id));
        for entry in entries.iter() {
            let host = self.hosts.entry(entry.card.id).or_insert_with(|| LiveHost::new(entry.card.id, now));
            host.agentless = entry.card.agentless;
            host.take_phase(entry.phase, now);
        }
        self.revision += 1;
        let mut cards: Vec<HostCard> = entries.iter().map(|entry| entry.card.clone()).collect();
        self.judge.take_book(book.clone(), &cards, now_ms());
        // Pages show the thresholds by which a host is judged, wherever they come from.
        cards.iter_mut().for_each(|card| card.thresholds = self.judge.thresholds(card));
        self.hub.publish_inventory(Inventory { revision: self.revision, hosts: cards });
        self.judge_states(now);
    }

    fn take_reading(&mut self, reading: Reading, now: Instant) {
        // A reading of a host that was deleted meanwhile.
        let Some(host) = self.hosts.get_mut(&reading.host_id) else { return };
        let news = host.take(reading, now);
        let change = host.judge(now, now_ms());
        if let Some(facts) = news.facts {
            // When the inventory is busy the same facts come again with the next reconnection.
            let _ = self.facts.try_send(facts);
        }
        if let Some(switch) = news.switch {
            if switch.from.is_some() && self.early == Early::Free {
                self.early = Early::Due(now + EARLY_FRAME_AFTER);
            }
            self.tell(Event::Source(switch));
        }
        if let Some(change) = change {
            self.tell(Event::Status(change));
        }
    }

    fn take_beat(&mut self, now: Instant, at_ms: i64, late: Duration) {
        if late > Duration::from_millis(BEAT_MS) {
            // The centre itself slept (suspended, starved): the hosts' silence in that time is not theirs.
            tracing::warn!(late_ms = late.as_millis() as u64, "the beat was late");
            self.hosts.values_mut().for_each(|host| host.forgive(late));
            self.judge.forgive(self.lived_ms(now));
        }
        self.judge_states(now);
        self.judge_alerts(now, at_ms);
        self.publish(at_ms);
        self.tell_alerts(at_ms);
        if window_of(at_ms) != self.window_ms {
            self.close_windows(window_of(at_ms), false);
            self.window_ms = window_of(at_ms);
        }
    }

    fn publish(&mut self, at_ms: i64) {
        self.seq += 1;
        let hosts = self.order.iter().filter_map(|id| self.hosts.get(id)).map(LiveHost::figures).collect();
        let store_failing = self.health.is_failing();
        self.hub.publish_overview(OverviewFrame { seq: self.seq, at_ms, inventory_revision: self.revision, hosts, store_failing });
        for id in self.hub.watched_hosts() {
            if let Some(host) = self.hosts.get(&id) {
                let frame = HostFrame { seq: self.seq, at_ms, figures: host.figures(), snapshot: host.snapshot().cloned().map(Box::new) };
                self.hub.publish_host(frame);
            }
        }
    }

    fn lived_ms(&self, now: Instant) -> u64 {
        now.saturating_duration_since(self.started).as_millis() as u64
    }

    fn judge_alerts(&mut self, now: Instant, at_ms: i64) {
        let (lived_ms, failing) = (self.lived_ms(now), self.health.is_failing());
        let states = self.order.iter().filter_map(|id| self.hosts.get(id)).map(|host| (host.figures().id, host.figures().status));
        self.judge.begin(lived_ms, at_ms, states);
        for id in &self.order {
            if let Some(host) = self.hosts.get_mut(id) {
                let levels = self.judge.look(host.look(), failing, lived_ms, at_ms);
                host.set_levels(levels);
            }
        }
    }

    /// Publishes how the alerts stand, if that has changed, and hands what happened to the store.
    fn tell_alerts(&mut self, at_ms: i64) {
        let Outcome { happenings, board } = self.judge.finish(at_ms);
        if let Some(board) = board {
            self.hub.publish_alerts(board);
        }
        let worse = |happening: &&Happening| matches!(happening.change, Some(AlertChange::Fired | AlertChange::Raised));
        for happening in happenings.iter().filter(worse) {
            if let Some(host) = self.hosts.get_mut(&happening.alert.host_id) {
                host.record(at_ms);
            }
        }
        // Only at the end of the program nobody takes it.
        if !happenings.is_empty() && self.happened.send(happenings).is_err() {
            tracing::error!("alerts could not be stored");
        }
    }

    fn judge_states(&mut self, now: Instant) {
        let at_ms = now_ms();
        for id in &self.order {
            if let Some(change) = self.hosts.get_mut(id).and_then(|host| host.judge(now, at_ms)) {
                tell(&self.hub, &self.events, Event::Status(change));
            }
        }
    }

    fn tell(&self, event: Event) {
        tell(&self.hub, &self.events, event);
    }

    fn close_windows(&mut self, next_ms: i64, end: bool) {
        // The minute that ends with this window.
        let minute_ms = self.window_ms.div_euclid(MINUTE_MS) * MINUTE_MS;
        let minute = (end || next_ms.div_euclid(MINUTE_MS) * MINUTE_MS != minute_ms).then_some(minute_ms);
        let mut batch = Batch::default();
        for host in self.hosts.values_mut() {
            host.close(self.window_ms, minute, end, &mut batch);
        }
        if !batch.is_empty() && self.batches.try_send(batch).is_err() {
            tracing::error!("the store does not keep up: ten seconds of samples are lost");
        }
    }
}
