//! Tables for what a person would name, and random lives against a model that keeps no state but looks back.
#![allow(clippy::unwrap_used)]

use super::*;
use Input::{Missing, Suppressed, Value};

fn settings() -> RuleSettings {
    RuleSettings { hold_s: 2, clear_s: 4, no_data_s: 10, ..AlertKind::Memory.usual_settings() }
}

fn limits(settings: &RuleSettings) -> Limits {
    Limits::new(AlertKind::Memory, settings)
}

/// Steps of half a second from `from` on: (what is known, for how many steps); answers what happened and when, in seconds.
fn live(state: &mut State, limits: &Limits, from: u64, life: &[(Input, u64)]) -> Vec<(f64, Transition)> {
    let steps = life.iter().flat_map(|(input, count)| std::iter::repeat_n(*input, *count as usize));
    let step = |(index, input)| {
        let now = from + index as u64 * 500;
        state.step(input, limits, false, now).map(|transition| (now as f64 / 1_000.0, transition))
    };
    steps.enumerate().filter_map(step).collect()
}

fn fired(level: Level) -> Transition {
    Transition::Fired { level, no_data: false }
}

#[test]
fn fires_after_the_hold_time_and_ends_after_the_clear_time_below_the_clear_level() {
    let limits = limits(&settings());
    let life = [(Value(84.9), 4), (Value(85.0), 3), (Value(84.0), 1), (Value(86.0), 8), (Value(96.0), 8), (Value(81.0), 40)];
    let mut state = State::default();
    assert_eq!(
        live(&mut state, &limits, 0, &life),
        [(6.0, fired(Level::Warning)), (10.0, Transition::Raised), (16.0, Transition::Lowered)],
        "81 is no more critical, but not four points below 85"
    );
    assert_eq!(state.open_level(), Level::Warning);
    let life = [(Value(79.0), 7), (Value(80.5), 1), (Value(79.9), 20)];
    assert_eq!(live(&mut state, &limits, 40_000, &life), [(48.0, Transition::Ended(Ending::Recovered))]);
}

#[test]
fn a_jump_over_both_levels_fires_once_and_critically() {
    let limits = limits(&settings());
    assert_eq!(live(&mut State::default(), &limits, 0, &[(Value(99.0), 50)]), [(2.0, fired(Level::Critical))]);
}

#[test]
fn silence_changes_nothing_for_a_while_and_then_is_a_state_of_its_own() {
    let quiet = limits(&settings());
    let mut state = State::default();
    let life = [(Value(90.0), 6), (Missing, 19), (Value(90.0), 6)];
    assert_eq!(live(&mut state, &quiet, 0, &life), [(2.0, fired(Level::Warning))]);
    assert_eq!(live(&mut state, &quiet, 100_000, &[(Missing, 60)]), [(110.0, Transition::Ended(Ending::NoData))]);
    let told = limits(&RuleSettings { warn_no_data: true, ..settings() });
    let mut state = State::default();
    let life = [(Value(90.0), 6), (Missing, 40), (Value(10.0), 60)];
    let expected = [
        (2.0, fired(Level::Warning)),
        (13.0, Transition::Ended(Ending::NoData)),
        (43.0, Transition::Fired { level: Level::Warning, no_data: true }),
    ];
    assert_eq!(live(&mut state, &told, 0, &life), expected[..1].iter().chain(&expected[1..2]).copied().collect::<Vec<_>>());
    assert_eq!(live(&mut state, &told, 100_000, &[(Missing, 100)])[0].1, expected[2].1);
    assert_eq!(live(&mut state, &told, 200_000, &[(Value(10.0), 2)]), [(200.0, Transition::Ended(Ending::Recovered))]);
}

#[test]
fn an_offline_host_changes_nothing() {
    let limits = limits(&settings());
    let mut state = State::default();
    let life = [(Value(90.0), 3), (Suppressed, 100), (Value(90.0), 4), (Value(90.0), 1)];
    assert_eq!(live(&mut state, &limits, 0, &life), [(53.5, fired(Level::Warning))], "the hold time begins anew");
    let life = [(Value(10.0), 7), (Suppressed, 100), (Value(10.0), 9)];
    assert_eq!(live(&mut state, &limits, 60_000, &life), [(117.5, Transition::Ended(Ending::Recovered))]);
}

