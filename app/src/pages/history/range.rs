//! Ranges of time: how they are zoomed and moved, and with how many points they are asked for. Pure.

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Shortest range: twenty samples of the full rate.
const SHORTEST_MS: i64 = 10 * SECOND_MS;
/// Longest range: what the centre answers, five years with their leap days.
pub const LONGEST_MS: i64 = (5 * 365 + 2) * DAY_MS;

/// From a moment to before another: UTC, milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    pub from_ms: i64,
    pub to_ms: i64,
}

impl Range {
    /// Length in milliseconds.
    pub fn length_ms(self) -> i64 {
        self.to_ms - self.from_ms
    }

    /// The range between two moments, whichever comes first.
    pub fn between(one_ms: i64, other_ms: i64, now_ms: i64) -> Self {
        Self { from_ms: one_ms.min(other_ms), to_ms: one_ms.max(other_ms) }.fitted(now_ms)
    }

    /// Shorter (`factor` below one) or longer, around a moment that stays where it is.
    pub fn zoomed(self, factor: f64, around_ms: i64, now_ms: i64) -> Self {
        let length = ((self.length_ms() as f64 * factor) as i64).clamp(SHORTEST_MS, LONGEST_MS);
        let share = ((around_ms - self.from_ms) as f64 / self.length_ms().max(1) as f64).clamp(0.0, 1.0);
        let from_ms = around_ms.clamp(self.from_ms, self.to_ms) - (length as f64 * share) as i64;
        Self { from_ms, to_ms: from_ms + length }.fitted(now_ms)
    }

    /// Moved by a share of its length: to the past below zero.
    pub fn moved(self, share: f64, now_ms: i64) -> Self {
        self.shifted((self.length_ms() as f64 * share) as i64).fitted(now_ms)
    }

    /// Moved by a time.
    pub fn shifted(self, by_ms: i64) -> Self {
        Self { from_ms: self.from_ms + by_ms, to_ms: self.to_ms + by_ms }
    }

    /// The minute, or the longer point, that a moment lies in.
    pub fn around(at_ms: i64, step_ms: i64) -> Self {
        let width = step_ms.max(MINUTE_MS);
        let from_ms = at_ms.div_euclid(width) * width;
        Self { from_ms, to_ms: from_ms + width }
    }

    /// The moment in its middle.
    pub fn middle_ms(self) -> i64 {
        self.from_ms + self.length_ms() / 2
    }

    /// Of the same length, neither shorter nor longer than ranges may be, ending now at the latest: nothing is known of the future.
    fn fitted(self, now_ms: i64) -> Self {
        let length = self.length_ms().clamp(SHORTEST_MS, LONGEST_MS);
        let to_ms = (self.from_ms + length).min(now_ms);
        Self { from_ms: (to_ms - length).max(0), to_ms }
    }
}

/// How far back a range that moves on with the time begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    Hour,
    SixHours,
    Day,
    Week,
    Month,
    Quarter,
}

impl Period {
    /// All, shortest first.
    pub const ALL: [Self; 6] = [Self::Hour, Self::SixHours, Self::Day, Self::Week, Self::Month, Self::Quarter];

    /// Its word in addresses and test ids.
    pub fn word(self) -> &'static str {
        match self {
            Self::Hour => "1h",
            Self::SixHours => "6h",
            Self::Day => "24h",
            Self::Week => "7d",
            Self::Month => "30d",
            Self::Quarter => "90d",
        }
    }

    /// Length in milliseconds.
    pub fn length_ms(self) -> i64 {
        match self {
            Self::Hour => HOUR_MS,
            Self::SixHours => 6 * HOUR_MS,
            Self::Day => DAY_MS,
            Self::Week => 7 * DAY_MS,
            Self::Month => 30 * DAY_MS,
            Self::Quarter => 90 * DAY_MS,
        }
    }
}

/// What is looked at: up to now, or between two moments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    Last(Period),
    Fixed(Range),
}

impl Span {
    /// The range at a moment.
    pub fn range(self, now_ms: i64) -> Range {
        match self {
            Self::Last(period) => Range { from_ms: now_ms - period.length_ms(), to_ms: now_ms },
            Self::Fixed(range) => range,
        }
    }
}

