//! Judges all hosts at every beat. Owns the state of every condition; no I/O, no lock: the pipeline owns the judge.

use super::book::{Held, RuleBook};
use super::case::{Case, Moment, Sink, Who};
use super::state::{Input, Limits, State};
use super::values::{Forecasts, Look};
use crate::store::Happening;
use app::views::AlertAct;
use protocol::alert::{Alert, AlertBoard, AlertChange, AlertId, AlertKind, Ending, MOST_ENDED, MOST_ON_BOARD, Remark, Watched};
use protocol::host::{HostId, HostStatus, LOCAL_HOST_ID, Level, Leveled, Levels, Thresholds};
use protocol::live::HostCard;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// After its start, its sleep or the loss of its own network the centre gives hosts so long to come back before it calls them offline.
pub const GRACE_MS: u64 = 30_000;
/// From so many hosts on it is the centre's own network when all are lost.
const HOSTS_THAT_PROVE: usize = 3;
/// How often it is looked whether a maintenance window runs.
const WINDOWS_EVERY_MS: u64 = 1_000;

/// Everything about one host.
struct HostCase {
    who: Who,
    cores: u32,
    rules: Vec<(Held, Arc<Limits>)>,
    ways: Vec<HostId>,
    windows: Vec<usize>,
    cases: Vec<Case>,
    levels: Levels,
    was_live: bool,
}

/// The judge of all hosts.
pub struct Judge {
    book: Arc<RuleBook>,
    /// `None` until the first ones have been made: then nothing is known, which is not that nothing fills up.
    forecasts: Option<Arc<Forecasts>>,
    hosts: HashMap<HostId, HostCase>,
    /// What was open when the centre stopped and has not found its host yet.
    restored: Vec<Alert>,
    revision: u64,
    changed: bool,
    sink: Sink,
    /// Until then a host that has not been seen since the start may come.
    start_grace_until: u64,
    /// Until then any host may come back.
    grace_until: u64,
    /// Whether all hosts are lost at once.
    isolated: bool,
    /// Whether that is told, too: not while hosts may still come after the start.
    isolation_told: bool,
    /// Hosts from which nothing comes.
    silent: HashSet<HostId>,
    running: Vec<bool>,
    windows_at: Option<u64>,
}

/// What a beat leads to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// To be stored and told, in order.
    pub happenings: Vec<Happening>,
    /// How the alerts stand, if that has changed.
    pub board: Option<AlertBoard>,
}

impl Judge {
    /// A judge that goes on where the last one stopped: `latched` alerts, the last `ended` ones (newest first), the largest number so far.
    /// `now` and all later times are milliseconds of a clock that only goes forward.
    pub fn new(book: Arc<RuleBook>, latched: Vec<Alert>, ended: Vec<Alert>, last_id: AlertId, now: u64) -> Self {
        Self {
            book,
            forecasts: None,
            hosts: HashMap::new(),
            restored: latched,
            revision: 0,
            changed: true,
            sink: Sink { next_id: last_id + 1, happenings: Vec::new(), ended: ended.into_iter().take(MOST_ENDED).collect() },
            start_grace_until: now + GRACE_MS,
            grace_until: now,
            isolated: false,
            isolation_told: false,
            silent: HashSet::new(),
            running: Vec::new(),
            windows_at: None,
        }
    }

    /// Takes new forecasts in.
    pub fn take_forecasts(&mut self, forecasts: Arc<Forecasts>) {
        self.forecasts = Some(forecasts);
    }

