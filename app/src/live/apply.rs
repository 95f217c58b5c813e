//! Messages into signals: a signal is set only when its value has changed.

use super::feed::{HostState, LiveFeed, signal_of};
use super::news::news_of;
use super::notice::remember;
use super::{Fleet, Metric, Notice};
use crate::views::{HostChange, HostEvent};
use leptos::prelude::*;
use protocol::alert::AlertBoard;
use protocol::host::{HostId, Levels};
use protocol::live::{Event, HostCard, HostFigures, HostFrame, Inventory, OverviewFrame, ServerMessage, SourceEvent, StatusEvent};
use std::collections::HashSet;
use std::sync::Arc;

/// Events that are kept for pages that list them.
const HAPPENED_KEPT: usize = 50;

impl LiveFeed {
    /// Takes in one message of the centre; `now_ms` is this browser's clock.
    pub(super) fn apply(self, message: ServerMessage, now_ms: i64) {
        match message {
            ServerMessage::Hello(_) => {}
            ServerMessage::Inventory(inventory) => self.apply_inventory(inventory),
            ServerMessage::Overview(frame) => self.apply_overview(&frame, now_ms),
            ServerMessage::Host(frame) => self.apply_frame(frame),
            ServerMessage::Alerts(board) => self.apply_board(board, now_ms),
            ServerMessage::Event(Event::Status(event)) => self.apply_status(event),
            ServerMessage::Event(Event::Source(event)) => self.apply_source(event),
            ServerMessage::Event(Event::Deploy(progress)) => {
                if progress.finished {
                    self.changes.update(|changes| *changes += 1);
                }
                signal_of(self.deploys, progress.host_id, || None).set(Some(progress));
            }
        }
    }

    fn apply_inventory(self, inventory: Inventory) {
        let ids: Vec<HostId> = inventory.hosts.iter().map(|card| card.id).collect();
        let kept: HashSet<HostId> = ids.iter().copied().collect();
        for card in inventory.hosts {
            set_if_changed(&signal_of(self.cards, card.id, HostCard::default), card);
        }
        self.cards.update_value(|cards| cards.retain(|id, _| kept.contains(id)));
        self.figures.update_value(|figures| figures.retain(|id, _| kept.contains(id)));
        self.states.update_value(|states| states.retain(|id, _| kept.contains(id)));
        for shares in self.shares {
            shares.update_value(|shares| shares.retain(|id, _| kept.contains(id)));
        }
        self.levels.update_value(|levels| levels.retain(|id, _| kept.contains(id)));
        if self.host_ids.with_untracked(|known| *known != ids) {
            self.host_ids.set(ids);
        }
        if !self.known.get_untracked() {
            self.known.set(true);
        }
        self.changes.update(|changes| *changes += 1);
    }

    fn apply_overview(self, frame: &OverviewFrame, now_ms: i64) {
        frame.hosts.iter().for_each(|figures| self.apply_figures(figures));
        let fleet = Fleet::of(frame.hosts.iter());
        self.spark.update_value(|spark| spark.push(&fleet));
        if self.fleet.get_untracked() != fleet {
            self.fleet.set(fleet);
        }
        let latency_ms = median_latency(&frame.hosts).map(|from_host| from_host + (now_ms - frame.at_ms).clamp(0, 60_000) as f32);
        if self.latency_ms.get_untracked() != latency_ms {
            self.latency_ms.set(latency_ms);
        }
        if self.store_failing.get_untracked() != frame.store_failing {
            self.store_failing.set(frame.store_failing);
        }
        self.tell_time(now_ms);
        self.at_ms.set(Some(frame.at_ms));
        self.beat.update(|beat| *beat += 1);
    }

    /// Moves the page's clock.
    pub(super) fn tell_time(self, now_ms: i64) {
        let second_ms = Some(now_ms.div_euclid(1_000) * 1_000);
        if self.second_ms.get_untracked() != second_ms {
            self.second_ms.set(second_ms);
        }
    }

    /// Sets a host's figures and levels.
    fn apply_figures(self, figures: &HostFigures) {
        let id = figures.id;
        set_if_changed(&signal_of(self.figures, id, || *figures), *figures);
        set_if_changed(&signal_of(self.states, id, HostState::default), (figures.status, figures.source));
        for metric in Metric::ALL {
            let tenths = metric.of(figures).map(|value| (value * 10.0).round() / 10.0);
            set_if_changed(&signal_of(self.shares[metric as usize], id, || None), tenths);
        }
        set_if_changed(&signal_of(self.levels, id, Levels::default), figures.levels);
    }

    /// Takes in a board; what is new on it pops up.
    fn apply_board(self, board: AlertBoard, now_ms: i64) {
        let news = self.board.with_untracked(|known| news_of(known.as_ref(), &board));
        let mut popups = self.popups.get_untracked();
        popups.take(news, now_ms);
        popups.forget_gone(&board);
        if self.popups.with_untracked(|known| *known != popups) {
            self.popups.set(popups);
        }
        self.board.set(Some(board));
    }

