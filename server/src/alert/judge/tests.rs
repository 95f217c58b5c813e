//! What people would notice: right levels, no storm, nothing lost or repeated by a restart.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::alert::maintenance::Window;
use crate::store::RuleRow;
use app::views::{MaintenancePlan, MaintenanceTime};
use protocol::alert::{RuleScope, RuleSettings};
use protocol::snapshot::{Cpu, Memory, Mount, Snapshot};

/// A fleet that is judged twice a second.
struct Fleet {
    judge: Judge,
    cards: Vec<HostCard>,
    now: u64,
    at_ms: i64,
    /// All that happened: host, kind, change.
    told: Vec<(HostId, AlertKind, AlertChange)>,
    open: Vec<Alert>,
    ended: Vec<Alert>,
}

#[derive(Clone, Copy)]
struct Seen {
    status: HostStatus,
    cpu: f32,
    disk: u64,
}

const CALM: Seen = Seen { status: HostStatus::Online, cpu: 5.0, disk: 10 };
const LOST: Seen = Seen { status: HostStatus::Offline, ..CALM };

fn cards(count: HostId) -> Vec<HostCard> {
    (1..=count).map(|id| HostCard { id, name: format!("host-{id}"), cores: 2, ..HostCard::default() }).collect()
}

impl Fleet {
    fn new(count: HostId, book: RuleBook) -> Self {
        Self::restarted(count, book, Vec::new(), 0)
    }

    fn restarted(count: HostId, book: RuleBook, latched: Vec<Alert>, last_id: AlertId) -> Self {
        let (cards, book) = (cards(count), Arc::new(book));
        let mut judge = Judge::new(book.clone(), latched, Vec::new(), last_id, 0);
        judge.take_book(book, &cards, 0);
        Self { judge, cards, now: 0, at_ms: 1_000_000, told: Vec::new(), open: Vec::new(), ended: Vec::new() }
    }

    /// So many beats in which each host is as `seen` says.
    fn live(&mut self, beats: u32, seen: impl Fn(HostId) -> Seen) {
        for _ in 0..beats {
            (self.now, self.at_ms) = (self.now + 500, self.at_ms + 500);
            let ids: Vec<HostId> = self.cards.iter().map(|card| card.id).collect();
            self.judge.begin(self.now, self.at_ms, ids.iter().map(|id| (*id, seen(*id).status)));
            for id in ids {
                let Seen { status, cpu, disk } = seen(id);
                let mount = Mount { mount_point: "/".into(), used_bytes: disk, available_bytes: 100 - disk, ..Mount::default() };
                let snapshot = Snapshot {
                    cpu: Some(Cpu { total_percent: cpu, ..Cpu::default() }),
                    memory: Some(Memory { total: 100, available: 90, ..Memory::default() }),
                    mounts: vec![mount],
                    ..Snapshot::default()
                };
                let snapshot = status.is_live().then_some(&snapshot);
                let look = Look { id, status, snapshot, skew_ms: Some(1.0), cores: 2 };
                self.judge.look(look, false, self.now, self.at_ms);
            }
            self.finish();
        }
    }

    fn finish(&mut self) {
        let outcome = self.judge.finish(self.at_ms);
        self.told.extend(outcome.happenings.iter().filter_map(|one| Some((one.alert.host_id, one.alert.kind, one.change?))));
        if let Some(board) = outcome.board {
            (self.open, self.ended) = (board.open, board.ended);
        }
    }

    fn take_told(&mut self) -> Vec<(HostId, AlertKind, AlertChange)> {
        std::mem::take(&mut self.told)
    }
}

#[test]
fn cpu_is_judged_by_its_mean_of_ten_seconds() {
    let mut fleet = Fleet::new(1, RuleBook::default());
    fleet.live(20, |_| CALM);
    fleet.live(2, |_| Seen { cpu: 100.0, ..CALM });
    fleet.live(20, |_| CALM);
    assert_eq!(fleet.take_told(), [], "a burst is no alarm");
    fleet.live(20, |_| Seen { cpu: 100.0, ..CALM });
    assert_eq!(fleet.take_told(), [(1, AlertKind::Cpu, AlertChange::Fired), (1, AlertKind::Cpu, AlertChange::Raised)]);
    let alert = &fleet.open[0];
    assert_eq!((alert.id, alert.level, alert.bound, alert.host_name.as_str()), (1, Level::Critical, Some(90.0), "host-1"));
    assert!(alert.value.unwrap() >= 90.0);
    fleet.live(70, |_| CALM);
    assert_eq!(fleet.take_told(), [(1, AlertKind::Cpu, AlertChange::Lowered), (1, AlertKind::Cpu, AlertChange::Resolved)]);
    assert_eq!((fleet.open.len(), fleet.ended[0].worst), (0, Level::Critical));
}

