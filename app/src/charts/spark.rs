//! A spark line as the path of an SVG. Pure.

use std::fmt::Write;

/// Fewer points than these do not fill the width, so that the first seconds do not look like minutes.
const FEWEST: usize = 20;

/// Paths of the line and of the area below it in a box of `width` × `height`: newest at the right edge, oldest at the left, 0 at the
/// bottom and the largest value (but at least `least_top`) just below the top. Gaps interrupt the line.
pub fn spark_path(points: &[Option<f32>], width: f32, height: f32, least_top: f32) -> (String, String) {
    let top = points.iter().flatten().copied().fold(least_top, f32::max) * 1.1;
    let step = width / (points.len().max(FEWEST) - 1) as f32;
    let left = width - step * points.len().saturating_sub(1) as f32;
    let (mut line, mut area) = (String::new(), String::new());
    let mut run: Option<f32> = None;
    let mut last_x = left;
    for (index, point) in points.iter().enumerate() {
        let x = left + step * index as f32;
        match point {
            Some(value) => {
                let y = height * (1.0 - value / top);
                // Writing to a String cannot fail.
                let _ = write!(line, "{}{x:.1} {y:.1}", if run.is_none() { "M" } else { "L" });
                let _ = if run.is_none() { write!(area, "M{x:.1} {height:.1}L{x:.1} {y:.1}") } else { write!(area, "L{x:.1} {y:.1}") };
                run = Some(x);
            }
            None if run.is_some() => {
                let _ = write!(area, "L{last_x:.1} {height:.1}Z");
                run = None;
            }
            None => {}
        }
        last_x = x;
    }
    if run.is_some() {
        let _ = write!(area, "L{last_x:.1} {height:.1}Z");
    }
    (line, area)
}

#[cfg(test)]
mod tests {
    use super::spark_path;

    #[test]
    fn draws_to_the_right_edge_and_breaks_at_gaps() {
        let (line, area) = spark_path(&[Some(0.0), Some(100.0), None, Some(50.0)], 190.0, 11.0, 100.0);
        assert_eq!(line, "M160.0 11.0L170.0 1.0M190.0 6.0");
        assert_eq!(area, "M160.0 11.0L160.0 11.0L170.0 1.0L170.0 11.0ZM190.0 11.0L190.0 6.0L190.0 11.0Z");
        assert_eq!(spark_path(&[None, None], 190.0, 11.0, 100.0), (String::new(), String::new()));
    }

    #[test]
    fn many_points_fill_the_width() {
        let (line, _) = spark_path(&[Some(50.0); 41], 40.0, 11.0, 100.0);
        assert!(line.starts_with("M0.0 6.0L1.0 6.0") && line.ends_with("L40.0 6.0"), "{line}");
    }
}
