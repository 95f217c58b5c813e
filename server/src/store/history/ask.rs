//! A question to the history, its answer, and what can be wrong with it.

use archive::{DAY_MS, Stat, TIERS};
use protocol::host::HostId;
use protocol::metric::Series;

/// Longest range: five years, with the leap days that may be in it.
pub const MOST_RANGE_MS: i64 = (5 * 365 + 2) * DAY_MS;

/// Most points of a line.
pub const MOST_POINTS: u32 = 10_000;
/// Most lines of an answer.
pub const MOST_LINES: usize = 200;

/// Hosts × series × range × wanted points.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    pub hosts: Vec<HostId>,
    pub series: Vec<Series>,
    /// UTC milliseconds, from this moment on.
    pub from_ms: i64,
    /// Up to before this moment.
    pub to_ms: i64,
    /// Points of a line that are wanted at most.
    pub points: u32,
}

/// What is wrong with a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    #[error("the range is empty: its end is not after its start")]
    Empty,
    #[error("the range lies in the future")]
    Future,
    #[error("the range is longer than five years")]
    TooLong,
    #[error("no host or no series was named, or too many")]
    Lines,
    #[error("from 1 to {MOST_POINTS} points can be asked for")]
    Points,
}

impl Ask {
    /// Whether it can be answered.
    ///
    /// # Errors
    /// See [`AskError`].
    pub fn check(&self, now_ms: i64) -> Result<(), AskError> {
        let lines = self.hosts.len().saturating_mul(self.series.len());
        match () {
            () if self.from_ms >= self.to_ms => Err(AskError::Empty),
            () if self.from_ms > now_ms || self.from_ms < 0 => Err(AskError::Future),
            () if self.to_ms.saturating_sub(self.from_ms) > MOST_RANGE_MS => Err(AskError::TooLong),
            () if lines == 0 || lines > MOST_LINES => Err(AskError::Lines),
            () if !(1..=MOST_POINTS).contains(&self.points) => Err(AskError::Points),
            () => Ok(()),
        }
    }

    /// The coarsest tier that has at least a row for each wanted point; the finest for short ranges.
    pub(super) fn tier(&self) -> usize {
        let wanted = self.wanted_step();
        TIERS.iter().rposition(|tier| tier.step_ms <= wanted).unwrap_or(0)
    }

    /// Width of a point, a multiple of the tier's step.
    pub(super) fn step(&self, tier_step_ms: i64) -> i64 {
        let steps = (self.wanted_step() + tier_step_ms - 1) / tier_step_ms;
        tier_step_ms * steps.max(1)
    }

    /// Width of a point that gives as many as are wanted.
    pub(super) fn wanted_step(&self) -> i64 {
        let points = i64::from(self.points.max(1));
        (self.to_ms - self.from_ms + points - 1) / points
    }
}

/// Series with their points.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Width of the rows that were read.
    pub tier_step_ms: i64,
    /// Width of a point.
    pub step_ms: i64,
    /// Start of the first point: a multiple of `step_ms`, at or before the range's start.
    pub first_ms: i64,
    /// One for each host and series, in the order of the question.
    pub lines: Vec<Line>,
}

/// One host and series. At most one point more than was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub host_id: HostId,
    pub series: Series,
    /// Point `n` begins at `first_ms + n × step_ms`; `None` is a gap.
    pub points: Vec<Option<Stat>>,
    /// All points together.
    pub total: Option<Stat>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::metric::Metric;

    fn ask(from_ms: i64, to_ms: i64, points: u32) -> Ask {
        Ask { hosts: vec![1], series: vec![Series::Metric(Metric::Cpu)], from_ms, to_ms, points }
    }

    #[test]
    fn wrong_questions_are_told_apart() {
        let now = 400 * DAY_MS;
        for (question, expected) in [
            (ask(10, 10, 5), Err(AskError::Empty)),
            (ask(10, 9, 5), Err(AskError::Empty)),
            (ask(now + 1, now + 2, 5), Err(AskError::Future)),
            (ask(0, MOST_RANGE_MS + 1, 5), Err(AskError::TooLong)),
            (ask(0, i64::MAX, 5), Err(AskError::TooLong)),
            (ask(0, 10, 0), Err(AskError::Points)),
            (Ask { hosts: vec![], ..ask(0, 10, 5) }, Err(AskError::Lines)),
            (ask(0, MOST_RANGE_MS, 5), Ok(())),
        ] {
            assert_eq!(question.check(now), expected, "{question:?}");
        }
    }

    #[test]
    fn the_tier_suits_the_points() {
        for (range, points, tier, step) in [
            (3_600_000, 1_000, 0, 10_000),
            (DAY_MS, 1_000, 0, 90_000),
            (7 * DAY_MS, 1_000, 1, 900_000),
            (90 * DAY_MS, 1_000, 2, 3 * 3_600_000),
            (3_600_000, 1, 2, 3_600_000),
            (1_000, 10_000, 0, 10_000),
        ] {
            let question = ask(0, range, points);
            assert_eq!((question.tier(), question.step(TIERS[question.tier()].step_ms)), (tier, step), "{range} {points}");
        }
    }
}