    /// Takes the inventory and the rules in. Alerts of hosts, rules and file systems that are gone end.
    pub fn take_book(&mut self, book: Arc<RuleBook>, cards: &[HostCard], at_ms: i64) {
        self.book = book;
        self.windows_at = None;
        let known: HashSet<HostId> = cards.iter().map(|card| card.id).collect();
        let gone: Vec<HostId> = self.hosts.keys().copied().filter(|id| !known.contains(id)).collect();
        for host in gone.into_iter().filter_map(|id| self.hosts.remove(&id)) {
            host.cases.into_iter().for_each(|mut case| case.withdraw(at_ms, &mut self.sink));
            self.changed = true;
        }
        for card in cards {
            self.take_card(card, at_ms);
        }
        // Hosts that were deleted while the centre did not run.
        for alert in self.restored.extract_if(.., |alert| !known.contains(&alert.host_id)).collect::<Vec<_>>() {
            Case::restored(alert).withdraw(at_ms, &mut self.sink);
        }
    }

    fn take_card(&mut self, card: &HostCard, at_ms: i64) {
        let restored = self.restored.extract_if(.., |alert| alert.host_id == card.id).map(Case::restored).collect();
        let held = self.book.held(card).into_iter().filter(|held| !held.kind.is_centres() || card.id == LOCAL_HOST_ID);
        let rules =
            held.map(|held| (Arc::new(Limits::new(held.kind, &held.settings)), held)).map(|(limits, held)| (held, limits)).collect();
        let ways = self.book.ways_to(card.id);
        let windows = self.book.windows.iter().enumerate().filter(|(_, window)| window.is_for(card)).map(|(index, _)| index).collect();
        let who = Who { id: card.id, name: card.name.clone(), group: card.group.clone() };
        let host = self.hosts.entry(card.id).or_insert_with(|| HostCase {
            who: who.clone(),
            cores: card.cores,
            rules: Vec::new(),
            ways: Vec::new(),
            windows: Vec::new(),
            cases: restored,
            levels: Levels::default(),
            was_live: false,
        });
        (host.who, host.cores, host.rules, host.ways, host.windows) = (who, card.cores, rules, ways, windows);
        for case in &mut host.cases {
            let rule = rule_for(&host.rules, case.kind, &case.target);
            match rule.filter(|(held, _)| held.settings.enabled) {
                Some((held, _)) => case.keep_window(held.settings.window_s),
                None => {
                    case.withdraw(at_ms, &mut self.sink);
                    self.changed = true;
                }
            }
        }
    }

    /// The thresholds by which a host is judged.
    pub fn thresholds(&self, card: &HostCard) -> Thresholds {
        self.book.thresholds(card)
    }

    /// The centre itself slept: the hosts' silence in that time is not theirs.
    pub fn forgive(&mut self, now: u64) {
        self.grace_until = self.grace_until.max(now + GRACE_MS);
    }

    /// Begins a beat with the states of all hosts: `now` by the clock that only goes forward, `at_ms` UTC.
    pub fn begin(&mut self, now: u64, at_ms: i64, states: impl Iterator<Item = (HostId, HostStatus)>) {
        self.silent.clear();
        let (mut reached, mut lost) = (0, 0);
        for (id, status) in states {
            let Some(host) = self.hosts.get_mut(&id) else { continue };
            host.was_live |= status.is_live();
            if status == HostStatus::Offline {
                self.silent.insert(id);
            }
            // What was offline before proves nothing.
            let proves = id != LOCAL_HOST_ID && !host.cases.iter().any(|case| case.is_open(AlertKind::Offline));
            reached += usize::from(proves && status.is_live());
            lost += usize::from(proves && status == HostStatus::Offline);
        }
        self.isolated = reached == 0 && lost >= HOSTS_THAT_PROVE;
        let told = self.isolated && now >= self.start_grace_until;
        if self.isolation_told && !told {
            self.forgive(now);
        }
        self.isolation_told = told;
        if self.windows_at.is_none_or(|at| now.saturating_sub(at) >= WINDOWS_EVERY_MS) {
            self.windows_at = Some(now);
            self.running = self.book.windows.iter().map(|window| window.runs(at_ms)).collect();
        }
    }