    fn apply_frame(self, frame: HostFrame) {
        let id = frame.figures.id;
        set_if_changed(&signal_of(self.figures, id, || frame.figures), frame.figures);
        self.at_ms.set(Some(frame.at_ms));
        signal_of(self.frames, id, || None).set(Some(Arc::new(frame)));
    }

    fn apply_status(self, event: StatusEvent) {
        let StatusEvent { host_id, at_ms, from, to, reason, .. } = event;
        self.notices.update(|notices| remember(notices, Notice { at_ms, host_id, status: to }));
        self.note(host_id, HostEvent { at_ms, change: HostChange::Status { from, to }, reason });
        self.changes.update(|changes| *changes += 1);
    }

    fn apply_source(self, event: SourceEvent) {
        let SourceEvent { host_id, at_ms, from, to, reason } = event;
        self.note(host_id, HostEvent { at_ms, change: HostChange::Source { from, to }, reason });
    }

    fn note(self, id: HostId, event: HostEvent) {
        self.happened.update(|happened| {
            happened.push_front((id, event));
            happened.truncate(HAPPENED_KEPT);
        });
    }
}

fn set_if_changed<T: PartialEq + Send + Sync + 'static>(signal: &ArcRwSignal<T>, value: T) {
    if signal.with_untracked(|known| *known != value) {
        signal.set(value);
    }
}

/// Median of the hosts' own latencies, in milliseconds.
fn median_latency(hosts: &[HostFigures]) -> Option<f32> {
    let mut latencies: Vec<f32> = hosts.iter().filter_map(|figures| figures.latency_ms).collect();
    latencies.sort_by(f32::total_cmp);
    latencies.get(latencies.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::host::{HostStatus, Level, Leveled};

    #[test]
    fn messages_set_signals() {
        let owner = Owner::new();
        owner.set();
        super::super::provide_live_feed();
        let feed = super::super::use_live_feed();
        let card = HostCard { id: 3, name: "web".into(), ..HostCard::default() };
        feed.apply(ServerMessage::Inventory(Inventory { revision: 1, hosts: vec![card] }), 1_000);
        let mut levels = Levels::default();
        levels.raise(Leveled::Memory, Level::Warning);
        let (status, memory_percent, latency_ms) = (HostStatus::Online, Some(91.0), Some(4.0));
        let figures = HostFigures { id: 3, status, memory_percent, latency_ms, levels, ..HostFigures::default() };
        let frame = OverviewFrame { seq: 1, at_ms: 1_000, inventory_revision: 1, hosts: vec![figures], store_failing: true };
        feed.apply(ServerMessage::Overview(frame), 1_030);
        assert_eq!(feed.card(3).get_untracked().name, "web");
        assert_eq!(feed.figures(3).get_untracked(), figures);
        assert_eq!(feed.state(3).get_untracked(), (HostStatus::Online, None));
        assert_eq!((feed.share(3, Metric::Memory).get_untracked(), feed.share(3, Metric::Cpu).get_untracked()), (Some(91.0), None));
        assert_eq!(feed.levels(3).get_untracked().of(Leveled::Memory), Level::Warning);
        assert_eq!(feed.fleet.get_untracked().memory_percent, Some(91.0));
        assert_eq!((feed.latency_ms.get_untracked(), feed.store_failing.get_untracked()), (Some(34.0), true));
        let open = vec![super::super::news::tests::alert(7, Level::Critical, 900)];
        feed.apply(ServerMessage::Alerts(AlertBoard { at_ms: 1_000, critical: 1, open, ..AlertBoard::default() }), 1_040);
        assert_eq!(feed.popups.with_untracked(|popups| popups.newest().map(|popup| (popup.alert.id, popup.word()))), Some((7, "critical")));
        feed.apply(ServerMessage::Alerts(AlertBoard { at_ms: 2_000, ..AlertBoard::default() }), 2_040);
        assert!(feed.popups.with_untracked(|popups| popups.is_empty()), "it has gone without a word");
        let switch = SourceEvent { host_id: 3, at_ms: 5, from: None, to: protocol::host::Source::Ssh, reason: "closed".into() };
        feed.apply(ServerMessage::Event(Event::Source(switch)), 1_000);
        let change = HostChange::Source { from: None, to: protocol::host::Source::Ssh };
        assert_eq!(feed.happened.get_untracked(), [(3, HostEvent { at_ms: 5, change, reason: "closed".into() })]);
        feed.apply(ServerMessage::Inventory(Inventory { revision: 2, hosts: vec![] }), 2_000);
        assert_eq!((feed.host_ids.get_untracked().len(), feed.known.get_untracked()), (0, true));
    }
}
