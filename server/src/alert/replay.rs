//! How often a rule would have fired, by what is stored: the same state machine, fed with rows instead of beats.

use super::book::Held;
use super::mean::SlidingMean;
use super::state::{Input, Limits, State, Transition};
use crate::store::{Ask, HostEventRow, Line, Store, StoreError};
use protocol::alert::{AlertKind, Side, Watched};
use protocol::host::{HostId, HostStatus, Level};
use protocol::live::HostCard;
use protocol::metric::Series;

const DAY_MS: i64 = 86_400_000;
/// Rows of ten seconds in a day: the finest that is stored over long times.
const ROWS_A_DAY: u32 = 8_640;
/// Changes of state of a host that are looked at.
const MOST_EVENTS: u32 = 100_000;
/// The beat in milliseconds, which the mean counts a sample for.
const BEAT_MS: u64 = 500;

/// One firing that would have been.
#[derive(Clone, Debug, PartialEq)]
pub struct Firing {
    pub host_id: HostId,
    pub target: String,
    pub from_ms: i64,
    pub to_ms: Option<i64>,
    pub worst: Level,
}

/// What a host's rows say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Replayed {
    pub firings: Vec<Firing>,
    pub covered_ms: i64,
    /// Resolution of what was read, at its coarsest; zero: nothing was.
    pub step_ms: i64,
}

/// Whether enough is stored of a kind to look back on it.
pub fn can_replay(kind: AlertKind) -> bool {
    matches!(kind.watched(), Watched::Host(_))
        || matches!(kind, AlertKind::Disk | AlertKind::Inodes | AlertKind::Offline | AlertKind::Degraded)
}

/// Plays a rule for one host from `from_ms` to before `to_ms`. `held` are the rules of the kind that hold for the host; only those for
/// which `wanted` says so count.
///
/// # Errors
/// The database fails or is damaged.
pub async fn replay(
    store: &Store,
    card: &HostCard,
    held: &[Held],
    wanted: impl Fn(&Held) -> bool,
    (from_ms, to_ms): (i64, i64),
) -> Result<Replayed, StoreError> {
    let Some(kind) = held.first().map(|held| held.kind) else { return Ok(Replayed::default()) };
    let rule_for = |target: &str| held.iter().find(|held| held.target.is_empty() || held.target == target).filter(|held| wanted(held));
    match kind.watched() {
        Watched::State => match rule_for("") {
            Some(rule) => replay_states(store, card.id, rule, from_ms, to_ms).await,
            None => Ok(Replayed::default()),
        },
        Watched::Host(metric) => match rule_for("") {
            Some(rule) => {
                let scale = if kind == AlertKind::Load { 1.0 / f64::from(card.cores.max(1)) } else { 1.0 };
                let play = Play::new(card.id, rule, scale);
                replay_series(store, card.id, vec![(Series::Metric(metric), play)], from_ms, to_ms).await
            }
            None => Ok(Replayed::default()),
        },
        Watched::Mount | Watched::Made => {
            let names = store.series_names(card.id, from_ms, to_ms).await?;
            let of_kind = names.iter().filter_map(|name| match (name.parse().ok()?, kind) {
                (Series::Mount(mount), AlertKind::Disk) => Some((Series::Mount(mount.clone()), mount)),
                (Series::Inodes(mount), AlertKind::Inodes) => Some((Series::Inodes(mount.clone()), mount)),
                _ => None,
            });
            let plays = of_kind.filter_map(|(series, mount)| {
                let play = Play::new(card.id, rule_for(&mount)?, 1.0);
                Some((series, Play { target: mount, ..play }))
            });
            replay_series(store, card.id, plays.collect(), from_ms, to_ms).await
        }
    }
}

/// One condition that is played.
struct Play {
    host_id: HostId,
    target: String,
    kind: AlertKind,
    limits: Limits,
    window_ms: u64,
    scale: f64,
    /// For the width of rows that is being read.
    mean: (u64, SlidingMean),
    state: State,
    firings: Vec<Firing>,
}

impl Play {
    fn new(host_id: HostId, rule: &Held, scale: f64) -> Self {
        Self {
            host_id,
            target: rule.target.clone(),
            kind: rule.kind,
            limits: Limits::new(rule.kind, &rule.settings),
            window_ms: u64::from(rule.settings.window_s) * 1_000,
            scale,
            mean: (0, SlidingMean::new(0)),
            state: State::default(),
            firings: Vec::new(),
        }
    }

