//! When a maintenance window is, in words and as typed. Pure.

use crate::format;
use crate::i18n::{Locale, td_string};
use crate::views::MaintenanceTime;

/// A weekday: 1 is Monday, 7 Sunday.
pub fn day_name(locale: Locale, day: u8) -> &'static str {
    match day {
        1 => td_string!(locale, live.unit.monday),
        2 => td_string!(locale, live.unit.tuesday),
        3 => td_string!(locale, live.unit.wednesday),
        4 => td_string!(locale, live.unit.thursday),
        5 => td_string!(locale, live.unit.friday),
        6 => td_string!(locale, live.unit.saturday),
        _ => td_string!(locale, live.unit.sunday),
    }
}

/// The minute of the day as `22:05`.
pub fn clock_text(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// Reads what [`clock_text`] writes, with or without seconds.
pub fn read_clock(text: &str) -> Option<u16> {
    let mut parts = text.trim().split(':');
    let mut number = |most: u16| parts.next()?.parse::<u16>().ok().filter(|number| *number < most);
    Some(number(24)? * 60 + number(60)?)
}

/// When it is; `moment` writes a moment of the browser's time zone.
pub fn time_words(locale: Locale, time: &MaintenanceTime, moment: impl Fn(i64) -> String) -> String {
    match time {
        MaintenanceTime::Once { from_ms, to_ms } => {
            td_string!(locale, alerts.maintenance.once_text, from = moment(*from_ms), to = moment(*to_ms))
        }
        MaintenanceTime::Weekly { days, start_minute, minutes, time_zone } => {
            let between = if locale == Locale::zh_CN { "、" } else { ", " };
            let days = if days.len() == 7 {
                td_string!(locale, alerts.maintenance.every_day).to_owned()
            } else {
                days.iter().map(|day| day_name(locale, *day)).collect::<Vec<_>>().join(between)
            };
            let length = format::duration(Some(u64::from(*minutes) * 60), locale);
            let (start, zone) = (clock_text(*start_minute), time_zone.as_str());
            td_string!(locale, alerts.maintenance.weekly_text, days = days, start = start, length = length, zone = zone)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_lead_back() {
        for (text, minute) in
            [("00:00", Some(0)), ("22:05", Some(1_325)), ("9:07:30", Some(547)), ("24:00", None), ("9:60", None), ("", None)]
        {
            assert_eq!(read_clock(text), minute, "{text}");
        }
        assert_eq!(clock_text(1_325), "22:05");
    }

    #[test]
    fn windows_in_both_languages() {
        let weekly = |days| MaintenanceTime::Weekly { days, start_minute: 120, minutes: 90, time_zone: "Asia/Shanghai".into() };
        for (time, english, chinese) in [
            (
                weekly(vec![6, 7]),
                "Sat, Sun at 02:00, for 1 h 30 min (Asia/Shanghai)",
                "周六、周日 02:00 起，持续 1 小时 30 分钟（Asia/Shanghai）",
            ),
            (
                weekly((1..=7).collect()),
                "every day at 02:00, for 1 h 30 min (Asia/Shanghai)",
                "每天 02:00 起，持续 1 小时 30 分钟（Asia/Shanghai）",
            ),
            (MaintenanceTime::Once { from_ms: 1, to_ms: 2 }, "1 – 2", "1 – 2"),
        ] {
            assert_eq!(time_words(Locale::en, &time, |at_ms| at_ms.to_string()), english);
            assert_eq!(time_words(Locale::zh_CN, &time, |at_ms| at_ms.to_string()), chinese);
        }
    }
}
