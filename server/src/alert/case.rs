//! One condition of one host: its state, the mean by which it is judged, and the alert that stands for it.

use super::mean::SlidingMean;
use super::state::{Input, Limits, State, Transition};
use crate::store::Happening;
use protocol::alert::{Alert, AlertChange, AlertId, AlertKind, Ending, MOST_ENDED};
use protocol::host::{HostId, Level};
use std::collections::VecDeque;

/// The host as records name it.
#[derive(Clone, Debug)]
pub struct Who {
    pub id: HostId,
    pub name: String,
    pub group: String,
}

/// When something is judged.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Milliseconds of a clock that only goes forward.
    pub now: u64,
    /// UTC, for records alone.
    pub at_ms: i64,
    /// Nothing may fire.
    pub quiet: bool,
}

/// Where what happens goes.
#[derive(Debug, Default)]
pub struct Sink {
    /// Number of the next alert.
    pub next_id: AlertId,
    /// To be stored and told, in order.
    pub happenings: Vec<Happening>,
    /// The last that ended, newest first.
    pub ended: VecDeque<Alert>,
}

impl Sink {
    /// Notes the end of an alert.
    pub fn note_ended(&mut self, alert: &Alert) {
        self.ended.push_front(alert.clone());
        self.ended.truncate(MOST_ENDED);
    }
}

/// One condition of one host.
#[derive(Debug)]
pub struct Case {
    pub kind: AlertKind,
    /// Mount point; empty where the kind has none.
    pub target: String,
    pub state: State,
    mean: SlidingMean,
    window_s: u32,
    /// The level of the figure as it is shown.
    shown: Level,
    /// Open, or ended by hand while the condition holds.
    pub alert: Option<Alert>,
    /// When it was judged the last time.
    pub stepped_at: u64,
}

impl Case {
    /// A condition of which nothing is known.
    pub fn new(kind: AlertKind, target: &str, window_s: u32) -> Self {
        Self {
            kind,
            target: target.to_owned(),
            state: State::default(),
            mean: SlidingMean::new(u64::from(window_s) * 1_000),
            window_s,
            shown: Level::Calm,
            alert: None,
            stepped_at: 0,
        }
    }

    /// Averages over so many seconds from now on.
    pub fn keep_window(&mut self, window_s: u32) {
        if self.window_s != window_s {
            (self.window_s, self.mean) = (window_s, SlidingMean::new(u64::from(window_s) * 1_000));
        }
    }

    /// Whether an alert of this kind is open.
    pub fn is_open(&self, kind: AlertKind) -> bool {
        self.kind == kind && self.state.open_level() != Level::Calm
    }

    /// Whether nothing of it needs to be remembered.
    pub fn is_idle(&self) -> bool {
        self.alert.is_none() && self.state.is_idle()
    }

    /// Judges one beat; answers the level of the figure.
    pub fn step(&mut self, input: Input, limits: &Limits, moment: Moment, who: &Who, sink: &mut Sink) -> Level {
        let Moment { now, at_ms, quiet } = moment;
        self.stepped_at = now;
        let value = self.mean.add(now, if let Input::Value(value) = input { Some(value) } else { None });
        let input = match (input, value) {
            (Input::Suppressed, _) => Input::Suppressed,
            (_, Some(value)) => Input::Value(value),
            (_, None) => Input::Missing,
        };
        self.shown = limits.level_of(value, self.shown);
        let Some(transition) = self.state.step(input, limits, quiet, now) else { return self.shown };
        match transition {
            Transition::Fired { level, no_data } => {
                self.release(at_ms, sink);
                let bound = if no_data { None } else { limits.bound(level) };
                let value = if no_data { None } else { value };
                let alert = Alert {
                    id: sink.next_id,
                    host_id: who.id,
                    host_name: who.name.clone(),
                    group: who.group.clone(),
                    kind: self.kind,
                    target: self.target.clone(),
                    level,
                    worst: level,
                    no_data,
                    value,
                    bound,
                    fired_at_ms: at_ms,
                    changed_at_ms: at_ms,
                    ended: None,
                    acknowledged: None,
                    resolved_by_hand: None,
                    snoozed_until_ms: None,
                };
                sink.next_id += 1;
                self.alert = Some(alert);
                self.tell(AlertChange::Fired, at_ms, sink);
            }
            Transition::Raised | Transition::Lowered => {
                let level = self.state.open_level();
                if let Some(alert) = &mut self.alert {
                    (alert.level, alert.worst) = (level, alert.worst.max(level));
                    (alert.value, alert.bound, alert.changed_at_ms) = (value, limits.bound(level), at_ms);
                }
                self.tell(if transition == Transition::Raised { AlertChange::Raised } else { AlertChange::Lowered }, at_ms, sink);
            }
            Transition::Ended(ending) => self.end(ending, value, at_ms, sink),
            Transition::Released => self.release(at_ms, sink),
        }
        self.shown
    }

    /// The rule, the host or the file system is not there any more.
    pub fn withdraw(&mut self, at_ms: i64, sink: &mut Sink) {
        self.shown = Level::Calm;
        match self.state.withdraw() {
            Some(Transition::Ended(ending)) => self.end(ending, None, at_ms, sink),
            _ => self.release(at_ms, sink),
        }
    }

    fn end(&mut self, ending: Ending, value: Option<f64>, at_ms: i64, sink: &mut Sink) {
        let Some(mut alert) = self.alert.take() else { return };
        (alert.value, alert.changed_at_ms, alert.ended) = (value.or(alert.value), at_ms, Some((at_ms, ending)));
        sink.note_ended(&alert);
        let change = Some(AlertChange::Resolved);
        sink.happenings.push(Happening { alert, latched: false, change, at_ms, by: String::new(), silent: false });
    }

    /// An alert that somebody ended by hand holds no more.
    fn release(&mut self, at_ms: i64, sink: &mut Sink) {
        if let Some(alert) = self.alert.take() {
            sink.happenings.push(Happening { alert, latched: false, change: None, at_ms, by: String::new(), silent: true });
        }
    }

    fn tell(&self, change: AlertChange, at_ms: i64, sink: &mut Sink) {
        let Some(alert) = self.alert.clone() else { return };
        let silent = change == AlertChange::Lowered;
        sink.happenings.push(Happening { alert, latched: true, change: Some(change), at_ms, by: String::new(), silent });
    }
}
