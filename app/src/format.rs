//! Numbers, sizes, rates and times as texts. Pure. Units are decimal (1 MB = 10^6 bytes); a gap is an en dash, never a zero.

use crate::i18n::{Locale, td_string};
use protocol::metric::Unit;

/// What stands in the place of a figure that is not known.
pub const GAP: &str = "–";

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// A figure and its unit, for places where both have a size of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    pub value: String,
    pub unit: &'static str,
}

impl Quantity {
    /// Both with a space between; only the dash when it is a gap.
    pub fn text(&self) -> String {
        if self.unit.is_empty() { self.value.clone() } else { format!("{} {}", self.value, self.unit) }
    }
}

/// Per cent with one decimal, without the sign: `34.2`, `100`.
pub fn percent(value: Option<f32>) -> String {
    match value {
        Some(value) if value >= 99.95 => format!("{value:.0}"),
        Some(value) => format!("{value:.1}"),
        None => GAP.into(),
    }
}

/// Whole per cent, without the sign.
pub fn whole(value: Option<f32>) -> String {
    value.map_or_else(|| GAP.into(), |value| format!("{value:.0}"))
}

/// Per cent with one decimal and the sign: `34.2 %`.
pub fn percent_text(value: Option<f32>) -> String {
    if value.is_some() { format!("{} %", percent(value)) } else { GAP.into() }
}

/// A number with two decimals, as for load.
pub fn decimal(value: Option<f32>) -> String {
    value.map_or_else(|| GAP.into(), |value| format!("{value:.2}"))
}

/// Bytes with three digits: `1.24 GB`.
pub fn bytes(value: Option<u64>) -> String {
    scaled(value.map(|value| value as f64), ["B", "kB", "MB", "GB", "TB", "PB"]).text()
}

/// Bytes per second with three digits, in two parts.
pub fn rate(value: Option<f64>) -> Quantity {
    scaled(value, ["B/s", "kB/s", "MB/s", "GB/s", "TB/s", "PB/s"])
}

/// Bytes per second with three digits: `38.2 MB/s`.
pub fn rate_text(value: Option<f64>) -> String {
    rate(value).text()
}

/// A value of a metric with its unit; a gap is a dash.
pub fn unit_text(unit: Unit, value: Option<f64>) -> String {
    let small = value.map(|value| value as f32);
    match (unit, small) {
        (Unit::Percent, _) => percent_text(small),
        (Unit::BytesPerSecond, _) => rate_text(value),
        (Unit::Celsius, Some(degrees)) => format!("{degrees:.1} °C"),
        (Unit::Milliseconds, _) => milliseconds(small),
        (Unit::Number, Some(number)) if number.fract() == 0.0 => format!("{number:.0}"),
        (Unit::Number, Some(number)) => format!("{number:.2}"),
        (Unit::Hours, Some(hours)) if hours < 48.0 => format!("{hours:.1} h"),
        (Unit::Hours, Some(hours)) => format!("{:.1} d", hours / 24.0),
        (Unit::Celsius | Unit::Hours | Unit::Number, None) => GAP.into(),
    }
}

/// Milliseconds: `3 ms`, `0.4 ms`.
pub fn milliseconds(value: Option<f32>) -> String {
    match value {
        Some(value) if value < 9.95 => format!("{value:.1} ms"),
        Some(value) => format!("{value:.0} ms"),
        None => GAP.into(),
    }
}

/// Whole milliseconds: `38 ms`.
pub fn whole_milliseconds(value: Option<f32>) -> String {
    value.map_or_else(|| GAP.into(), |value| format!("{value:.0} ms"))
}

/// The two largest parts of a time span: `3 d 4 h`, `3 天 4 小时`.
pub fn duration(seconds: Option<u64>, locale: Locale) -> String {
    let Some(seconds) = seconds else { return GAP.into() };
    let second = td_string!(locale, live.unit.second);
    let minute = td_string!(locale, live.unit.minute);
    let hour = td_string!(locale, live.unit.hour);
    let day = td_string!(locale, live.unit.day);
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds}{second}"),
        (0, 0, _) => format!("{minutes}{minute}"),
        (0, _, _) => format!("{hours}{hour} {}{minute}", minutes % 60),
        _ => format!("{days}{day} {}{hour}", hours % 24),
    }
}

