//! Moments as texts of a time zone and back, and widths of points. Pure.

use crate::format::{civil_from_days, local_ms};
use crate::i18n::{Locale, td_string};

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// `2026-11-23 15:52:08` in the time zone that is `offset_minutes` east of UTC.
pub fn text(at_ms: i64, offset_minutes: i32) -> String {
    written(at_ms, offset_minutes, ' ')
}

/// As a field for a date with a time holds it: `2026-11-23T15:52:08`.
pub fn field_text(at_ms: i64, offset_minutes: i32) -> String {
    written(at_ms, offset_minutes, 'T')
}

fn written(at_ms: i64, offset_minutes: i32, between: char) -> String {
    let local = local_ms(at_ms, offset_minutes);
    let (year, month, day) = civil_from_days(local.div_euclid(DAY_MS));
    let seconds = local.rem_euclid(DAY_MS) / SECOND_MS;
    format!("{year:04}-{month:02}-{day:02}{between}{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

/// Reads what [`field_text`] writes, with or without seconds. `offset_at` tells the minutes east of UTC at a moment.
pub fn read_field(text: &str, offset_at: impl Fn(i64) -> i32) -> Option<i64> {
    let (date, time) = text.trim().split_once(['T', ' '])?;
    let numbers = |text: &str, between: char| text.split(between).map(|part| part.parse::<i64>().ok()).collect::<Option<Vec<_>>>();
    let (date, time) = (numbers(date, '-')?, numbers(time.split('.').next()?, ':')?);
    let ([year, month, day], [hour, minute, rest @ ..]) = (date.as_slice(), time.as_slice()) else { return None };
    let second = match rest {
        [] => 0,
        [second] => *second,
        _ => return None,
    };
    let days = days_from_civil(*year, *month, *day);
    let exists = (1970..=9_999).contains(year) && civil_from_days(days) == (*year, *month, *day);
    if !exists || !(0..24).contains(hour) || !(0..60).contains(minute) || !(0..60).contains(&second) {
        return None;
    }
    let local = days * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS;
    let utc = |offset: i32| local - i64::from(offset) * MINUTE_MS;
    // The offset belongs to the moment that is looked for, so it is asked twice.
    Some(utc(offset_at(utc(offset_at(local)))))
}

/// The inverse of `civil_from_days`. <https://howardhinnant.github.io/date_algorithms.html#days_from_civil>
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Width of a point: `10 s`, `90 s`, `5 min`, `1 h`.
pub fn step_text(step_ms: i64, locale: Locale) -> String {
    match step_ms {
        _ if step_ms < SECOND_MS => format!("{}{}", step_ms as f64 / SECOND_MS as f64, td_string!(locale, live.unit.second)),
        _ if step_ms % HOUR_MS == 0 => format!("{}{}", step_ms / HOUR_MS, td_string!(locale, live.unit.hour)),
        _ if step_ms % MINUTE_MS == 0 => format!("{}{}", step_ms / MINUTE_MS, td_string!(locale, live.unit.minute)),
        _ => format!("{}{}", step_ms as f64 / SECOND_MS as f64, td_string!(locale, live.unit.second)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: i64 = 1_795_420_328_000; // 2026-11-23 07:52:08 UTC

    #[test]
    fn moments_lead_back() {
        assert_eq!((text(AT, 480), field_text(AT, -600)), ("2026-11-23 15:52:08".into(), "2026-11-22T21:52:08".into()));
        for (at_ms, offset) in [(AT, 0), (AT, 480), (AT, -570), (951_782_400_000, 60), (0, 0)] {
            assert_eq!(read_field(&field_text(at_ms, offset), |_| offset), Some(at_ms));
        }
        // At the end of summer time the offset of the moment itself counts.
        let offset_at = |at_ms: i64| if at_ms < AT { 120 } else { 60 };
        assert_eq!(read_field("2026-11-23T10:00", offset_at), Some(AT - AT % HOUR_MS + 2 * HOUR_MS));
    }

    #[test]
    fn what_is_no_moment_is_not_read() {
        for wrong in [
            "",
            "2026-11-23",
            "2026-02-30T10:00",
            "2026-11-23T24:00",
            "2026-11-23T10:60",
            "x",
            "2026-11-23T10:00:00:00",
            "1066-10-14T09:00",
        ] {
            assert_eq!(read_field(wrong, |_| 0), None, "{wrong}");
        }
        assert_eq!(read_field("1970-01-02T00:00:01.500", |_| 0), Some(DAY_MS + 1_000));
    }

    #[test]
    fn widths_of_points() {
        for (step_ms, english, chinese) in [
            (500, "0.5 s", "0.5 秒"),
            (10_000, "10 s", "10 秒"),
            (90_000, "90 s", "90 秒"),
            (60_000, "1 min", "1 分钟"),
            (300_000, "5 min", "5 分钟"),
            (3_600_000, "1 h", "1 小时"),
            (10_800_000, "3 h", "3 小时"),
        ] {
            assert_eq!(step_text(step_ms, Locale::en), english);
            assert_eq!(step_text(step_ms, Locale::zh_CN), chinese);
        }
    }
}
