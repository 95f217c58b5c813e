//! Lines over time: what the charts of the last hour and those of the history show.

use crate::live::ChartPoint;
pub use protocol::metric::Unit;
use std::borrow::Cow;

/// Lines over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    pub lines: Vec<Line>,
    pub unit: Unit,
    /// End of the vertical axis; `None`: whatever suits the numbers.
    pub top: Option<f64>,
    /// A dashed line across, in per cent.
    pub threshold: Option<f32>,
    /// Left and right edge: UTC, milliseconds.
    pub from_ms: i64,
    pub until_ms: i64,
    /// What a large chart has beside its lines; `None`: a small one.
    pub timeline: Option<Timeline>,
}

/// What a large chart has beside its lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeline {
    /// Width of a point, in milliseconds.
    pub step_ms: i64,
    /// Moments at which something happened, and what: UTC, milliseconds.
    pub marks: Vec<(i64, String)>,
    /// Spans that are shaded: UTC, milliseconds.
    pub spans: Vec<(i64, i64)>,
}

impl Trend {
    /// Whether `other` differs by its data only.
    pub(super) fn has_frame_of(&self, other: &Self) -> bool {
        let same_line = |(one, two): (&Line, &Line)| {
            (&one.id, &one.name, one.colour, one.stroke) == (&two.id, &two.name, two.colour, two.stroke)
                && one.spread.is_empty() == two.spread.is_empty()
        };
        self.unit == other.unit
            && self.threshold == other.threshold
            && self.top.is_some() == other.top.is_some()
            && self.lines.len() == other.lines.len()
            && self.lines.iter().zip(&other.lines).all(same_line)
            && self.has_events_of(other)
            // The texts of the axis depend on its length.
            && (self.timeline.is_none() || dated(self.until_ms - self.from_ms) == dated(other.until_ms - other.from_ms))
    }

    fn has_events_of(&self, other: &Self) -> bool {
        match (&self.timeline, &other.timeline) {
            (Some(one), Some(two)) => one.marks == two.marks && one.spans == two.spans,
            (one, two) => one.is_none() == two.is_none(),
        }
    }
}

/// Whether the axis of a large chart of this length tells days.
pub fn dated(length_ms: i64) -> bool {
    length_ms > 86_400_000
}

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub id: Cow<'static, str>,
    pub name: String,
    pub colour: &'static str,
    pub stroke: Stroke,
    pub points: Vec<ChartPoint>,
    /// Least and most of each point, drawn as a band behind the line; empty: no band.
    pub spread: Vec<Option<(f32, f32)>>,
}

/// How a line is drawn, so that its colour alone carries nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stroke {
    #[default]
    Solid,
    Dashed,
    Dotted,
    /// Of another time: thin, dashed and faded.
    Faded,
}

/// End of an axis of per cents whose largest value is `most`.
pub fn percent_top(most: f32) -> f64 {
    [1.0, 5.0, 10.0, 20.0, 50.0].into_iter().find(|top| f64::from(most) <= *top).unwrap_or(100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_shares_are_not_flat() {
        for (most, top) in [(0.0, 1.0), (4.0, 5.0), (21.0, 50.0), (51.0, 100.0), (130.0, 100.0)] {
            assert_eq!(percent_top(most), top, "{most}");
        }
    }
}
