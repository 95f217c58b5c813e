//! The words of messages in both languages.

use super::message::{Item, Telling};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use protocol::alert::{AlertKind, Ending, Watched};
use protocol::host::Level;
use protocol::metric::Unit;
use protocol::notify::Language;

/// What a kind of alert is called.
pub fn kind(language: Language, kind: AlertKind) -> &'static str {
    let (chinese, english) = match kind {
        AlertKind::Cpu => ("CPU 使用率", "CPU usage"),
        AlertKind::Memory => ("内存使用率", "Memory usage"),
        AlertKind::Swap => ("交换空间使用率", "Swap usage"),
        AlertKind::Disk => ("磁盘使用率", "Disk usage"),
        AlertKind::Inodes => ("inode 使用率", "Inode usage"),
        AlertKind::DiskForecast => ("磁盘即将写满", "Disk filling up"),
        AlertKind::Load => ("每核负载", "Load per core"),
        AlertKind::NetworkIn => ("入站流量", "Inbound traffic"),
        AlertKind::NetworkOut => ("出站流量", "Outbound traffic"),
        AlertKind::Temperature => ("温度", "Temperature"),
        AlertKind::PressureCpu => ("CPU 压力", "CPU pressure"),
        AlertKind::PressureMemory => ("内存压力", "Memory pressure"),
        AlertKind::PressureIo => ("I/O 压力", "I/O pressure"),
        AlertKind::ClockSkew => ("时钟偏差", "Clock skew"),
        AlertKind::Offline => ("主机离线", "Host offline"),
        AlertKind::Degraded => ("采集降级", "Collection degraded"),
        AlertKind::HostKey => ("主机密钥已变更", "Host key changed"),
        AlertKind::CentreStore => ("监控中心无法写入数据", "The centre cannot store data"),
        AlertKind::CentreNetwork => ("监控中心网络中断", "The centre has lost its network"),
    };
    in_(language, chinese, english)
}

/// What a level is called.
pub fn level(language: Language, level: Level) -> &'static str {
    match level {
        Level::Critical => in_(language, "严重", "Critical"),
        Level::Warning => in_(language, "警告", "Warning"),
        Level::Calm => in_(language, "正常", "Calm"),
    }
}

/// What has happened.
pub fn change(language: Language, item: &Item) -> &'static str {
    let (chinese, english) = match (item.telling, item.ending()) {
        (Telling::Fired, _) => ("触发告警", "Alert"),
        (Telling::Raised, _) => ("告警升级", "Raised"),
        (Telling::Repeated, _) => ("仍未恢复", "Still open"),
        (Telling::Escalated, _) => ("无人确认", "Not acknowledged"),
        (Telling::Acknowledged, _) => ("已确认", "Acknowledged"),
        (Telling::Resolved, Some(Ending::ByHand)) => ("已手动关闭", "Closed by hand"),
        (Telling::Resolved, Some(Ending::NoData)) => ("已结束（无数据）", "Ended (no data)"),
        (Telling::Resolved, Some(Ending::Withdrawn)) => ("已结束（不再监控）", "Ended (no longer watched)"),
        (Telling::Resolved, _) => ("已恢复", "Resolved"),
        (Telling::Passed, _) => ("触发后已恢复", "Fired and resolved"),
    };
    in_(language, chinese, english)
}

/// What an alert is about: its kind, and that it misses values where that is so.
pub fn subject(language: Language, item: &Item) -> String {
    let name = kind(language, item.alert.kind);
    if item.alert.no_data { format!("{name}{}", in_(language, "（无数据）", " (no data)")) } else { name.to_owned() }
}

