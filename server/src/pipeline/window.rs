//! Ten seconds of live samples become one row.

use crate::store::{SampleRow, Stat};
use protocol::host::{HostId, Source};
use protocol::metric::{Kept, Metric, Series};
use protocol::snapshot::Snapshot;
use std::collections::BTreeMap;

/// The open window of one host.
#[derive(Debug, Default)]
pub struct Window {
    source: Option<Source>,
    stats: BTreeMap<Series, Stat>,
}

impl Window {
    /// Adds one sample.
    pub fn add(&mut self, source: Source, latency_ms: Option<f32>, snapshot: &Snapshot) {
        self.source = Some(source);
        for metric in Metric::ALL {
            if let Some(exact) = metric.read_exact(snapshot) {
                // Extremes are what was shown; the mean knows no rounding, so that none adds up in it.
                let shown = Stat::of(metric.unit().rounded(exact));
                let mean = if metric.kept() == Kept::Last { shown.mean } else { exact };
                self.take(Series::Metric(*metric), Stat { mean, ..shown });
            }
        }
        if let Some(latency) = latency_ms {
            self.take(Series::Metric(Metric::Latency), Stat::of(f64::from(latency)));
        }
        for (series, value) in snapshot.mounts.iter().flat_map(Series::of_mount) {
            self.take(series, Stat::of(value));
        }
    }

    fn take(&mut self, series: Series, one: Stat) {
        let kept = series.kept();
        self.stats
            .entry(series)
            .and_modify(|stat| *stat = if kept == Kept::Last { Stat { count: stat.count + 1, ..one } } else { stat.with(one) })
            .or_insert(one);
    }

    /// Ends the window and starts the next; `None` when there was no sample.
    pub fn close(&mut self, host_id: HostId, at_ms: i64) -> Option<SampleRow> {
        let Self { source, stats } = std::mem::take(self);
        let only_mean = |(series, stat): (Series, Stat)| {
            let stat = if series.kept() == Kept::Mean { Stat { count: stat.count, ..Stat::of(stat.mean) } } else { stat };
            (series, stat)
        };
        Some(SampleRow { host_id, at_ms, source: source?, series: stats.into_iter().map(only_mean).collect() })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use protocol::snapshot::{Cpu, Load, Mount};

    #[test]
    fn a_row_holds_mean_and_extremes_and_gaps_stay_gaps() {
        let mut window = Window::default();
        assert_eq!(window.close(1, 0), None);
        for (cpu, five, used_bytes) in [(Some(10.0), 1.0, 10), (Some(90.0), 2.0, 20), (None, 3.0, 30), (Some(20.0), 4.0, 40)] {
            let snapshot = Snapshot {
                cpu: cpu.map(|total_percent| Cpu { total_percent, iowait_percent: total_percent, ..Cpu::default() }),
                load: Some(Load { five, ..Load::default() }),
                mounts: vec![Mount { mount_point: "/".into(), used_bytes, available_bytes: 100 - used_bytes, ..Mount::default() }],
                ..Snapshot::default()
            };
            window.add(Source::Agent, Some(2.0), &snapshot);
        }
        let row = window.close(1, 10_000).unwrap();
        let stat = |name: &str| {
            let series: Series = name.parse().unwrap();
            row.series.iter().find(|(known, _)| *known == series).map(|(_, stat)| *stat)
        };
        assert_eq!(stat("cpu_percent"), Some(Stat { count: 3, mean: 40.0, least: 10.0, most: 90.0 }));
        assert_eq!(stat("cpu_iowait_percent"), Some(Stat { count: 3, mean: 40.0, least: 40.0, most: 40.0 }));
        assert_eq!(stat("load_5"), Some(Stat { count: 4, mean: 4.0, least: 4.0, most: 4.0 }));
        assert_eq!(stat("mount:/").map(|stat| stat.mean), Some(40.0));
        assert_eq!((stat("memory_percent"), stat("inodes:/")), (None, None));
        assert!(row.series.is_sorted_by(|(left, _), (right, _)| left < right));
        assert_eq!(window.close(1, 20_000), None, "the next window starts empty");
    }
}
