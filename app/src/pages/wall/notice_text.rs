//! Notices as marks and sentences. Pure.

use crate::format;
use crate::i18n::{Locale, td_string};
use crate::live::{Metric, NoticeKind};
use crate::texts::status_name;
use protocol::host::{HostStatus, Level};

/// A metric's name.
pub fn metric_name(locale: Locale, metric: Metric) -> &'static str {
    match metric {
        Metric::Cpu => td_string!(locale, live.metric.cpu),
        Metric::Memory => td_string!(locale, live.metric.memory),
        Metric::Disk => td_string!(locale, live.metric.disk),
    }
}

/// `CPU 96 % > 90 %`.
pub fn over_text(locale: Locale, metric: Metric, value: Option<f32>, bound: f32) -> String {
    format!("{} {} % > {bound:.0} %", metric_name(locale, metric), format::whole(value))
}

/// What happened, without the host's name.
pub fn notice_text(locale: Locale, kind: NoticeKind) -> String {
    match kind {
        NoticeKind::Status(status) => status_name(locale, status).to_owned(),
        NoticeKind::Crossed { metric, value, threshold, .. } => over_text(locale, metric, Some(value), threshold),
        NoticeKind::Recovered(metric) => format!("{} {}", metric_name(locale, metric), td_string!(locale, live.wall.recovered)),
    }
}

/// Mark and level word of a notice.
pub fn notice_mark(kind: NoticeKind) -> (&'static str, &'static str) {
    match kind {
        NoticeKind::Status(HostStatus::Online) | NoticeKind::Recovered(_) => ("✓", "ok"),
        NoticeKind::Status(HostStatus::Blocked) => ("▲", "critical"),
        NoticeKind::Status(HostStatus::Degraded) => ("◆", "warning"),
        NoticeKind::Status(HostStatus::Initializing) => ("○", "waiting"),
        NoticeKind::Status(HostStatus::Offline | HostStatus::Paused) => ("●", "offline"),
        NoticeKind::Crossed { level: Level::Critical, .. } => ("▲", "critical"),
        NoticeKind::Crossed { .. } => ("◆", "warning"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_in_both_languages() {
        let crossed = NoticeKind::Crossed { metric: Metric::Memory, level: Level::Warning, value: 91.4, threshold: 85.0 };
        for (kind, english, chinese) in [
            (crossed, "Memory 91 % > 85 %", "内存 91 % > 85 %"),
            (NoticeKind::Recovered(Metric::Cpu), "CPU recovered", "CPU 已恢复"),
            (NoticeKind::Status(HostStatus::Offline), "Offline", "离线"),
        ] {
            assert_eq!(notice_text(Locale::en, kind), english);
            assert_eq!(notice_text(Locale::zh_CN, kind), chinese);
        }
        assert_eq!(notice_mark(crossed), ("◆", "warning"));
    }
}
