//! Values as lines of JSON (<https://jsonlines.org>).

use super::{Value, short, unit_name};
use app::format::utc_text;
use serde::Serialize;

#[derive(Serialize)]
struct Line<'a> {
    time_utc: String,
    time_ms: i64,
    host_id: i64,
    host: &'a str,
    series: &'a str,
    unit: &'static str,
    mean: f32,
    min: f32,
    max: f32,
    samples: u32,
}

/// One line with its end.
pub(super) fn line(value: &Value<'_>) -> String {
    let line = Line {
        time_utc: utc_text(value.at_ms),
        time_ms: value.at_ms,
        host_id: value.host_id,
        host: value.host,
        series: value.series,
        unit: unit_name(value.unit),
        mean: short(value.stat.mean),
        min: short(value.stat.least),
        max: short(value.stat.most),
        samples: value.stat.count,
    };
    // Plain texts and numbers: there is nothing that cannot be written.
    let mut text = serde_json::to_string(&line).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::store::Stat;
    use protocol::metric::Unit;

    #[test]
    fn every_line_is_an_object() {
        let stat = Stat::of(1.5);
        let text = line(&Value { at_ms: 0, host_id: 3, host: "\"x\"\n", series: "load_1", unit: Unit::Number, stat });
        assert_eq!(text.matches('\n').count(), 1);
        let object: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            (&object["host"], &object["mean"], &object["time_utc"]),
            (&"\"x\"\n".into(), &1.5.into(), &"1970-01-01T00:00:00Z".into())
        );
    }
}
