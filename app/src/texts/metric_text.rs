//! Names of series.

use crate::i18n::{Locale, td_string};
use protocol::metric::{Metric, Series, Unit};

/// What a series is called.
pub fn series_name(locale: Locale, series: &Series) -> String {
    match series {
        Series::Metric(metric) => metric_name(locale, *metric).to_owned(),
        Series::Mount(place) => td_string!(locale, history.metric.mount, place = place.as_str()),
        Series::Inodes(place) => td_string!(locale, history.metric.inodes, place = place.as_str()),
    }
}

fn metric_name(locale: Locale, metric: Metric) -> &'static str {
    match metric {
        Metric::Cpu => td_string!(locale, history.metric.cpu),
        Metric::CpuUser => td_string!(locale, history.metric.cpu_user),
        Metric::CpuSystem => td_string!(locale, history.metric.cpu_system),
        Metric::CpuIowait => td_string!(locale, history.metric.cpu_iowait),
        Metric::CpuSteal => td_string!(locale, history.metric.cpu_steal),
        Metric::Load1 => td_string!(locale, history.metric.load_1),
        Metric::Load5 => td_string!(locale, history.metric.load_5),
        Metric::Load15 => td_string!(locale, history.metric.load_15),
        Metric::Memory => td_string!(locale, history.metric.memory),
        Metric::MemoryCache => td_string!(locale, history.metric.memory_cache),
        Metric::Swap => td_string!(locale, history.metric.swap),
        Metric::Disk => td_string!(locale, history.metric.disk),
        Metric::DiskRead => td_string!(locale, history.metric.disk_read),
        Metric::DiskWrite => td_string!(locale, history.metric.disk_write),
        Metric::DiskBusy => td_string!(locale, history.metric.disk_busy),
        Metric::NetworkIn => td_string!(locale, history.metric.network_in),
        Metric::NetworkOut => td_string!(locale, history.metric.network_out),
        Metric::Processes => td_string!(locale, history.metric.processes),
        Metric::TcpSockets => td_string!(locale, history.metric.tcp_sockets),
        Metric::Temperature => td_string!(locale, history.metric.temperature),
        Metric::PressureCpu => td_string!(locale, history.metric.pressure_cpu),
        Metric::PressureMemory => td_string!(locale, history.metric.pressure_memory),
        Metric::PressureIo => td_string!(locale, history.metric.pressure_io),
        Metric::Latency => td_string!(locale, history.metric.latency),
    }
}

/// What numbers of a unit are.
pub fn unit_name(locale: Locale, unit: Unit) -> &'static str {
    match unit {
        Unit::Percent => td_string!(locale, history.unit.percent),
        Unit::BytesPerSecond => td_string!(locale, history.unit.rate),
        Unit::Celsius => td_string!(locale, history.unit.celsius),
        Unit::Milliseconds => td_string!(locale, history.unit.milliseconds),
        Unit::Hours => td_string!(locale, history.unit.hours),
        Unit::Number => td_string!(locale, history.unit.number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_two_series_have_the_same_name() {
        for locale in [Locale::en, Locale::zh_CN] {
            let metrics = Metric::ALL.iter().map(|metric| Series::Metric(*metric));
            let all: Vec<String> =
                metrics.chain([Series::Mount("/".into()), Series::Inodes("/".into())]).map(|series| series_name(locale, &series)).collect();
            assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len(), "{all:?}");
            assert!(all.iter().all(|name| !name.is_empty() && !name.contains("{{")), "{all:?}");
        }
    }
}