/// With what a range is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compare {
    #[default]
    Nothing,
    Yesterday,
    LastWeek,
}

impl Compare {
    /// All, in the order of the page.
    pub const ALL: [Self; 3] = [Self::Nothing, Self::Yesterday, Self::LastWeek];

    /// Its word in addresses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Nothing => "none",
            Self::Yesterday => "day",
            Self::LastWeek => "week",
        }
    }

    /// How much earlier, in milliseconds.
    pub fn earlier_ms(self) -> Option<i64> {
        match self {
            Self::Nothing => None,
            Self::Yesterday => Some(DAY_MS),
            Self::LastWeek => Some(7 * DAY_MS),
        }
    }
}

/// Points for a chart of this width in pixels: a point for three pixels of two.
pub fn points_for(width_px: i32) -> u32 {
    (width_px.max(0) as u32 * 2 / 3).clamp(200, 1_200)
}

/// How often a range that ends now is asked for again: about when the next point of a usual chart is due.
pub fn due_every_ms(length_ms: i64) -> i64 {
    (length_ms / 600).max(10 * SECOND_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 100 * DAY_MS;

    fn range(from_ms: i64, to_ms: i64) -> Range {
        Range { from_ms, to_ms }
    }

    #[test]
    fn zooming_keeps_the_moment_that_is_pointed_at() {
        let day = range(NOW - DAY_MS, NOW);
        for (factor, around_ms, expected) in [
            (0.5, NOW - DAY_MS / 2, range(NOW - DAY_MS * 3 / 4, NOW - DAY_MS / 4)),
            (0.5, NOW - DAY_MS, range(NOW - DAY_MS, NOW - DAY_MS / 2)),
            (0.5, NOW, range(NOW - DAY_MS / 2, NOW)),
            // Out of the chart: its edge is meant.
            (0.5, NOW + DAY_MS, range(NOW - DAY_MS / 2, NOW)),
            // Longer, but nothing lies in the future.
            (2.0, NOW - DAY_MS / 2, range(NOW - 2 * DAY_MS, NOW)),
            (1e-9, NOW - DAY_MS, range(NOW - DAY_MS, NOW - DAY_MS + SHORTEST_MS)),
        ] {
            assert_eq!(day.zoomed(factor, around_ms, NOW), expected, "{factor} {around_ms}");
        }
        assert_eq!(day.zoomed(1e9, NOW, NOW), range(0, NOW), "nothing lies before the beginning either");
    }

    #[test]
    fn moving_ends_now() {
        let hour = range(NOW - 2 * HOUR_MS, NOW - HOUR_MS);
        assert_eq!(hour.moved(-0.5, NOW), range(NOW - 5 * HOUR_MS / 2, NOW - 3 * HOUR_MS / 2));
        assert_eq!(hour.moved(0.5, NOW), range(NOW - 3 * HOUR_MS / 2, NOW - HOUR_MS / 2));
        assert_eq!(hour.moved(5.0, NOW), range(NOW - HOUR_MS, NOW));
    }

    #[test]
    fn a_selection_is_a_range_in_either_direction() {
        assert_eq!(Range::between(NOW - 5_000_000, NOW - 9_000_000, NOW), range(NOW - 9_000_000, NOW - 5_000_000));
        assert_eq!(Range::between(NOW - 20_000, NOW - 20_000, NOW), range(NOW - 20_000, NOW - 10_000));
    }

    #[test]
    fn spans_move_on_or_stay() {
        assert_eq!(Span::Last(Period::Hour).range(NOW), range(NOW - HOUR_MS, NOW));
        assert_eq!(Span::Fixed(range(1, 2)).range(NOW), range(1, 2));
        assert_eq!(Range::around(NOW + 90_000, 10_000), range(NOW + 60_000, NOW + 120_000));
        assert_eq!(Range::around(NOW + 90_000, HOUR_MS), range(NOW, NOW + HOUR_MS));
        assert_eq!((points_for(0), points_for(900), points_for(9_000), points_for(-1)), (200, 600, 1_200, 200));
        assert_eq!((due_every_ms(HOUR_MS), due_every_ms(DAY_MS)), (10_000, 144_000));
    }
}
