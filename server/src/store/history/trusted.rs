//! The clock by which history grows old: it does not believe in jumps, so that no wrong clock deletes anything. Pure.

use std::time::Duration;

/// A clock may run ahead of what was lived by so much.
const BELIEVED: Duration = Duration::from_secs(5 * 60);
/// A jump forward is believed when it has been lived with for so long.
const PROVEN: Duration = Duration::from_secs(7 * 24 * 3_600);

/// Follows the centre's clock. After a jump forward (or a long pause of the centre) it stays behind and goes on by what is lived, until
/// the jump has proven itself for seven days. A clock that is set back is followed at once: that only keeps things longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrustedClock {
    now_ms: i64,
    doubted: Duration,
}

impl TrustedClock {
    /// Begins at the last trusted moment: UTC, milliseconds.
    pub fn new(now_ms: i64) -> Self {
        Self { now_ms, doubted: Duration::ZERO }
    }

    /// The trusted moment: UTC, milliseconds.
    pub fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// `now_ms` is what the clock says, `lived` the time since the last tick.
    pub fn tick(&mut self, now_ms: i64, lived: Duration) {
        let expected = self.now_ms.saturating_add(lived.as_millis() as i64);
        if now_ms <= expected.saturating_add(BELIEVED.as_millis() as i64) || self.doubted >= PROVEN {
            *self = Self::new(now_ms);
        } else {
            self.now_ms = expected;
            self.doubted += lived;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);
    const HOUR_MS: i64 = 3_600_000;

    #[test]
    fn a_clock_that_jumps_is_believed_after_seven_days_only() {
        for jump in [HOUR_MS, 24 * HOUR_MS, 10 * 365 * 24 * HOUR_MS] {
            let mut clock = TrustedClock::new(0);
            for hour in 1..=7 * 24 {
                clock.tick(jump + hour * HOUR_MS, HOUR);
                assert_eq!(clock.now_ms(), hour * HOUR_MS, "only what was lived");
            }
            let now = jump + (7 * 24 + 1) * HOUR_MS;
            clock.tick(now, HOUR);
            assert_eq!(clock.now_ms(), now);
        }
    }

    #[test]
    fn a_jump_that_is_taken_back_leaves_nothing() {
        let mut clock = TrustedClock::new(0);
        clock.tick(1_000 * HOUR_MS, HOUR);
        clock.tick(2 * HOUR_MS, HOUR);
        assert_eq!(clock, TrustedClock::new(2 * HOUR_MS));
        clock.tick(HOUR_MS, HOUR);
        assert_eq!(clock, TrustedClock::new(HOUR_MS), "backwards at once");
        clock.tick(2 * HOUR_MS + 250_000, HOUR);
        assert_eq!(clock.now_ms(), 2 * HOUR_MS + 250_000, "small corrections, too");
    }
}