    /// Judges one host; answers how its figures stand. `store_failing` is of interest for the centre's own machine alone.
    pub fn look(&mut self, look: Look<'_>, store_failing: bool, now: u64, at_ms: i64) -> Levels {
        let Self { hosts, sink, changed, forecasts, running, .. } = self;
        let Some(host) = hosts.get_mut(&look.id) else { return Levels::default() };
        let look = Look { cores: if look.cores == 0 { host.cores } else { look.cores }, ..look };
        if look.status == HostStatus::Paused {
            host.cases.iter_mut().filter(|case| !case.is_idle()).for_each(|case| {
                case.withdraw(at_ms, sink);
                *changed = true;
            });
            host.levels = Levels::default();
            return host.levels;
        }
        let quiet = host.windows.iter().any(|index| running.get(*index).copied().unwrap_or_default());
        let moment = Moment { now, at_ms, quiet };
        let too_early = now < self.grace_until || now < self.start_grace_until && !host.was_live;
        let excused = too_early || self.isolated || host.ways.iter().any(|way| self.silent.contains(way));
        let live = look.status.is_live();
        let mut levels = Levels::default();
        let before = sink.happenings.len();
        let mut step = |cases: &mut Vec<Case>, rule: &(Held, Arc<Limits>), target: &str, input: Input| {
            let (held, limits) = rule;
            let index = cases.iter().position(|case| case.kind == held.kind && case.target == target).unwrap_or_else(|| {
                cases.push(Case::new(held.kind, target, held.settings.window_s));
                cases.len() - 1
            });
            let case = &mut cases[index];
            let level = case.step(input, limits, moment, &host.who, sink);
            if let Some(figure) = figure_of(held.kind) {
                levels.raise(figure, level);
            }
        };
        for index in 0..host.rules.len() {
            let rule = &host.rules[index];
            let kind = rule.0.kind;
            if kind.watched() == Watched::Mount {
                // The rule of all mount points stands last and is asked for those that have none of their own.
                let known = kind != AlertKind::DiskForecast || forecasts.is_some();
                if rule.0.target.is_empty() && live && known {
                    for (target, value) in look.mounts(kind, forecasts.as_deref()) {
                        let Some(rule) = rule_for(&host.rules, kind, target).filter(|(held, _)| held.settings.enabled) else { continue };
                        step(&mut host.cases, rule, target, value.map_or(Input::Missing, Input::Value));
                    }
                }
                continue;
            }
            if !rule.0.settings.enabled {
                continue;
            }
            let input = match kind.watched() {
                Watched::State if kind == AlertKind::CentreStore => Input::Value(f64::from(u8::from(store_failing))),
                Watched::State if kind == AlertKind::CentreNetwork && now < self.start_grace_until => Input::Suppressed,
                Watched::State if kind == AlertKind::CentreNetwork => Input::Value(f64::from(u8::from(self.isolation_told))),
                Watched::State => match look.state(kind) {
                    Input::Value(1.0) if kind == AlertKind::Offline && excused => Input::Suppressed,
                    input => input,
                },
                _ if !live => Input::Suppressed,
                _ => look.value(kind).map_or(Input::Missing, Input::Value),
            };
            step(&mut host.cases, rule, "", input);
        }
        // File systems that are not there any more.
        for case in host.cases.iter_mut().filter(|case| case.kind.watched() == Watched::Mount && case.stepped_at != now) {
            let Some((_, limits)) = rule_for(&host.rules, case.kind, &case.target) else { continue };
            let known = case.kind != AlertKind::DiskForecast || forecasts.is_some();
            let input = if live && known { Input::Missing } else { Input::Suppressed };
            case.step(input, limits, moment, &host.who, sink);
        }
        host.cases.retain(|case| !(case.is_idle() && case.kind.watched() == Watched::Mount && case.stepped_at + GRACE_MS < now));
        host.cases.iter().for_each(|case| levels.raise(Leveled::Alerts, case.state.open_level()));
        host.levels = levels;
        *changed |= sink.happenings.len() > before;
        levels
    }

