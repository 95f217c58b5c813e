//! Alerts as words. Pure.

use crate::format;
use crate::i18n::{Locale, td_string};
use crate::live::{Turn, moment};
use protocol::alert::{Alert, AlertKind, Ending, Side, Watched};
use protocol::host::Level;
use protocol::metric::Unit;

/// What is watched, in a word or two.
pub fn alert_kind_name(locale: Locale, kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::Cpu => td_string!(locale, alerts.kind.cpu),
        AlertKind::Memory => td_string!(locale, alerts.kind.memory),
        AlertKind::Swap => td_string!(locale, alerts.kind.swap),
        AlertKind::Disk => td_string!(locale, alerts.kind.disk),
        AlertKind::Inodes => td_string!(locale, alerts.kind.inodes),
        AlertKind::DiskForecast => td_string!(locale, alerts.kind.disk_forecast),
        AlertKind::Load => td_string!(locale, alerts.kind.load),
        AlertKind::NetworkIn => td_string!(locale, alerts.kind.network_in),
        AlertKind::NetworkOut => td_string!(locale, alerts.kind.network_out),
        AlertKind::Temperature => td_string!(locale, alerts.kind.temperature),
        AlertKind::PressureCpu => td_string!(locale, alerts.kind.pressure_cpu),
        AlertKind::PressureMemory => td_string!(locale, alerts.kind.pressure_memory),
        AlertKind::PressureIo => td_string!(locale, alerts.kind.pressure_io),
        AlertKind::ClockSkew => td_string!(locale, alerts.kind.clock_skew),
        AlertKind::Offline => td_string!(locale, alerts.kind.offline),
        AlertKind::Degraded => td_string!(locale, alerts.kind.degraded),
        AlertKind::HostKey => td_string!(locale, alerts.kind.host_key),
        AlertKind::CentreStore => td_string!(locale, alerts.kind.centre_store),
        AlertKind::CentreNetwork => td_string!(locale, alerts.kind.centre_network),
    }
}

/// What is watched, with its mount point: `Disk /data`.
pub fn alert_name(locale: Locale, alert: &Alert) -> String {
    named(locale, alert.kind, &alert.target)
}

/// The same for a kind and a target.
pub fn named(locale: Locale, kind: AlertKind, target: &str) -> String {
    let name = alert_kind_name(locale, kind);
    if target.is_empty() { name.to_owned() } else { format!("{name} {target}") }
}

/// Value and threshold: `96.1 % > 90 %`; nothing for states.
pub fn condition_text(alert: &Alert) -> String {
    let sign = if alert.kind.side() == Side::Above { ">" } else { "<" };
    match (alert.kind.watched(), alert.value, alert.bound) {
        (Watched::State, ..) | (_, None, _) => String::new(),
        (_, Some(value), None) => value_text(alert.kind.unit(), value),
        (_, Some(value), Some(bound)) => {
            format!("{} {sign} {}", value_text(alert.kind.unit(), value), bound_text(alert.kind.unit(), bound))
        }
    }
}

/// A threshold without needless decimals: `90 %`.
pub fn bound_text(unit: Unit, bound: f64) -> String {
    value_text(unit, bound).replace(".0 ", " ").replace(".00 ", " ")
}

/// A value with its unit. A clock may be off by a day: seconds are easier to read than millions of milliseconds.
pub fn value_text(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Milliseconds if value.abs() >= 1_000.0 => format!("{:.1} s", value / 1_000.0),
        _ => format::unit_text(unit, Some(value)),
    }
}

/// What is wrong, without the host's name: `CPU 96.1 % > 90 %`.
pub fn alert_text(locale: Locale, alert: &Alert) -> String {
    let name = alert_name(locale, alert);
    if alert.no_data {
        return td_string!(locale, alerts.text.no_data, name = name);
    }
    let condition = condition_text(alert);
    if condition.is_empty() { name } else { format!("{name} {condition}") }
}

/// What became of it: while it is open what is wrong, else how it ended.
pub fn turn_text(locale: Locale, alert: &Alert) -> String {
    let name = alert_name(locale, alert);
    match alert.ended.map(|(_, ending)| ending) {
        None => alert_text(locale, alert),
        Some(Ending::Recovered) => td_string!(locale, alerts.text.recovered, name = name),
        Some(Ending::ByHand) => td_string!(locale, alerts.text.resolved, name = name),
        Some(Ending::NoData) => td_string!(locale, alerts.text.ended_no_data, name = name),
        Some(Ending::Withdrawn) => td_string!(locale, alerts.text.withdrawn, name = name),
    }
}

/// A level in a word.
pub fn level_name(locale: Locale, level: Level) -> &'static str {
    match level {
        Level::Critical => td_string!(locale, alerts.level.critical),
        Level::Warning => td_string!(locale, alerts.level.warning),
        Level::Calm => td_string!(locale, alerts.level.resolved),
    }
}

/// Whether it is open, who sees to it, or how it ended; `time` writes a moment.
pub fn alert_state_text(locale: Locale, alert: &Alert, now_ms: i64, time: impl Fn(i64) -> String) -> String {
    match (alert.ended, &alert.acknowledged, alert.snoozed_until_ms) {
        (Some((_, Ending::Recovered)), ..) => td_string!(locale, alerts.state.recovered).to_owned(),
        (Some((_, Ending::ByHand)), ..) => match &alert.resolved_by_hand {
            Some(remark) => td_string!(locale, alerts.state.by_hand, name = remark.by.as_str()),
            None => td_string!(locale, alerts.state.by_somebody).to_owned(),
        },
        (Some((_, Ending::NoData)), ..) => td_string!(locale, alerts.state.no_data).to_owned(),
        (Some((_, Ending::Withdrawn)), ..) => td_string!(locale, alerts.state.withdrawn).to_owned(),
        (None, _, Some(until_ms)) if now_ms < until_ms => td_string!(locale, alerts.state.snoozed, time = time(until_ms)),
        (None, Some(remark), _) => td_string!(locale, alerts.state.acknowledged, name = remark.by.as_str()),
        (None, None, _) => td_string!(locale, alerts.state.open).to_owned(),
    }
}