    fn step(&mut self, input: Input, at_ms: i64) {
        match self.state.step(input, &self.limits, false, at_ms.max(0) as u64) {
            Some(Transition::Fired { level, .. }) => {
                self.firings.push(Firing { host_id: self.host_id, target: self.target.clone(), from_ms: at_ms, to_ms: None, worst: level })
            }
            Some(Transition::Raised) => self.firings.iter_mut().for_each(|firing| {
                if firing.to_ms.is_none() {
                    firing.worst = Level::Critical;
                }
            }),
            Some(Transition::Ended(_)) => self.firings.iter_mut().filter(|firing| firing.to_ms.is_none()).for_each(|firing| {
                firing.to_ms = Some(at_ms);
            }),
            Some(Transition::Lowered | Transition::Released) | None => {}
        }
    }

    /// A line of rows; answers the time that they cover.
    fn line(&mut self, line: &Line, first_ms: i64, step_ms: i64) -> i64 {
        let step = step_ms.max(1) as u64;
        if self.mean.0 != step {
            // A row is a mean already; a window of so many rows begins with the first of them.
            let window_ms = if self.window_ms > step { self.window_ms - step + BEAT_MS } else { 0 };
            self.mean = (step, SlidingMean::new(window_ms));
        }
        let mut covered = 0;
        for (index, point) in (0..).zip(&line.points) {
            // A row is known when it is over.
            let at_ms = first_ms + (index + 1) * step_ms;
            let now = at_ms.max(0) as u64;
            let Some(stat) = point else {
                self.mean.1.add(now, None);
                self.step(Input::Suppressed, at_ms);
                continue;
            };
            covered += step_ms;
            let value = match (self.window_ms, self.kind.side()) {
                (0, Side::Above) => stat.most,
                (0, Side::Below) => stat.least,
                _ => stat.mean,
            };
            let input = self.mean.1.add(now, Some(value * self.scale)).map_or(Input::Missing, Input::Value);
            self.step(input, at_ms);
        }
        covered
    }
}

async fn replay_series(
    store: &Store,
    host_id: HostId,
    mut plays: Vec<(Series, Play)>,
    from_ms: i64,
    to_ms: i64,
) -> Result<Replayed, StoreError> {
    let mut replayed = Replayed::default();
    if plays.is_empty() {
        return Ok(replayed);
    }
    let series: Vec<Series> = plays.iter().map(|(series, _)| series.clone()).collect();
    let mut day_ms = from_ms;
    while day_ms < to_ms {
        let end_ms = (day_ms + DAY_MS).min(to_ms);
        let points = (i64::from(ROWS_A_DAY) * (end_ms - day_ms) / DAY_MS).max(1) as u32;
        let ask = Ask { hosts: vec![host_id], series: series.clone(), from_ms: day_ms, to_ms: end_ms, points };
        let answer = store.history(&ask).await?;
        let mut covered = 0;
        for (line, (_, play)) in answer.lines.iter().zip(&mut plays) {
            covered = covered.max(play.line(line, answer.first_ms, answer.step_ms));
        }
        if covered > 0 {
            replayed.step_ms = replayed.step_ms.max(answer.step_ms);
        }
        replayed.covered_ms += covered;
        day_ms = end_ms;
    }
    replayed.firings = plays.into_iter().flat_map(|(_, play)| play.firings).collect();
    Ok(replayed)
}