    /// Ends a beat.
    pub fn finish(&mut self, at_ms: i64) -> Outcome {
        let happenings = std::mem::take(&mut self.sink.happenings);
        Outcome { happenings, board: std::mem::take(&mut self.changed).then(|| self.board(at_ms)) }
    }

    /// Does something to open alerts; answers to how many.
    pub fn act(&mut self, ids: &[AlertId], act: &AlertAct, by: &str, at_ms: i64) -> u32 {
        let ids: HashSet<AlertId> = ids.iter().copied().collect();
        let mut done = 0;
        let cases = self.hosts.values_mut().flat_map(|host| host.cases.iter_mut());
        for case in cases.filter(|case| case.alert.as_ref().is_some_and(|alert| alert.is_open() && ids.contains(&alert.id))) {
            let Some(alert) = case.alert.as_mut() else { continue };
            let remark = |note: &str| Some(Remark { by: by.to_owned(), at_ms, note: note.to_owned() });
            let change = match act {
                AlertAct::Acknowledge { note } => {
                    alert.acknowledged = remark(note);
                    Some(AlertChange::Acknowledged)
                }
                AlertAct::Snooze { until_ms } => {
                    alert.snoozed_until_ms = Some(*until_ms);
                    Some(AlertChange::Snoozed)
                }
                AlertAct::Wake => {
                    alert.snoozed_until_ms = None;
                    None
                }
                AlertAct::Resolve { note } => {
                    (alert.resolved_by_hand, alert.ended) = (remark(note), Some((at_ms, Ending::ByHand)));
                    alert.changed_at_ms = at_ms;
                    case.state.dismiss();
                    self.sink.note_ended(alert);
                    Some(AlertChange::Resolved)
                }
            };
            let silent = change == Some(AlertChange::Snoozed);
            self.sink.happenings.push(Happening { alert: alert.clone(), latched: true, change, at_ms, by: by.to_owned(), silent });
            (done, self.changed) = (done + 1, true);
        }
        done
    }

    fn board(&mut self, at_ms: i64) -> AlertBoard {
        self.revision += 1;
        let cases = self.hosts.values().flat_map(|host| host.cases.iter());
        let mut open: Vec<Alert> = cases.filter_map(|case| case.alert.as_ref()).filter(|alert| alert.is_open()).cloned().collect();
        let count = |level| open.iter().filter(|alert| alert.level == level).count() as u32;
        let (warning, critical) = (count(Level::Warning), count(Level::Critical));
        open.sort_by_key(|alert| Reverse((alert.level, alert.changed_at_ms, alert.id)));
        open.truncate(MOST_ON_BOARD);
        AlertBoard { revision: self.revision, at_ms, warning, critical, open, ended: self.sink.ended.iter().cloned().collect() }
    }
}

/// The rule for a target: the first that is for it or for everything.
fn rule_for<'a>(rules: &'a [(Held, Arc<Limits>)], kind: AlertKind, target: &str) -> Option<&'a (Held, Arc<Limits>)> {
    rules.iter().find(|(held, _)| held.kind == kind && (held.target.is_empty() || held.target == target))
}

/// The figure of cards and the wall that a kind is about.
fn figure_of(kind: AlertKind) -> Option<Leveled> {
    match kind {
        AlertKind::Cpu => Some(Leveled::Cpu),
        AlertKind::Memory => Some(Leveled::Memory),
        AlertKind::Disk => Some(Leveled::Disk),
        _ => None,
    }
}

impl Case {
    /// One that was open, or ended by hand, when the centre stopped.
    fn restored(alert: Alert) -> Self {
        let mut case = Self::new(alert.kind, &alert.target, 0);
        case.state = State::restored(alert.level, alert.no_data, !alert.is_open());
        case.alert = Some(alert);
        case
    }
}

#[cfg(test)]
mod tests;
