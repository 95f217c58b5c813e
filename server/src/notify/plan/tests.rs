//! What is told, followed over time.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::notify::example::single_example;
use crate::notify::route::everything;
use protocol::alert::{Alert, AlertChange, AlertKind, Ending, Remark};
use protocol::host::Level;
use protocol::notify::RouteMatch;

/// Plays the dispatcher's part: keeps what is known from step to step.
struct Play {
    routes: Vec<Route>,
    everything: Route,
    followed: BTreeMap<(RouteId, AlertId), FollowedRow>,
    recents: Recents,
    news: i64,
    /// Telling, alerts and notifiers of every bundle so far.
    told: Vec<(Telling, Vec<AlertId>, Vec<NotifierId>)>,
    next_at_ms: Option<i64>,
}

impl Play {
    fn new(routes: Vec<Route>) -> Self {
        let (followed, recents) = Default::default();
        Self { routes, everything: everything(vec![1]), followed, recents, news: 0, told: Vec::new(), next_at_ms: None }
    }

    fn step(&mut self, now_ms: i64, changes: &[(&Alert, AlertChange)]) -> usize {
        let news: Vec<News> = changes
            .iter()
            .map(|(alert, change)| {
                self.news += 1;
                News {
                    id: self.news,
                    change: *change,
                    level: alert.level,
                    value: None,
                    at_ms: now_ms,
                    by: String::new(),
                    alert: (*alert).clone(),
                }
            })
            .collect();
        // What is known of an alert is read from the store together with the alert as it stands.
        for news in &news {
            for row in self.followed.values_mut().filter(|row| row.alert.id == news.alert.id) {
                row.alert = news.alert.clone();
            }
        }
        let tags = BTreeMap::new();
        let scene = Scene { routes: &self.routes, everything: &self.everything, tags: &tags, digest_above: 5, now_ms };
        let known = self.followed.values().filter(|row| row.alert.ended.is_none_or(|(at_ms, _)| at_ms >= now_ms - REMEMBERED_MS));
        let plan = plan(scene, known.cloned().collect(), &mut self.recents, &news);
        for row in plan.changed {
            self.followed.insert((row.route_id, row.alert.id), row);
        }
        self.next_at_ms = plan.next_at_ms;
        assert!(plan.next_at_ms.is_none_or(|next_ms| next_ms > now_ms), "what is due is not done");
        for bundle in &plan.bundles {
            let alerts = bundle.told.iter().map(|told| told.item.alert.id).collect();
            self.told.push((bundle.told[0].item.telling, alerts, bundle.notifiers.clone()));
        }
        plan.bundles.len()
    }

    fn tellings(&self) -> Vec<Telling> {
        self.told.iter().map(|(telling, ..)| *telling).collect()
    }
}

fn alert(id: AlertId, level: Level, fired_at_ms: i64) -> Alert {
    Alert { id, host_id: 9, level, worst: level, fired_at_ms, changed_at_ms: fired_at_ms, ..single_example(0).remove(0).alert }
}

fn ended(alert: &Alert, at_ms: i64) -> Alert {
    Alert { ended: Some((at_ms, Ending::Recovered)), ..alert.clone() }
}

fn route(notifiers: Vec<NotifierId>) -> Route {
    Route { id: 5, enabled: true, notifiers, tell_resolved: true, ..Route::default() }
}

use AlertChange::{Acknowledged, Fired, Lowered, Raised, Resolved, Snoozed};

#[test]
fn an_alert_is_told_when_it_becomes_worse_than_told_and_when_it_ends() {
    let mut play = Play::new(vec![]);
    let warning = alert(1, Level::Warning, 0);
    let critical = Alert { level: Level::Critical, worst: Level::Critical, ..warning.clone() };
    assert_eq!(play.step(0, &[(&warning, Fired)]), 1);
    assert_eq!(play.step(10, &[(&critical, Raised)]), 1);
    let lowered = Alert { level: Level::Warning, ..critical.clone() };
    assert_eq!(play.step(20, &[(&lowered, Lowered), (&critical, Raised), (&critical, Snoozed)]), 0, "critical had been told");
    assert_eq!(play.step(30, &[(&ended(&critical, 30), Resolved)]), 1);
    assert_eq!(play.tellings(), [Telling::Fired, Telling::Raised, Telling::Resolved]);
    assert_eq!(play.next_at_ms, None);
}

