//! The life of one alert: inactive → pending → firing (warning, critical) → ended. Pure: time is passed in.
//!
//! Each level is a [`Latch`] of its own: it goes on when the value has been bad for the hold time and off when it has been good, by the
//! clear distance, for the clear time. What is open follows from the two; a third one is the absence of values. Times are milliseconds of
//! a clock that only goes forward, so that the wall clock may jump as it likes.

use protocol::alert::{AlertKind, Ending, RuleSettings, Side};
use protocol::host::Level;

/// A condition that comes back so soon after its end must hold for [`FLAP_HOLD_MS`] before it fires again: whoever flaps has been told of.
pub const FLAP_WINDOW_MS: u64 = 300_000;
/// See [`FLAP_WINDOW_MS`]; a critical level that comes and goes within one alert is lowered only after this time, too.
pub const FLAP_HOLD_MS: u64 = 30_000;

/// Settings in the form that the judgement needs: the larger, the worse.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    pub warning: Option<f64>,
    pub critical: Option<f64>,
    pub clear_distance: f64,
    pub hold_ms: u64,
    pub clear_ms: u64,
    pub no_data_ms: u64,
    pub warn_no_data: bool,
    /// −1 for kinds of which small values are bad.
    sign: f64,
}

impl Limits {
    /// The limits of a rule.
    pub fn new(kind: AlertKind, settings: &RuleSettings) -> Self {
        let sign = if kind.side() == Side::Below { -1.0 } else { 1.0 };
        let seconds = |seconds: u32| u64::from(seconds) * 1_000;
        Self {
            warning: settings.warning.map(|bound| bound * sign),
            critical: settings.critical.map(|bound| bound * sign),
            clear_distance: settings.clear_distance,
            hold_ms: seconds(settings.hold_s),
            clear_ms: seconds(settings.clear_s),
            no_data_ms: seconds(settings.no_data_s),
            warn_no_data: settings.warn_no_data,
            sign,
        }
    }

    /// The threshold of a level in the kind's own direction.
    pub fn bound(&self, level: Level) -> Option<f64> {
        let bound = if level == Level::Critical { self.critical.or(self.warning) } else { self.warning.or(self.critical) };
        bound.map(|bound| bound * self.sign)
    }

    /// The level of a figure that had the level `before`: up at once, down only by the clear distance.
    pub fn level_of(&self, value: Option<f64>, before: Level) -> Level {
        let Some(value) = value.map(|value| value * self.sign) else { return Level::Calm };
        let over = |bound: Option<f64>, level: Level| {
            bound.is_some_and(|bound| value >= bound || before >= level && value > bound - self.clear_distance)
        };
        if over(self.critical, Level::Critical) {
            Level::Critical
        } else if over(self.warning, Level::Warning) {
            Level::Warning
        } else {
            Level::Calm
        }
    }
}

/// What is known at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Input {
    Value(f64),
    /// The host is there, the value is not.
    Missing,
    /// Nothing can be said and nothing may change: the host is offline, or the centre itself has slept.
    Suppressed,
}

/// What a step leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition {
    Fired {
        level: Level,
        no_data: bool,
    },
    Raised,
    Lowered,
    Ended(Ending),
    /// An alert that somebody ended by hand: now its condition has ceased, too.
    Released,
}

/// On or off, and since when the value has said otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Latch {
    on: bool,
    otherwise_since: Option<u64>,
}

impl Latch {
    fn step(&mut self, value: f64, bound: Option<f64>, clear_distance: f64, now: u64, (hold_ms, clear_ms): (u64, u64)) {
        let Some(bound) = bound else {
            *self = Self::default();
            return;
        };
        let otherwise = if self.on { value <= bound - clear_distance && value < bound } else { value >= bound };
        if !otherwise {
            self.otherwise_since = None;
            return;
        }
        let since = *self.otherwise_since.get_or_insert(now);
        if now.saturating_sub(since) >= if self.on { clear_ms } else { hold_ms } {
            *self = Self { on: !self.on, otherwise_since: None };
        }
    }
}

/// What is told to people at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Nothing,
    Open {
        level: Level,
        no_data: bool,
    },
    /// Ended by hand at this level while the condition holds.
    Dismissed(Level),
}

/// The state of one condition of one host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    warning: Latch,
    critical: Latch,
    missing_since: Option<u64>,
    standing: Standing,
    /// When the last alert ended, or its condition last held after that.
    trouble_at: Option<u64>,
    /// Since when a condition that came back too soon has held.
    back_since: Option<u64>,
    /// How often this alert has been raised.
    raises: u32,
}

impl Default for State {
    fn default() -> Self {
        Self {
            warning: Latch::default(),
            critical: Latch::default(),
            missing_since: None,
            standing: Standing::Nothing,
            trouble_at: None,
            back_since: None,
            raises: 0,
        }
    }
}

impl State {
    /// An alert that was open, or had been ended by hand, when the centre stopped.
    pub fn restored(level: Level, no_data: bool, dismissed: bool) -> Self {
        let on = |least| Latch { on: level >= least && !no_data, otherwise_since: None };
        let standing = if dismissed { Standing::Dismissed(level) } else { Standing::Open { level, no_data } };
        Self { warning: on(Level::Warning), critical: on(Level::Critical), standing, ..Self::default() }
    }