#[test]
fn levels_of_figures_follow_the_judged_value() {
    let mut fleet = Fleet::new(1, RuleBook::default());
    fleet.live(1, |_| Seen { disk: 92, ..CALM });
    let levels = fleet.judge.hosts[&1].levels;
    assert_eq!(
        [Leveled::Cpu, Leveled::Disk, Leveled::Alerts].map(|figure| levels.of(figure)),
        [Level::Calm, Level::Warning, Level::Warning]
    );
    assert_eq!(fleet.open[0].target, "/");
    fleet.live(1, |_| Seen { disk: 50, ..CALM });
    let levels = fleet.judge.hosts[&1].levels;
    assert_eq!([Leveled::Disk, Leveled::Alerts].map(|figure| levels.of(figure)), [Level::Calm, Level::Warning], "the alert ends later");
}

#[test]
fn a_host_that_is_offline_raises_one_alert_and_keeps_the_others_as_they_are() {
    let mut fleet = Fleet::new(2, RuleBook::default());
    fleet.live(30, |_| Seen { disk: 95, ..CALM });
    fleet.take_told();
    let lost = |id| if id == 2 { LOST } else { Seen { disk: 95, ..CALM } };
    fleet.live(100, lost);
    assert_eq!(fleet.take_told(), [(2, AlertKind::Offline, AlertChange::Fired)]);
    assert_eq!(fleet.open.iter().filter(|alert| alert.host_id == 2).count(), 2);
    fleet.live(100, |_| Seen { disk: 95, ..CALM });
    assert_eq!(fleet.take_told(), [(2, AlertKind::Offline, AlertChange::Resolved)]);
}

#[test]
fn the_loss_of_all_hosts_at_once_is_the_centres_own() {
    let mut fleet = Fleet::new(6, RuleBook::default());
    fleet.live(20, |_| CALM);
    fleet.live(200, |id| if id == 1 { CALM } else { LOST });
    assert_eq!(fleet.take_told(), [(1, AlertKind::CentreNetwork, AlertChange::Fired)]);
    // One after the other comes back, within the grace; one does not.
    fleet.live(30, |id| if id < 4 { CALM } else { LOST });
    fleet.live(200, |id| if id < 6 { CALM } else { LOST });
    assert_eq!(fleet.take_told(), [(1, AlertKind::CentreNetwork, AlertChange::Resolved), (6, AlertKind::Offline, AlertChange::Fired)]);
}

#[test]
fn what_lies_behind_a_lost_host_is_one_outage() {
    let book = RuleBook::new(Vec::new(), Vec::new(), vec![(3, 2), (4, 3)]);
    let mut fleet = Fleet::new(6, book);
    fleet.live(20, |_| CALM);
    fleet.live(60, |id| if (2..5).contains(&id) { LOST } else { CALM });
    assert_eq!(fleet.take_told(), [(2, AlertKind::Offline, AlertChange::Fired)]);
    fleet.live(60, |id| if id == 4 { LOST } else { CALM });
    let told = fleet.take_told();
    assert!(told.contains(&(4, AlertKind::Offline, AlertChange::Fired)), "its way is there again: {told:?}");
}

#[test]
fn the_start_and_the_sleep_of_the_centre_raise_nothing() {
    let mut fleet = Fleet::new(5, RuleBook::default());
    fleet.live(59, |id| if id == 1 { CALM } else { LOST });
    assert_eq!(fleet.take_told(), []);
    fleet.live(20, |id| if id == 3 { LOST } else { CALM });
    assert_eq!(fleet.take_told(), [(3, AlertKind::Offline, AlertChange::Fired)], "and what stays away is told after the grace");
    fleet.judge.forgive(fleet.now);
    fleet.live(50, |id| if id == 4 || id == 3 { LOST } else { CALM });
    assert_eq!(fleet.take_told(), []);
}