#[test]
fn what_happens_within_the_wait_is_one_message() {
    let mut play = Play::new(vec![]);
    let warning = alert(1, Level::Warning, 0);
    let critical = Alert { level: Level::Critical, ..warning.clone() };
    assert_eq!(play.step(2_000, &[(&critical, Fired), (&critical, Raised)]), 1);
    let short = ended(&alert(2, Level::Critical, 0), 1_000);
    let other = Alert { host_id: 77, ..short };
    assert_eq!(play.step(4_000, &[(&other, Fired), (&other, Resolved)]), 1);
    assert_eq!(play.tellings(), [Telling::Fired, Telling::Passed]);
    assert_eq!(play.step(5_000, &[(&ended(&alert(3, Level::Warning, 0), 4_500), Resolved)]), 0, "nobody had been told of it");
}

#[test]
fn five_hundred_alerts_are_two_messages() {
    let mut play = Play::new(vec![]);
    for second in 0..50 {
        let alerts: Vec<Alert> =
            (0..10).map(|number| Alert { host_id: second * 10 + number, ..alert(1 + second * 10 + number, Level::Critical, 0) }).collect();
        let changes: Vec<_> = alerts.iter().map(|alert| (alert, Fired)).collect();
        play.step(second * 1_000, &changes);
    }
    let due = play.next_at_ms.unwrap();
    play.step(due, &[]);
    let counts: Vec<usize> = play.told.iter().map(|(_, alerts, _)| alerts.len()).collect();
    assert_eq!((counts, due, play.next_at_ms), (vec![10, 490], 60_000, None));
}

#[test]
fn what_ends_while_a_list_is_waited_for_is_in_it() {
    let mut play = Play::new(vec![]);
    let alerts: Vec<Alert> = (1..=6).map(|id| Alert { host_id: id, ..alert(id, Level::Warning, 0) }).collect();
    play.step(0, &alerts.iter().map(|alert| (alert, Fired)).collect::<Vec<_>>());
    let late = Alert { host_id: 70, ..alert(7, Level::Critical, 0) };
    assert_eq!(play.step(1_000, &[(&late, Fired), (&ended(&alerts[0], 1_000), Resolved)]), 0);
    assert_eq!(play.step(2_000, &[(&ended(&late, 2_000), Resolved)]), 0);
    assert_eq!(play.step(60_000, &[]), 2);
    assert_eq!(play.told[1..], [(Telling::Resolved, vec![1], vec![1]), (Telling::Passed, vec![7], vec![1])]);
}

#[test]
fn a_host_that_flaps_for_ten_minutes_makes_two_messages() {
    let mut play = Play::new(vec![]);
    for turn in 0..30 {
        let (from, to) = (turn * 20_000, turn * 20_000 + 10_000);
        let offline = Alert { kind: AlertKind::Offline, ..alert(turn + 1, Level::Critical, from) };
        play.step(from + 2_000, &[(&offline, Fired)]);
        // All that is due by itself happens, too.
        while let Some(due) = play.next_at_ms.filter(|due| *due < to) {
            play.step(due, &[]);
        }
        play.step(to, &[(&ended(&offline, to), Resolved)]);
    }
    assert_eq!(play.tellings(), [Telling::Fired, Telling::Resolved]);
}