/// Mark and word of an alert for `data-level`: what it is now.
pub fn alert_mark(alert: &Alert) -> (&'static str, &'static str) {
    match (alert.is_open(), alert.level) {
        (false, _) => ("✓", "resolved"),
        (true, Level::Critical) => ("▲", "critical"),
        (true, _) => ("◆", "warning"),
    }
}

/// A pop-up in words, as it is read out.
pub fn spoken_text(locale: Locale, turn: Turn, alert: &Alert, more: usize) -> String {
    let level = if matches!(turn, Turn::Ended(_)) { Level::Calm } else { alert.level };
    let (level, host, text) = (level_name(locale, level), alert.host_name.as_str(), turn_text(locale, alert));
    match more {
        0 => td_string!(locale, alerts.popup.spoken, level = level, host = host, text = text),
        _ => td_string!(locale, alerts.popup.spoken_more, level = level, host = host, text = text, count = more),
    }
}

/// How long it lasted or has lasted, in milliseconds.
pub fn lasted_ms(alert: &Alert, now_ms: i64) -> i64 {
    let end_ms = if alert.is_open() { now_ms } else { moment(alert) };
    (end_ms - alert.fired_at_ms).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::alert::Remark;
    use std::collections::HashSet;

    fn alert(kind: AlertKind, value: Option<f64>, bound: Option<f64>) -> Alert {
        Alert {
            id: 1,
            host_id: 3,
            host_name: "web".into(),
            group: String::new(),
            kind,
            target: if kind.watched() == Watched::Mount { "/data".into() } else { String::new() },
            level: Level::Critical,
            worst: Level::Critical,
            no_data: false,
            value,
            bound,
            fired_at_ms: 1_000,
            changed_at_ms: 1_000,
            ended: None,
            acknowledged: None,
            resolved_by_hand: None,
            snoozed_until_ms: None,
        }
    }

    #[test]
    fn no_two_kinds_have_the_same_name() {
        for locale in [Locale::en, Locale::zh_CN] {
            let names: HashSet<_> = AlertKind::ALL.iter().map(|kind| alert_kind_name(locale, *kind)).collect();
            assert_eq!(names.len(), AlertKind::ALL.len());
        }
    }

    #[test]
    fn what_is_wrong_in_both_languages() {
        for (kind, value, bound, english, chinese) in [
            (AlertKind::Cpu, Some(96.12), Some(90.0), "CPU 96.1 % > 90 %", "CPU 96.1 % > 90 %"),
            (AlertKind::Disk, Some(98.5), Some(98.0), "Disk /data 98.5 % > 98 %", "磁盘 /data 98.5 % > 98 %"),
            (AlertKind::DiskForecast, Some(5.25), Some(6.0), "Time until disk full /data 5.2 h < 6 h", "磁盘写满倒计时 /data 5.2 h < 6 h"),
            (AlertKind::NetworkIn, Some(124e6), Some(100e6), "Traffic in 124 MB/s > 100 MB/s", "入站流量 124 MB/s > 100 MB/s"),
            (AlertKind::ClockSkew, Some(61_250.0), Some(60_000.0), "Clock deviation 61.2 s > 60 s", "时钟偏差 61.2 s > 60 s"),
            (AlertKind::Offline, Some(1.0), Some(1.0), "Offline", "主机离线"),
        ] {
            let alert = alert(kind, value, bound);
            assert_eq!((alert_text(Locale::en, &alert).as_str(), alert_text(Locale::zh_CN, &alert).as_str()), (english, chinese));
        }
        let missing = Alert { no_data: true, ..alert(AlertKind::Memory, None, None) };
        assert_eq!(
            (alert_text(Locale::en, &missing).as_str(), alert_text(Locale::zh_CN, &missing).as_str()),
            ("Memory: no data", "内存 无数据")
        );
    }

    #[test]
    fn what_became_of_it() {
        let mut alert = alert(AlertKind::Memory, Some(96.0), Some(95.0));
        let state = |alert: &Alert| alert_state_text(Locale::en, alert, 5_000, |at_ms| at_ms.to_string());
        assert_eq!((state(&alert).as_str(), alert_mark(&alert), lasted_ms(&alert, 5_000)), ("Open", ("▲", "critical"), 4_000));
        alert.acknowledged = Some(Remark { by: "ann".into(), ..Remark::default() });
        assert_eq!(state(&alert), "Acknowledged by ann");
        alert.snoozed_until_ms = Some(9_000);
        assert_eq!(state(&alert), "Snoozed until 9000");
        alert.ended = Some((4_000, Ending::ByHand));
        alert.resolved_by_hand = Some(Remark { by: "bob".into(), ..Remark::default() });
        assert_eq!((state(&alert).as_str(), alert_mark(&alert), lasted_ms(&alert, 5_000)), ("Resolved by bob", ("✓", "resolved"), 3_000));
        let turn = Turn::Ended(Ending::ByHand);
        assert_eq!(spoken_text(Locale::zh_CN, turn, &alert, 2), "已恢复：web，内存 已解除，另有 2 条告警");
    }
}