#[test]
fn fifty_open_alerts_survive_a_restart() {
    let mut fleet = Fleet::new(50, RuleBook::default());
    let busy = |_| Seen { disk: 95, ..CALM };
    fleet.live(60, busy);
    assert_eq!(fleet.take_told().len(), 50);
    let mut again = Fleet::restarted(50, RuleBook::default(), fleet.open.clone(), 50);
    again.live(4, |_| Seen { status: HostStatus::Initializing, ..CALM });
    again.live(200, busy);
    assert_eq!((again.take_told(), again.open.len()), (vec![], 50));
    again.live(100, |_| CALM);
    let told = again.take_told();
    assert_eq!(told.iter().filter(|(.., change)| *change == AlertChange::Resolved).count(), 50);
    assert_eq!(told.len(), 50);
    again.live(10, busy);
    assert_eq!(again.open.iter().map(|alert| alert.id).min(), None, "damped: it came back at once");
    again.live(100, busy);
    assert_eq!(again.open.iter().map(|alert| alert.id).min(), Some(51), "numbers go on");
}

#[test]
fn jumps_of_the_wall_clock_change_nothing() {
    let mut fleet = Fleet::new(4, RuleBook::default());
    for jump in [0, 3_600_000, -3_600_000, 86_400_000, -86_400_000, 315_000_000_000] {
        fleet.at_ms += jump;
        fleet.live(10, |id| if id == 2 { Seen { disk: 95, ..CALM } } else { CALM });
    }
    assert_eq!(fleet.take_told(), [(2, AlertKind::Disk, AlertChange::Fired)]);
}

#[test]
fn maintenance_is_quiet_and_a_pause_withdraws() {
    let time = MaintenanceTime::Once { from_ms: 0, to_ms: 1_030_000 };
    let window = Window::new(1, MaintenancePlan { scope: RuleScope::Host(2), time });
    let mut fleet = Fleet::new(3, RuleBook::new(Vec::new(), vec![window], Vec::new()));
    fleet.live(58, |_| Seen { disk: 95, ..CALM });
    let told = fleet.take_told();
    assert_eq!(told, [(1, AlertKind::Disk, AlertChange::Fired), (3, AlertKind::Disk, AlertChange::Fired)]);
    fleet.live(5, |_| Seen { disk: 95, ..CALM });
    assert_eq!(fleet.take_told(), [(2, AlertKind::Disk, AlertChange::Fired)], "it still holds afterwards");
    fleet.live(2, |id| Seen { status: if id == 3 { HostStatus::Paused } else { HostStatus::Online }, disk: 95, ..CALM });
    assert_eq!(fleet.take_told(), [(3, AlertKind::Disk, AlertChange::Resolved)]);
    assert_eq!(fleet.ended[0].ended.unwrap().1, Ending::Withdrawn);
}

#[test]
fn people_acknowledge_snooze_and_end() {
    let mut fleet = Fleet::new(2, RuleBook::default());
    let busy = |_: HostId| Seen { disk: 95, ..CALM };
    fleet.live(5, busy);
    fleet.take_told();
    let ids: Vec<AlertId> = fleet.open.iter().map(|alert| alert.id).collect();
    assert_eq!(fleet.judge.act(&[99], &AlertAct::Wake, "ann", 5), 0);
    assert_eq!(fleet.judge.act(&ids, &AlertAct::Acknowledge { note: "seen".into() }, "ann", 5), 2);
    assert_eq!(fleet.judge.act(&ids[..1], &AlertAct::Resolve { note: "no matter".into() }, "bob", 6), 1);
    fleet.finish();
    assert_eq!((fleet.open.len(), fleet.ended.len()), (1, 1));
    assert_eq!(fleet.open[0].acknowledged, Some(Remark { by: "ann".into(), at_ms: 5, note: "seen".into() }));
    assert_eq!(fleet.ended[0].ended, Some((6, Ending::ByHand)));
    fleet.take_told();
    fleet.live(100, busy);
    assert_eq!(fleet.take_told(), [], "it does not fire again while its condition holds");
    fleet.live(80, |_| CALM);
    assert_eq!(fleet.take_told().len(), 1);
}

