//! Points as rows of ECharts: a line, and the band of its extremes as two stacked series. Pure.

use super::trend::Line;
use crate::live::ChartPoint;
use charming::datatype::CompositeValue;

/// Time and value; the value of a gap is null.
pub type Row = Vec<CompositeValue>;

/// Rows of a line.
pub fn mean_rows(line: &Line, step_ms: i64) -> Vec<Row> {
    rows(&line.points, |place| line.points[place].1, step_ms)
}

/// Rows of the invisible line below a band, and of the band's height above it.
pub fn band_rows(line: &Line, step_ms: i64) -> (Vec<Row>, Vec<Row>) {
    let spread = |place: usize| line.spread.get(place).copied().flatten();
    let least = rows(&line.points, |place| spread(place).map(|(least, _)| least), step_ms);
    let height = rows(&line.points, |place| spread(place).map(|(least, most)| (most - least).max(0.0)), step_ms);
    (least, height)
}

/// A point between two gaps has no neighbour to draw a line to: it is drawn as long as it lasts.
fn rows(points: &[ChartPoint], value: impl Fn(usize) -> Option<f32>, step_ms: i64) -> Vec<Row> {
    let row = |at_ms: i64, value: Option<f32>| vec![CompositeValue::from(at_ms), CompositeValue::from(value.map(f64::from))];
    let is_gap = |place: Option<usize>| place.and_then(|place| points.get(place)).is_none_or(|point| point.1.is_none());
    let mut rows = Vec::with_capacity(points.len());
    for (place, &(at_ms, mean)) in points.iter().enumerate() {
        rows.push(row(at_ms, value(place)));
        if step_ms > 0 && mean.is_some() && is_gap(place.checked_sub(1)) && is_gap(Some(place + 1)) {
            rows.push(row(at_ms + step_ms * 4 / 5, value(place)));
        }
    }
    // An empty list would not be written, and the old points would stay.
    if rows.is_empty() { vec![row(0, None)] } else { rows }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::charts::{Stroke, palette};
    use serde_json::{Value, json};

    fn line(points: Vec<ChartPoint>, spread: Vec<Option<(f32, f32)>>) -> Line {
        Line { id: "cpu".into(), name: "CPU".into(), colour: palette::CPU, stroke: Stroke::Solid, points, spread }
    }

    fn written(rows: &[Row]) -> Value {
        serde_json::to_value(rows).unwrap()
    }

    #[test]
    fn a_band_is_its_least_and_its_height_and_gaps_stay_gaps() {
        let points = vec![(0, Some(5.0)), (10, Some(6.0)), (20, None), (30, Some(7.0)), (40, Some(7.0))];
        let line = line(points, vec![Some((1.0, 9.0)), Some((6.0, 6.0)), None, Some((-2.0, 8.0)), Some((7.0, 7.5))]);
        let (least, height) = band_rows(&line, 10);
        assert_eq!(written(&mean_rows(&line, 10)), json!([[0, 5.0], [10, 6.0], [20, null], [30, 7.0], [40, 7.0]]));
        assert_eq!(written(&least), json!([[0, 1.0], [10, 6.0], [20, null], [30, -2.0], [40, 7.0]]));
        assert_eq!(written(&height), json!([[0, 8.0], [10, 0.0], [20, null], [30, 10.0], [40, 0.5]]));
    }

    #[test]
    fn a_lonely_point_is_drawn_as_long_as_it_lasts() {
        let line = line(vec![(0, None), (10, Some(5.0)), (20, None)], vec![None, Some((4.0, 6.0)), None]);
        let (least, height) = band_rows(&line, 10);
        assert_eq!(written(&mean_rows(&line, 10)), json!([[0, null], [10, 5.0], [18, 5.0], [20, null]]));
        assert_eq!(written(&least), json!([[0, null], [10, 4.0], [18, 4.0], [20, null]]));
        assert_eq!(written(&height), json!([[0, null], [10, 2.0], [18, 2.0], [20, null]]));
        // Small charts have no step and need none: their points are never alone for long.
        assert_eq!(written(&mean_rows(&line, 0)).as_array().unwrap().len(), 3);
    }
}
