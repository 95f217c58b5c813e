//! What a chart says about the moment that is pointed at. Pure.

use super::trend::{Line, Trend};
use crate::format;

/// Marks that lie closer to the pointer than this share of the axis are told, too.
const NEAR: f64 = 0.006;

/// A line of text for the moment and for each line, with its mean and, where there is a band, its extremes. `marker` draws the colour of a
/// line, `moment` writes a time.
pub fn tip_text(trend: &Trend, at_ms: i64, marker: impl Fn(&Line) -> String, moment: impl Fn(i64) -> String) -> String {
    let value = |value: f32| format::unit_text(trend.unit, Some(f64::from(value)));
    let mut texts = vec![moment(at_ms)];
    for line in &trend.lines {
        let Some(place) = nearest(line, at_ms) else { continue };
        let Some(mean) = line.points[place].1 else { continue };
        let extremes = match line.spread.get(place).copied().flatten() {
            Some((least, most)) if least != most => format!("  ({} … {})", value(least), value(most)),
            _ => String::new(),
        };
        texts.push(format!("{}{}  {}{extremes}", marker(line), line.name, value(mean)));
    }
    if let Some(timeline) = &trend.timeline {
        let near_ms = ((trend.until_ms - trend.from_ms) as f64 * NEAR) as i64;
        let near = timeline.marks.iter().filter(|(mark_ms, _)| (mark_ms - at_ms).abs() <= near_ms.max(timeline.step_ms));
        texts.extend(near.take(4).map(|(mark_ms, text)| format!("◆ {} {text}", moment(*mark_ms))));
    }
    texts.join("\n")
}

/// Place of the point that is closest to a moment.
pub fn nearest(line: &Line, at_ms: i64) -> Option<usize> {
    let after = line.points.partition_point(|point| point.0 < at_ms);
    let distance = |place: usize| line.points.get(place).map(|point| (point.0 - at_ms).abs());
    [after.checked_sub(1), Some(after)]
        .into_iter()
        .flatten()
        .filter(|&place| distance(place).is_some())
        .min_by_key(|&place| distance(place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::{Stroke, Timeline, Unit, palette};

    #[test]
    fn tells_means_extremes_and_marks_and_is_silent_about_gaps() {
        let line = |name: &str, points, spread| Line {
            id: name.to_owned().into(),
            name: name.into(),
            colour: palette::CPU,
            stroke: Stroke::Solid,
            points,
            spread,
        };
        let lines = vec![
            line("a", vec![(0, Some(5.0)), (10, Some(6.0))], vec![Some((1.0, 9.0)), Some((6.0, 6.0))]),
            line("b", vec![(0, None), (10, Some(7.0))], vec![]),
        ];
        let timeline = Some(Timeline { step_ms: 10, marks: vec![(3, "offline".into()), (900, "far".into())], spans: vec![] });
        let trend = Trend { lines, unit: Unit::Percent, top: None, threshold: None, from_ms: 0, until_ms: 1_000, timeline };
        let text = |at_ms| tip_text(&trend, at_ms, |_| "● ".into(), |at_ms| format!("t{at_ms}"));
        assert_eq!(text(1), "t1\n● a  5.0 %  (1.0 % … 9.0 %)\n◆ t3 offline");
        assert_eq!(text(12), "t12\n● a  6.0 %\n● b  7.0 %\n◆ t3 offline");
    }
}