#[test]
fn in_maintenance_nothing_fires_and_afterwards_what_still_holds() {
    let limits = limits(&settings());
    let mut state = State::default();
    for now in (0..20_000).step_by(500) {
        assert_eq!(state.step(Value(90.0), &limits, true, now), None);
    }
    assert_eq!(state.step(Value(90.0), &limits, false, 20_000), Some(fired(Level::Warning)));
    for now in (20_500..30_000).step_by(500) {
        assert_eq!(state.step(Value(99.0), &limits, true, now), None);
    }
    assert_eq!(state.step(Value(99.0), &limits, false, 30_000), Some(Transition::Raised));
    let ended = (30_500..60_000).step_by(500).filter_map(|now| state.step(Value(1.0), &limits, true, now)).count();
    assert_eq!(ended, 1, "an end may be told at any time");
}

#[test]
fn what_somebody_ended_fires_again_only_after_it_has_ceased_or_worse() {
    let limits = limits(&settings());
    let mut state = State::default();
    assert!(!state.dismiss());
    live(&mut state, &limits, 0, &[(Value(90.0), 10)]);
    assert!(state.dismiss());
    assert_eq!(live(&mut state, &limits, 10_000, &[(Value(90.0), 100)]), []);
    let mut worse = state.clone();
    assert_eq!(live(&mut worse, &limits, 60_000, &[(Value(99.0), 10)]), [(62.0, fired(Level::Critical))]);
    assert_eq!(live(&mut state, &limits, 60_000, &[(Value(1.0), 10)]), [(64.0, Transition::Released)]);
    assert_eq!(live(&mut state, &limits, 80_000, &[(Value(90.0), 10)]), [(82.0, fired(Level::Warning))]);
}

#[test]
fn a_restart_neither_repeats_nor_forgets() {
    let limits = limits(&settings());
    for (level, value) in [(Level::Warning, 90.0), (Level::Critical, 99.0)] {
        let mut state = State::restored(level, false, false);
        assert_eq!(live(&mut state, &limits, 0, &[(Missing, 10), (Value(value), 100)]), []);
        let ended = live(&mut state, &limits, 60_000, &[(Value(1.0), 20)]);
        assert_eq!(ended.last().unwrap().1, Transition::Ended(Ending::Recovered));
        let mut state = State::restored(level, false, true);
        assert_eq!(live(&mut state, &limits, 0, &[(Missing, 10), (Value(value), 100)]), []);
    }
    let told = self::limits(&RuleSettings { warn_no_data: true, ..settings() });
    for dismissed in [false, true] {
        assert_eq!(live(&mut State::restored(Level::Warning, true, dismissed), &told, 0, &[(Missing, 100)]), []);
    }
}

#[test]
fn who_flaps_is_told_of_at_most_twice() {
    for (hold_s, clear_s) in [(0, 0), (0, 4), (2, 0), (5, 5)] {
        let limits = limits(&RuleSettings { hold_s, clear_s, ..settings() });
        let life: Vec<(Input, u64)> = (0..30).flat_map(|_| [(Value(99.0), 20), (Value(1.0), 20)]).collect();
        let mut state = State::default();
        let told = live(&mut state, &limits, 0, &life);
        assert!(told.len() <= 2 && !told.is_empty(), "{hold_s} {clear_s}: {told:?}");
        live(&mut state, &limits, 600_000, &[(Value(1.0), 100)]);
        assert_eq!(state.open_level(), Level::Calm);
        let again = live(&mut state, &limits, 650_000, &[(Value(99.0), 200)]);
        assert_eq!(again.len(), 1, "and when it stays, it fires again");
    }
}

/// Random numbers (xorshift64*, Vigna 2016): the same lives on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % sides
    }
}

/// What the rules say, found by looking back over all that was seen since the last break.
struct Model {
    seen: Vec<(u64, Input)>,
    /// Where in `seen` each level went on or off the last time.
    turned: [usize; 2],
    on: [bool; 2],
}

impl Model {
    fn level(&mut self, now: u64, input: Input, limits: &Limits) -> Level {
        self.seen.push((now, input));
        let silent = self.since(0, |input| matches!(input, Missing)).is_some_and(|since| now - since >= limits.no_data_ms);
        for (which, bound) in [limits.warning, limits.critical].into_iter().enumerate() {
            let bound = bound.unwrap();
            let (on, wait) = (self.on[which], if self.on[which] { limits.clear_ms } else { limits.hold_ms });
            let otherwise = |input: Input| match input {
                Value(value) if on => value <= bound - limits.clear_distance,
                Value(value) => value >= bound,
                Missing | Suppressed => false,
            };
            if silent {
                (self.on[which], self.turned[which]) = (false, self.seen.len());
            } else if self.since(self.turned[which], otherwise).is_some_and(|since| now - since >= wait) {
                (self.on[which], self.turned[which]) = (!on, self.seen.len());
            }
        }
        if self.on[1] {
            Level::Critical
        } else if self.on[0] {
            Level::Warning
        } else {
            Level::Calm
        }
    }

