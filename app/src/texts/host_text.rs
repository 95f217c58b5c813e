//! States and sources of hosts as words.

use crate::format;
use crate::i18n::{Locale, td_string};
use crate::live::Metric;
use crate::views::HostChange;
use protocol::host::{HostStatus, Source};

/// A host's state in one word.
pub fn status_name(locale: Locale, status: HostStatus) -> &'static str {
    match status {
        HostStatus::Initializing => td_string!(locale, common.status.initializing),
        HostStatus::Online => td_string!(locale, common.status.online),
        HostStatus::Degraded => td_string!(locale, common.status.degraded),
        HostStatus::Offline => td_string!(locale, common.status.offline),
        HostStatus::Paused => td_string!(locale, common.status.paused),
        HostStatus::Blocked => td_string!(locale, common.status.blocked),
    }
}

/// One of the three shares that every host is shown by.
pub fn share_name(locale: Locale, metric: Metric) -> &'static str {
    match metric {
        Metric::Cpu => td_string!(locale, live.metric.cpu),
        Metric::Memory => td_string!(locale, live.metric.memory),
        Metric::Disk => td_string!(locale, live.metric.disk),
    }
}

/// How a host is read, in one word.
pub fn source_name(locale: Locale, source: Source) -> &'static str {
    match source {
        Source::Local => td_string!(locale, common.source.local),
        Source::Agent => td_string!(locale, common.source.agent),
        Source::Tunnel => td_string!(locale, common.source.tunnel),
        Source::NodeExporter => td_string!(locale, common.source.node_exporter),
        Source::Ssh => td_string!(locale, common.source.ssh),
    }
}

/// A change of a host's state or source.
pub fn change_text(locale: Locale, change: HostChange) -> String {
    match change {
        HostChange::Status { from, to } => format!("{} → {}", status_name(locale, from), status_name(locale, to)),
        HostChange::Source { from, to } => {
            let from = from.map_or(format::GAP, |from| source_name(locale, from));
            format!("{} {from} → {}", td_string!(locale, live.detail.source), source_name(locale, to))
        }
    }
}