    /// The level of the open alert; [`Level::Calm`] without one.
    pub fn open_level(&self) -> Level {
        match self.standing {
            Standing::Open { level, .. } => level,
            Standing::Nothing | Standing::Dismissed(_) => Level::Calm,
        }
    }

    /// Whether nothing needs to be remembered.
    pub fn is_idle(&self) -> bool {
        self.standing == Standing::Nothing && !self.warning.on && !self.critical.on
    }

    /// Takes in what is known now. `quiet`: nothing may fire or be raised (maintenance); what still holds at its end fires then.
    pub fn step(&mut self, input: Input, limits: &Limits, quiet: bool, now: u64) -> Option<Transition> {
        let no_data = match input {
            Input::Suppressed => {
                self.forget_times();
                return None;
            }
            Input::Missing => {
                self.warning.otherwise_since = None;
                self.critical.otherwise_since = None;
                now.saturating_sub(*self.missing_since.get_or_insert(now)) >= limits.no_data_ms
            }
            Input::Value(value) => {
                self.missing_since = None;
                self.step_latches(value * limits.sign, limits, now);
                false
            }
        };
        if no_data {
            (self.warning, self.critical) = Default::default();
            // An open alert of a value ends before one of its absence fires.
            if let Standing::Open { no_data: false, .. } = self.standing {
                return self.end(Ending::NoData, now);
            }
        }
        let level = match (self.critical.on, self.warning.on) {
            (true, _) => Level::Critical,
            (false, true) => Level::Warning,
            (false, false) if no_data && limits.warn_no_data => Level::Warning,
            (false, false) => Level::Calm,
        };
        self.follow(level, no_data, quiet, now)
    }

    fn step_latches(&mut self, value: f64, limits: &Limits, now: u64) {
        let clear_ms = if self.raises > 1 { limits.clear_ms.max(FLAP_HOLD_MS) } else { limits.clear_ms };
        self.warning.step(value, limits.warning, limits.clear_distance, now, (limits.hold_ms, limits.clear_ms));
        self.critical.step(value, limits.critical, limits.clear_distance, now, (limits.hold_ms, clear_ms));
    }

    /// From what stands to what holds.
    fn follow(&mut self, level: Level, no_data: bool, quiet: bool, now: u64) -> Option<Transition> {
        match self.standing {
            Standing::Nothing if level == Level::Calm => {
                self.back_since = None;
                None
            }
            Standing::Nothing => {
                let soon = self.trouble_at.is_some_and(|at| now.saturating_sub(at) < FLAP_WINDOW_MS);
                let held = now.saturating_sub(*self.back_since.get_or_insert(now)) >= FLAP_HOLD_MS;
                if !quiet && (!soon || held) {
                    return self.fire(level, no_data);
                }
                self.trouble_at = self.trouble_at.map(|at| at.max(now));
                None
            }
            // A short gap says nothing.
            Standing::Open { .. } | Standing::Dismissed(_) if level == Level::Calm && self.missing_since.is_some() && !no_data => None,
            Standing::Dismissed(_) if level == Level::Calm => {
                self.standing = Standing::Nothing;
                Some(Transition::Released)
            }
            Standing::Dismissed(known) if level > known && !quiet => self.fire(level, no_data),
            Standing::Dismissed(_) => None,
            // A value has come back, good or bad: what it says is another alert.
            Standing::Open { no_data: true, .. } if !no_data && self.missing_since.is_none() => self.end(Ending::Recovered, now),
            Standing::Open { .. } if level == Level::Calm => self.end(if no_data { Ending::NoData } else { Ending::Recovered }, now),
            Standing::Open { level: known, no_data } if level > known => {
                if quiet {
                    return None;
                }
                self.raises += 1;
                self.standing = Standing::Open { level, no_data };
                Some(Transition::Raised)
            }
            Standing::Open { level: known, no_data } if level < known => {
                self.standing = Standing::Open { level, no_data };
                Some(Transition::Lowered)
            }
            Standing::Open { .. } => None,
        }
    }

    fn fire(&mut self, level: Level, no_data: bool) -> Option<Transition> {
        (self.standing, self.back_since, self.raises) = (Standing::Open { level, no_data }, None, 0);
        Some(Transition::Fired { level, no_data })
    }

    fn end(&mut self, ending: Ending, now: u64) -> Option<Transition> {
        (self.standing, self.trouble_at, self.back_since, self.raises) = (Standing::Nothing, Some(now), None, 0);
        Some(Transition::Ended(ending))
    }

    /// Somebody ends the open alert; `false`: there is none. It fires again only after its condition has ceased, or at a higher level.
    pub fn dismiss(&mut self) -> bool {
        let Standing::Open { level, .. } = self.standing else { return false };
        self.standing = Standing::Dismissed(level);
        true
    }

    /// The rule, the host or the file system is not there any more.
    pub fn withdraw(&mut self) -> Option<Transition> {
        let standing = self.standing;
        *self = Self::default();
        match standing {
            Standing::Nothing => None,
            Standing::Open { .. } => Some(Transition::Ended(Ending::Withdrawn)),
            Standing::Dismissed(_) => Some(Transition::Released),
        }
    }

    fn forget_times(&mut self) {
        self.warning.otherwise_since = None;
        self.critical.otherwise_since = None;
        (self.missing_since, self.back_since) = (None, None);
    }
}

#[cfg(test)]
mod tests;