/// How long ago something was, in one part: `just now`, `2 min`, `刚刚`.
pub fn ago(elapsed_ms: i64, locale: Locale) -> String {
    if elapsed_ms < MINUTE_MS {
        return td_string!(locale, live.unit.just_now).into();
    }
    let minutes = elapsed_ms / MINUTE_MS;
    match minutes {
        0..60 => format!("{minutes}{}", td_string!(locale, live.unit.minute)),
        60..1_440 => format!("{}{}", minutes / 60, td_string!(locale, live.unit.hour)),
        _ => format!("{}{}", minutes / 1_440, td_string!(locale, live.unit.day)),
    }
}

/// Time of day `15:52:08` of a time in UTC milliseconds, in the time zone that is `offset_minutes` east of UTC.
pub fn clock(at_ms: i64, offset_minutes: i32) -> String {
    let seconds = local_ms(at_ms, offset_minutes).rem_euclid(DAY_MS) / SECOND_MS;
    format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

/// Date and weekday `2026-11-23 Mon`, in the same time zone.
pub fn date(at_ms: i64, offset_minutes: i32, locale: Locale) -> String {
    let days = local_ms(at_ms, offset_minutes).div_euclid(DAY_MS);
    let (year, month, day) = civil_from_days(days);
    // 1 January 1970 was a Thursday.
    let weekday = match (days + 4).rem_euclid(7) {
        0 => td_string!(locale, live.unit.sunday),
        1 => td_string!(locale, live.unit.monday),
        2 => td_string!(locale, live.unit.tuesday),
        3 => td_string!(locale, live.unit.wednesday),
        4 => td_string!(locale, live.unit.thursday),
        5 => td_string!(locale, live.unit.friday),
        _ => td_string!(locale, live.unit.saturday),
    };
    format!("{year:04}-{month:02}-{day:02} {weekday}")
}

/// A time in UTC milliseconds as `2026-11-23T07:52:08Z` (RFC 3339), for files.
pub fn utc_text(at_ms: i64) -> String {
    let (year, month, day) = civil_from_days(at_ms.div_euclid(DAY_MS));
    format!("{year:04}-{month:02}-{day:02}T{}Z", clock(at_ms, 0))
}

pub(crate) fn local_ms(at_ms: i64, offset_minutes: i32) -> i64 {
    at_ms + i64::from(offset_minutes) * MINUTE_MS
}

/// Year, month and day of a day counted from 1 January 1970.
/// <https://howardhinnant.github.io/date_algorithms.html#civil_from_days>
pub(crate) fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

fn scaled(value: Option<f64>, units: [&'static str; 6]) -> Quantity {
    let Some(value) = value else { return Quantity { value: GAP.into(), unit: "" } };
    let mut scaled = value.max(0.0);
    let mut place = 0;
    // 999.5 would be written as 1000.
    while scaled >= 999.5 && place + 1 < units.len() {
        scaled /= 1_000.0;
        place += 1;
    }
    let text = match scaled {
        _ if place == 0 => format!("{scaled:.0}"),
        scaled if scaled < 9.995 => format!("{scaled:.2}"),
        scaled if scaled < 99.95 => format!("{scaled:.1}"),
        scaled => format!("{scaled:.0}"),
    };
    Quantity { value: text, unit: units[place] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures() {
        for (value, with_decimal, without) in [
            (None, "–", "–"),
            (Some(0.0), "0.0", "0"),
            (Some(34.25), "34.2", "34"),
            (Some(99.94), "99.9", "100"),
            (Some(99.96), "100", "100"),
        ] {
            assert_eq!((percent(value).as_str(), whole(value).as_str()), (with_decimal, without), "{value:?}");
        }
        assert_eq!((percent_text(Some(5.0)), percent_text(None)), ("5.0 %".into(), "–".into()));
        assert_eq!((milliseconds(Some(0.42)), milliseconds(Some(38.4)), milliseconds(None)), ("0.4 ms".into(), "38 ms".into(), "–".into()));
        assert_eq!((whole_milliseconds(Some(3.4)), whole_milliseconds(None)), ("3 ms".into(), "–".into()));
        assert_eq!((decimal(Some(1.234)), decimal(None)), ("1.23".into(), "–".into()));
    }

    #[test]
    fn values_have_the_unit_of_their_metric() {
        for (unit, value, text) in [
            (Unit::Percent, Some(34.25), "34.2 %"),
            (Unit::BytesPerSecond, Some(38_200_000.0), "38.2 MB/s"),
            (Unit::Celsius, Some(-3.0), "-3.0 °C"),
            (Unit::Hours, Some(6.25), "6.2 h"),
            (Unit::Hours, Some(60.0), "2.5 d"),
            (Unit::Milliseconds, Some(2.0), "2.0 ms"),
            (Unit::Number, Some(214.0), "214"),
            (Unit::Number, Some(1.234), "1.23"),
            (Unit::Number, None, "–"),
            (Unit::Percent, None, "–"),
        ] {
            assert_eq!(unit_text(unit, value), text, "{unit:?} {value:?}");
        }
    }

    #[test]
    fn sizes_are_decimal_with_three_digits() {
        for (value, text) in [
            (None, "–"),
            (Some(0), "0 B"),
            (Some(999), "999 B"),
            (Some(1_000), "1.00 kB"),
            (Some(9_996), "10.0 kB"),
            (Some(38_200_000), "38.2 MB"),
            (Some(382_000_000), "382 MB"),
            (Some(999_600_000), "1.00 GB"),
            (Some(u64::MAX), "18447 PB"),
        ] {
            assert_eq!(bytes(value), text, "{value:?}");
        }
        assert_eq!(rate_text(Some(1_240_000_000.0)), "1.24 GB/s");
        assert_eq!(rate(None), Quantity { value: "–".into(), unit: "" });
    }

    #[test]
    fn time_spans_in_both_languages() {
        for (seconds, english, chinese) in [
            (None, "–", "–"),
            (Some(42), "42 s", "42 秒"),
            (Some(3_599), "59 min", "59 分钟"),
            (Some(7_380), "2 h 3 min", "2 小时 3 分钟"),
            (Some(273_600), "3 d 4 h", "3 天 4 小时"),
        ] {
            assert_eq!(duration(seconds, Locale::en), english, "{seconds:?}");
            assert_eq!(duration(seconds, Locale::zh_CN), chinese, "{seconds:?}");
        }
        for (elapsed_ms, english, chinese) in [
            (-5, "just now", "刚刚"),
            (59_999, "just now", "刚刚"),
            (120_000, "2 min", "2 分钟"),
            (7_200_000, "2 h", "2 小时"),
            (3 * DAY_MS, "3 d", "3 天"),
        ] {
            assert_eq!(ago(elapsed_ms, Locale::en), english, "{elapsed_ms}");
            assert_eq!(ago(elapsed_ms, Locale::zh_CN), chinese, "{elapsed_ms}");
        }
    }

    #[test]
    fn clock_and_date_in_a_time_zone() {
        let at_ms = 1_795_420_328_000; // 2026-11-23 07:52:08 UTC
        assert_eq!((clock(at_ms, 480), date(at_ms, 480, Locale::zh_CN)), ("15:52:08".into(), "2026-11-23 周一".into()));
        assert_eq!((clock(at_ms, -600), date(at_ms, -600, Locale::en)), ("21:52:08".into(), "2026-11-22 Sun".into()));
        assert_eq!(date(951_782_400_000, 0, Locale::en), "2000-02-29 Tue");
        assert_eq!(utc_text(at_ms), "2026-11-23T07:52:08Z");
    }
}