    /// Since when, up to now without a break, every input has been so.
    fn since(&self, from: usize, so: impl Fn(Input) -> bool) -> Option<u64> {
        self.seen[from..].iter().rev().take_while(|(_, input)| so(*input)).last().map(|(at, _)| *at)
    }

    fn forget(&mut self) {
        self.seen.clear();
        self.turned = [0; 2];
    }
}

/// One random life; answers how many transitions it had.
fn random_life(dice: &mut Dice) -> usize {
    let pick = |dice: &mut Dice, from: &[u32]| from[dice.roll(from.len() as u64) as usize];
    let settings = RuleSettings {
        hold_s: pick(dice, &[0, 1, 3]),
        clear_s: pick(dice, &[0, 2, 30]),
        no_data_s: pick(dice, &[2, 10]),
        ..AlertKind::Memory.usual_settings()
    };
    let limits = limits(&settings);
    let mut state = State::default();
    let mut model = Model { seen: Vec::new(), turned: [0; 2], on: [false; 2] };
    let (mut now, mut open, mut told) = (0, Level::Calm, 0);
    // Damping is left to the tables: here everything that comes back comes late enough.
    for _ in 0..4 + dice.roll(12) {
        let input = match dice.roll(12) {
            0 => Suppressed,
            1 | 2 => Missing,
            3 => {
                // The centre is started anew: what is open comes from the store, all times are lost, its clock begins anew.
                state = match state.open_level() {
                    Level::Calm => State::default(),
                    level => State::restored(level, false, false),
                };
                (model.on, now) = ([open >= Level::Warning, open == Level::Critical], 0);
                model.forget();
                continue;
            }
            _ => Value([10.0, 79.0, 82.0, 86.0, 91.0, 97.0][dice.roll(6) as usize]),
        };
        for _ in 0..1 + dice.roll(10) {
            now += [500, 500, 1_000, 7_000][dice.roll(4) as usize];
            if now % 7 == 0 {
                now += FLAP_WINDOW_MS;
                model.forget();
                state.forget_times();
            }
            if input == Suppressed {
                model.forget();
                assert_eq!(state.step(input, &limits, false, now), None);
                continue;
            }
            let wanted = model.level(now, input, &limits);
            let soon = state.trouble_at.is_some_and(|at| now.saturating_sub(at) < FLAP_WINDOW_MS);
            let raised_often = state.raises > 1;
            let transition = state.step(input, &limits, false, now);
            told += usize::from(transition.is_some());
            let after = match (transition, open) {
                (None, _) => open,
                (Some(Transition::Fired { level, no_data: false }), Level::Calm) => level,
                (Some(Transition::Raised), Level::Warning) => Level::Critical,
                (Some(Transition::Lowered), Level::Critical) => Level::Warning,
                (Some(Transition::Ended(_)), Level::Warning | Level::Critical) => Level::Calm,
                unpaired => panic!("unpaired: {unpaired:?}"),
            };
            open = after;
            assert_eq!(open, state.open_level());
            // A gap leaves an open alert open, and damping holds back; otherwise model and state say the same.
            if !(soon && open == Level::Calm || raised_often || input == Missing) {
                assert_eq!(open, wanted, "at {now} after {:?} {limits:?} {state:?} {:?}", model.seen, (model.on, &model.turned));
            }
            if raised_often {
                // The model does not know damping: it follows.
                for (which, on) in [state.warning.on, state.critical.on].into_iter().enumerate() {
                    if model.on[which] != on {
                        (model.on[which], model.turned[which]) = (on, model.seen.len());
                    }
                }
            }
        }
    }
    // Whatever was, a long good time ends it, and a long bad one fires it critically.
    for (value, expected) in [(1.0, Level::Calm), (99.0, Level::Critical), (1.0, Level::Calm)] {
        now += FLAP_WINDOW_MS;
        for _ in 0..4 {
            now += 40_000;
            state.step(Value(value), &limits, false, now);
        }
        assert_eq!(state.open_level(), expected, "stuck");
    }
    told
}

#[test]
fn a_million_random_lives_are_as_the_model_says() {
    let mut dice = Dice(0x7ac7_0500);
    let told: usize = (0..1_000_000).map(|_| random_life(&mut dice)).sum();
    assert!(told > 1_000_000, "only {told} transitions: the lives are too quiet");
}