#[test]
fn what_stays_after_flapping_is_told_five_minutes_after_the_last_message() {
    let mut play = Play::new(vec![]);
    let first = alert(1, Level::Critical, 0);
    play.step(0, &[(&first, Fired)]);
    play.step(10_000, &[(&ended(&first, 10_000), Resolved)]);
    let second = alert(2, Level::Critical, 20_000);
    assert_eq!(play.step(20_000, &[(&second, Fired)]), 0);
    assert_eq!(play.next_at_ms, Some(310_000));
    assert_eq!(play.step(310_000, &[]), 1);
    let third = alert(3, Level::Critical, 700_000);
    play.step(320_000, &[(&ended(&second, 320_000), Resolved)]);
    assert_eq!(play.step(700_000, &[(&third, Fired)]), 1, "it had been calm for long enough");
    let mut play = Play::new(vec![]);
    play.step(0, &[(&alert(1, Level::Warning, 0), Fired)]);
    play.step(1_000, &[(&ended(&alert(1, Level::Warning, 0), 1_000), Resolved)]);
    assert_eq!(play.step(2_000, &[(&alert(2, Level::Critical, 2_000), Fired)]), 1, "worse than what was told");
    let other = Alert { target: "/var".into(), ..alert(3, Level::Warning, 2_000) };
    assert_eq!(play.step(2_000, &[(&other, Fired)]), 1, "another condition");
}

#[test]
fn what_is_held_back_does_not_wait_for_a_clock_that_was_set_back() {
    let mut play = Play::new(vec![]);
    let hour = 3_600_000;
    play.step(hour, &[(&alert(1, Level::Critical, hour), Fired)]);
    play.step(hour, &[(&ended(&alert(1, Level::Critical, hour), hour), Resolved)]);
    assert_eq!(play.step(hour, &[(&alert(2, Level::Critical, hour), Fired)]), 0);
    assert_eq!(play.step(0, &[]), 1);
}

#[test]
fn snoozed_alerts_wait_and_make_no_message() {
    let mut play = Play::new(vec![]);
    let snoozed = Alert { snoozed_until_ms: Some(9_000), ..alert(1, Level::Warning, 0) };
    assert_eq!(play.step(1_000, &[(&snoozed, Fired), (&snoozed, Snoozed)]), 0);
    assert_eq!(play.next_at_ms, Some(9_000));
    assert_eq!(play.step(2_000, &[(&ended(&snoozed, 2_000), Resolved)]), 0);
    assert_eq!(play.next_at_ms, None);
    let other = Alert { host_id: 4, id: 2, ..snoozed };
    play.step(3_000, &[(&other, Fired)]);
    assert_eq!(play.step(9_000, &[]), 1, "it is open still");
}

#[test]
fn repeats_and_escalation_end_with_an_acknowledgement() {
    let escalating = Route { repeat_every_min: Some(10), escalate_after_min: Some(15), escalate_to: vec![2], ..route(vec![1]) };
    let mut play = Play::new(vec![escalating]);
    let open = alert(1, Level::Critical, 0);
    play.step(0, &[(&open, Fired)]);
    let mut times = vec![];
    while let Some(due) = play.next_at_ms.filter(|due| *due <= 30 * 60_000) {
        play.step(due, &[]);
        times.push(due / 60_000);
    }
    assert_eq!(times, [10, 15, 20, 30]);
    assert_eq!(play.told[2], (Telling::Escalated, vec![1], vec![2]));
    assert_eq!(play.told[4], (Telling::Repeated, vec![1], vec![1, 2]), "those who were called in hear on");
    let taken = Alert { acknowledged: Some(Remark::default()), ..open };
    play.step(31 * 60_000, &[(&taken, Acknowledged)]);
    assert_eq!(play.next_at_ms, None);
    play.step(40 * 60_000, &[(&ended(&taken, 40 * 60_000), Resolved)]);
    assert_eq!(play.told[6], (Telling::Resolved, vec![1], vec![1, 2]));
    assert_eq!(play.told.len(), 7);
}