/// A value of a kind with its unit; empty for a gap and for kinds that are a state.
pub fn value(language: Language, kind: AlertKind, value: Option<f64>) -> String {
    let Some(value) = value.filter(|_| kind.watched() != Watched::State && !kind.is_centres()) else { return String::new() };
    match kind.unit() {
        Unit::Percent => format!("{value:.1}%"),
        Unit::BytesPerSecond => bytes_per_second(value),
        Unit::Celsius => format!("{value:.1} °C"),
        Unit::Milliseconds => format!("{value:.0} ms"),
        Unit::Hours => format!("{value:.1} {}", in_(language, "小时", "h")),
        Unit::Number => format!("{value:.2}"),
    }
}

/// A rate with a decimal prefix, as network rates are counted.
fn bytes_per_second(value: f64) -> String {
    let (mut value, mut prefixes) = (value, ["", "k", "M", "G", "T"].iter());
    let mut prefix = prefixes.next().unwrap_or(&"");
    while value >= 1_000.0 {
        let Some(next) = prefixes.next() else { break };
        (value, prefix) = (value / 1_000.0, next);
    }
    format!("{value:.1} {prefix}B/s")
}

/// A length of time, in its two largest units.
pub fn duration(language: Language, ms: i64) -> String {
    let seconds = ms.max(0) / 1_000;
    let units = [(86_400, "天", "d"), (3_600, "小时", "h"), (60, "分", "min"), (1, "秒", "s")];
    let largest = units.iter().position(|(length, ..)| seconds >= *length).unwrap_or(units.len() - 1);
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (length, chinese, english) in units.iter().skip(largest).take(2) {
        let count = rest / length;
        rest %= length;
        if count > 0 || parts.is_empty() {
            parts.push(format!("{count} {}", in_(language, chinese, english)));
        }
    }
    parts.join(" ")
}

/// A moment in a time zone, with its distance from UTC. A zone that is not known is UTC.
pub fn moment(zone: &str, at_ms: i64) -> String {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let Ok(at) = Timestamp::from_millisecond(at_ms) else { return String::new() };
    at.to_zoned_datetime(zone).strftime("%Y-%m-%d %H:%M:%S %:z").to_string()
}

fn in_<'a>(language: Language, chinese: &'a str, english: &'a str) -> &'a str {
    match language {
        Language::Chinese => chinese,
        Language::English => english,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_their_unit_and_states_have_none() {
        use AlertKind::{Cpu, DiskForecast, Load, NetworkIn, Offline, Temperature};
        for (kind, number, shown) in [
            (Cpu, 93.44, "93.4%"),
            (NetworkIn, 999.0, "999.0 B/s"),
            (NetworkIn, 123_456_789.0, "123.5 MB/s"),
            (Temperature, 85.0, "85.0 °C"),
            (DiskForecast, 6.25, "6.2 小时"),
            (Load, 2.345, "2.35"),
            (Offline, 1.0, ""),
        ] {
            assert_eq!(value(Language::Chinese, kind, Some(number)), shown, "{kind}");
        }
        assert_eq!(value(Language::English, Cpu, None), "");
    }

    #[test]
    fn durations_have_two_units_at_most() {
        for (ms, shown) in [
            (-5, "0 s"),
            (999, "0 s"),
            (59_000, "59 s"),
            (60_000, "1 min"),
            (3_725_000, "1 h 2 min"),
            (86_400_000, "1 d"),
            (90_061_000, "1 d 1 h"),
        ] {
            assert_eq!(duration(Language::English, ms), shown);
        }
        assert_eq!(duration(Language::Chinese, 200_000), "3 分 20 秒");
    }

    #[test]
    fn moments_follow_the_zone_also_over_a_change_of_the_clock() {
        let summer = 1_783_000_000_000;
        assert_eq!(moment("Asia/Shanghai", summer), "2026-07-02 21:46:40 +08:00");
        assert_eq!(moment("Europe/Berlin", summer), "2026-07-02 15:46:40 +02:00");
        assert_eq!(moment("Europe/Berlin", summer + 180 * 86_400_000), "2026-12-29 14:46:40 +01:00");
        assert_eq!(moment("Mars/Olympus", summer), "2026-07-02 13:46:40 +00:00");
    }
}