#[test]
fn a_rule_that_changes_is_followed_at_once() {
    let rule = |warning, enabled| RuleRow {
        id: 1,
        scope: RuleScope::Default,
        kind: AlertKind::Memory,
        target: String::new(),
        settings: RuleSettings { warning: Some(warning), critical: None, enabled, ..AlertKind::Memory.usual_settings() },
        updated_by: String::new(),
        updated_at_ms: 0,
    };
    let mut fleet = Fleet::new(1, RuleBook::default());
    fleet.live(5, |_| CALM);
    let book = |fleet: &mut Fleet, rules| fleet.judge.take_book(Arc::new(RuleBook::new(rules, Vec::new(), Vec::new())), &cards(1), 7);
    book(&mut fleet, vec![rule(5.0, true)]);
    fleet.live(1, |_| CALM);
    assert_eq!(fleet.take_told(), [(1, AlertKind::Memory, AlertChange::Fired)]);
    book(&mut fleet, vec![rule(5.0, false)]);
    fleet.live(1, |_| CALM);
    assert_eq!(fleet.take_told(), [(1, AlertKind::Memory, AlertChange::Resolved)]);
}

#[test]
fn a_file_system_that_is_taken_out_ends_its_alert() {
    let mut fleet = Fleet::new(1, RuleBook::default());
    fleet.live(5, |_| Seen { disk: 95, ..CALM });
    fleet.take_told();
    for _ in 0..140 {
        (fleet.now, fleet.at_ms) = (fleet.now + 500, fleet.at_ms + 500);
        fleet.judge.begin(fleet.now, fleet.at_ms, [(1, HostStatus::Online)].into_iter());
        let look = Look { id: 1, status: HostStatus::Online, snapshot: Some(&Snapshot::default()), skew_ms: None, cores: 2 };
        fleet.judge.look(look, false, fleet.now, fleet.at_ms);
        fleet.finish();
    }
    assert_eq!(fleet.take_told(), [(1, AlertKind::Disk, AlertChange::Resolved)]);
    assert_eq!(fleet.ended[0].ended.unwrap().1, Ending::NoData);
}

#[test]
fn an_open_forecast_waits_for_the_first_one_after_a_restart() {
    let full = |id| Alert { id, kind: AlertKind::DiskForecast, target: "/".into(), ..open_alert(1) };
    let mut fleet = Fleet::restarted(1, RuleBook::default(), vec![full(1)], 1);
    fleet.live(400, |_| CALM);
    assert_eq!(fleet.take_told(), [], "nothing is known yet");
    fleet.judge.take_forecasts(Arc::new([(1, [("/".to_owned(), 5.0)].into())].into()));
    fleet.live(100, |_| CALM);
    assert_eq!(fleet.take_told(), [(1, AlertKind::DiskForecast, AlertChange::Raised)]);
    fleet.judge.take_forecasts(Arc::default());
    fleet.live(100, |_| CALM);
    assert_eq!(fleet.take_told(), [(1, AlertKind::DiskForecast, AlertChange::Resolved)]);
}

#[test]
fn a_restart_while_the_centres_network_is_down_raises_nothing_for_hosts() {
    let down = |id| if id == 1 { CALM } else { LOST };
    let mut fleet = Fleet::restarted(
        6,
        RuleBook::default(),
        vec![Alert { kind: AlertKind::CentreNetwork, level: Level::Critical, ..open_alert(1) }],
        1,
    );
    fleet.live(300, down);
    assert_eq!((fleet.take_told(), fleet.open.len()), (vec![], 1), "neither ended nor repeated");
    let mut fleet = Fleet::new(6, RuleBook::default());
    fleet.live(300, down);
    assert_eq!(fleet.take_told(), [(1, AlertKind::CentreNetwork, AlertChange::Fired)]);
    fleet.live(200, |_| CALM);
    assert_eq!(fleet.take_told(), [(1, AlertKind::CentreNetwork, AlertChange::Resolved)]);
}

/// A warning of the first host that was open when the centre stopped.
fn open_alert(id: AlertId) -> Alert {
    Alert {
        id,
        host_id: 1,
        host_name: "host-1".into(),
        group: String::new(),
        kind: AlertKind::Disk,
        target: String::new(),
        level: Level::Warning,
        worst: Level::Warning,
        no_data: false,
        value: None,
        bound: None,
        fired_at_ms: 1,
        changed_at_ms: 1,
        ended: None,
        acknowledged: None,
        resolved_by_hand: None,
        snoozed_until_ms: None,
    }
}