#[test]
fn what_is_snoozed_or_many_is_repeated_later() {
    let repeating = || Route { repeat_every_min: Some(10), escalate_after_min: Some(10), escalate_to: vec![2], ..route(vec![1]) };
    let mut play = Play::new(vec![repeating()]);
    let open = alert(1, Level::Critical, 0);
    play.step(0, &[(&open, Fired)]);
    let snoozed = Alert { snoozed_until_ms: Some(1_000_000), ..open };
    play.step(1, &[(&snoozed, Snoozed)]);
    assert_eq!(play.step(600_000, &[]), 0);
    assert_eq!(play.next_at_ms, Some(1_000_000));
    assert_eq!(play.step(1_000_000, &[]), 2);
    assert_eq!(play.tellings(), [Telling::Fired, Telling::Repeated, Telling::Escalated]);
    let mut play = Play::new(vec![repeating()]);
    let many: Vec<Alert> = (1..=9).map(|id| Alert { host_id: id, ..alert(id, Level::Warning, 0) }).collect();
    play.step(0, &many.iter().map(|alert| (alert, Fired)).collect::<Vec<_>>());
    let late: Vec<Alert> = (10..=18).map(|id| Alert { host_id: id, ..alert(id, Level::Warning, 599_999) }).collect();
    play.step(599_999, &late.iter().map(|alert| (alert, Fired)).collect::<Vec<_>>());
    assert_eq!(play.step(600_000, &[]), 1, "a list went out a moment ago; only those to whom it escalates hear of it");
    assert_eq!(play.step(659_999, &[]), 1);
    assert_eq!(play.told[3].0, Telling::Repeated);
}

#[test]
fn acknowledgements_and_untold_ends_are_for_incidents_only() {
    let mut play = Play::new(vec![Route { tell_resolved: false, ..route(vec![1]) }]);
    let open = alert(1, Level::Critical, 0);
    play.step(0, &[(&open, Fired)]);
    let tags = BTreeMap::new();
    let scene = Scene { routes: &play.routes, everything: &play.everything, tags: &tags, digest_above: 5, now_ms: 5 };
    let news =
        |alert: &Alert, change| News { id: 9, change, level: alert.level, value: None, at_ms: 5, by: String::new(), alert: alert.clone() };
    let taken = Alert { acknowledged: Some(Remark::default()), ..open.clone() };
    for (news, telling) in [(news(&taken, Acknowledged), Telling::Acknowledged), (news(&ended(&open, 5), Resolved), Telling::Resolved)] {
        let plan = plan(scene, play.followed.values().cloned().collect(), &mut play.recents, &[news]);
        assert!(plan.bundles[0].incidents_only);
        assert_eq!((plan.bundles.len(), plan.bundles[0].told[0].item.telling), (1, telling));
    }
}

#[test]
fn routes_tell_what_they_match_and_end_what_they_told() {
    let critical = Route { id: 6, matches: RouteMatch { levels: vec![Level::Critical], ..Default::default() }, ..route(vec![2]) };
    let mut play = Play::new(vec![route(vec![1]), critical]);
    let low = alert(1, Level::Warning, 0);
    play.step(0, &[(&low, Fired)]);
    let high = Alert { level: Level::Critical, ..low.clone() };
    play.step(10, &[(&high, Raised)]);
    play.step(20, &[(&ended(&high, 20), Resolved)]);
    let expected = [
        (Telling::Fired, vec![1], vec![1]),
        (Telling::Raised, vec![1], vec![1]),
        (Telling::Raised, vec![1], vec![2]),
        (Telling::Resolved, vec![1], vec![1]),
        (Telling::Resolved, vec![1], vec![2]),
    ];
    assert_eq!(play.told, expected);
    // What was told before there were routes is ended by the route that held then.
    let mut play = Play::new(vec![]);
    play.step(0, &[(&low, Fired)]);
    play.routes = vec![route(vec![3])];
    play.step(10, &[(&ended(&low, 10), Resolved)]);
    assert_eq!(play.told[1], (Telling::Resolved, vec![1], vec![1]));
    // Nothing is told by a route that is gone.
    let mut play = Play::new(vec![Route { repeat_every_min: Some(1), ..route(vec![3]) }]);
    play.step(0, &[(&low, Fired)]);
    play.routes = vec![Route { id: 8, ..route(vec![4]) }];
    assert_eq!(play.step(60_000, &[]), 0);
}