/// States from the changes that are stored. Between them nothing changes, so hold and clear times are looked up where they end.
async fn replay_states(store: &Store, host_id: HostId, rule: &Held, from_ms: i64, to_ms: i64) -> Result<Replayed, StoreError> {
    let mut play = Play::new(host_id, rule, 1.0);
    let events = store.events_between(host_id, from_ms, to_ms, MOST_EVENTS).await?;
    let (hold_ms, clear_ms) = (play.limits.hold_ms as i64, play.limits.clear_ms as i64);
    let mut changes: Vec<(i64, HostStatus)> = events
        .iter()
        .rev()
        .filter_map(|event| match event {
            HostEventRow::Status(event) => Some((event.at_ms, event.to)),
            HostEventRow::Source(_) => None,
        })
        .collect();
    let covered_from = changes.first().map_or(to_ms, |(at_ms, _)| *at_ms);
    changes.push((to_ms, HostStatus::Initializing));
    for window in changes.windows(2) {
        let [(at_ms, status), (next_ms, _)] = window else { continue };
        let input = match (rule.kind, status) {
            (_, HostStatus::Initializing | HostStatus::Paused | HostStatus::Blocked) => Input::Suppressed,
            (AlertKind::Degraded, HostStatus::Offline) => Input::Suppressed,
            (AlertKind::Degraded, status) => Input::Value(f64::from(u8::from(*status == HostStatus::Degraded))),
            (_, status) => Input::Value(f64::from(u8::from(*status == HostStatus::Offline))),
        };
        for moment in [*at_ms, at_ms + hold_ms, at_ms + clear_ms] {
            if moment < *next_ms {
                play.step(input, moment);
            }
        }
    }
    Ok(Replayed { firings: play.firings, covered_ms: to_ms - covered_from, step_ms: BEAT_MS as i64 })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::alert::RuleBook;
    use crate::store::{SampleRow, Stat};
    use protocol::host::Source;
    use protocol::live::{Event, StatusEvent};
    use protocol::metric::Metric;

    const START: i64 = 1_790_000_000_000 / DAY_MS * DAY_MS;

    async fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("tactus.db")).await.unwrap();
        store.ensure_local_host(1, 0).await.unwrap();
        (folder, store)
    }

    fn held(kind: AlertKind) -> Vec<Held> {
        RuleBook::default().held(&card()).into_iter().filter(|held| held.kind == kind).collect()
    }

    fn card() -> HostCard {
        HostCard { id: 1, cores: 2, ..HostCard::default() }
    }

    #[tokio::test]
    async fn as_many_firings_as_the_rows_hold() {
        let (_folder, store) = store().await;
        // Three bursts of 5 minutes, an hour apart; the second one critical, the third one still running.
        let cpu = |second: i64| match (second / 3_600, second % 3_600) {
            (1, 0..300) => 85.0,
            (2, 0..300) => 95.0,
            (3, 0..) => 85.0,
            _ => 10.0,
        };
        let row = |second: i64| {
            let stat = Stat { count: 20, mean: cpu(second), least: 0.0, most: 100.0 };
            SampleRow {
                host_id: 1,
                at_ms: START + second * 1_000,
                source: Source::Local,
                series: vec![(Series::Metric(Metric::Cpu), stat)],
            }
        };
        let rows: Vec<SampleRow> = (0..1_100).map(|index| row(index * 10)).collect();
        store.insert_samples(&rows).await.unwrap();
        let range = (START - DAY_MS, START + DAY_MS);
        let replayed = replay(&store, &card(), &held(AlertKind::Cpu), |_| true, range).await.unwrap();
        let found: Vec<(i64, Option<i64>, Level)> = replayed
            .firings
            .iter()
            .map(|firing| ((firing.from_ms - START) / 1_000, firing.to_ms.map(|to| (to - START) / 1_000), firing.worst))
            .collect();
        let expected = [(3_610, Some(3_940), Level::Warning), (7_210, Some(7_540), Level::Critical), (10_810, None, Level::Warning)];
        assert_eq!(found, expected);
        assert_eq!((replayed.covered_ms, replayed.step_ms), (11_000_000, 10_000));
        let nothing = replay(&store, &card(), &held(AlertKind::Cpu), |_| false, range).await.unwrap();
        assert_eq!(nothing, Replayed::default());
    }

    #[tokio::test]
    async fn outages_are_counted_from_the_events() {
        use HostStatus::{Offline, Online};
        let (_folder, store) = store().await;
        let status = |second: i64, to| {
            let at_ms = START + second * 1_000;
            Event::Status(StatusEvent { host_id: 1, at_ms, from: Online, to, source: None, reason: String::new() })
        };
        let events = [status(0, Online), status(100, Offline), status(200, Online), status(900, Offline), status(902, Online)];
        store.insert_events(&events).await.unwrap();
        let replayed = replay(&store, &card(), &held(AlertKind::Offline), |_| true, (START, START + 3_600_000)).await.unwrap();
        assert_eq!(replayed.firings.len(), 1, "two seconds are no outage");
        assert_eq!((replayed.firings[0].from_ms, replayed.firings[0].to_ms), (START + 103_000, Some(START + 230_000)));
    }
}
