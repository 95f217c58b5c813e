//! The whole fleet in a few figures. Pure.

use super::metric::Metric;
use protocol::host::{HostStatus, Source};
use protocol::live::HostFigures;
use std::collections::VecDeque;

/// How many points a spark line has.
const SPARK_POINTS: usize = 120;

/// Beats per point of a spark line: two seconds.
const BEATS_PER_POINT: u32 = 4;

/// Key figures of the whole fleet at one beat. Means are over the hosts whose figure is known.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Fleet {
    /// Hosts that are read: online or degraded.
    pub online: usize,
    pub total: usize,
    /// Hosts that were to be read and are not: offline or blocked.
    pub offline: usize,
    pub cpu_percent: Option<f32>,
    pub memory_percent: Option<f32>,
    pub disk_percent: Option<f32>,
    pub in_bytes_per_s: Option<f64>,
    pub out_bytes_per_s: Option<f64>,
    /// Hosts that are read, by source, in the order of [`Source`].
    pub sources: [usize; 5],
}

/// All sources, in the order of [`Fleet::sources`].
pub const SOURCES: [Source; 5] = [Source::Local, Source::Agent, Source::Tunnel, Source::NodeExporter, Source::Ssh];

impl Fleet {
    /// Sums up one frame.
    pub fn of<'a>(hosts: impl Iterator<Item = &'a HostFigures>) -> Self {
        let mut fleet = Self::default();
        let mut means = [Mean::default(); 3];
        for figures in hosts {
            fleet.count(figures);
            for (mean, metric) in means.iter_mut().zip(Metric::ALL) {
                mean.add(metric.of(figures));
            }
            add(&mut fleet.in_bytes_per_s, figures.in_bytes_per_s);
            add(&mut fleet.out_bytes_per_s, figures.out_bytes_per_s);
        }
        [fleet.cpu_percent, fleet.memory_percent, fleet.disk_percent] = means.map(Mean::value);
        fleet
    }

    /// Mean of one metric, in per cent.
    pub fn mean(&self, metric: Metric) -> Option<f32> {
        match metric {
            Metric::Cpu => self.cpu_percent,
            Metric::Memory => self.memory_percent,
            Metric::Disk => self.disk_percent,
        }
    }

    fn count(&mut self, figures: &HostFigures) {
        self.total += 1;
        self.online += usize::from(figures.status.is_live());
        self.offline += usize::from(matches!(figures.status, HostStatus::Offline | HostStatus::Blocked));
        let source = figures.source.filter(|_| figures.status.is_live());
        if let Some(place) = source.and_then(|source| SOURCES.iter().position(|&known| known == source)) {
            self.sources[place] += 1;
        }
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Mean {
    sum: f64,
    count: u32,
}

impl Mean {
    fn add(&mut self, value: Option<f32>) {
        if let Some(value) = value {
            self.sum += f64::from(value);
            self.count += 1;
        }
    }

    fn value(self) -> Option<f32> {
        (self.count > 0).then(|| (self.sum / f64::from(self.count)) as f32)
    }
}

fn add(sum: &mut Option<f64>, value: Option<f64>) {
    if let Some(value) = value {
        *sum = Some(sum.unwrap_or(0.0) + value);
    }
}

/// Means of the last four minutes, one point every two seconds; a gap is `None`.
#[derive(Clone, Debug, Default)]
pub struct SparkLine {
    points: VecDeque<[Option<f32>; 4]>,
    gathered: [Mean; 4],
    beats: u32,
}

impl SparkLine {
    /// Takes in one beat.
    pub fn push(&mut self, fleet: &Fleet) {
        let online = (fleet.total > 0).then(|| fleet.online as f32 * 100.0 / fleet.total as f32);
        for (mean, value) in self.gathered.iter_mut().zip([online, fleet.cpu_percent, fleet.memory_percent, fleet.disk_percent]) {
            mean.add(value);
        }
        self.beats += 1;
        if self.beats == BEATS_PER_POINT || self.points.is_empty() {
            if self.points.len() == SPARK_POINTS {
                self.points.pop_front();
            }
            self.points.push_back(self.gathered.map(Mean::value));
            self.gathered = Default::default();
            self.beats = 0;
        }
    }

    /// Shares of online hosts, oldest first, in per cent.
    pub fn online(&self) -> Vec<Option<f32>> {
        self.points.iter().map(|point| point[0]).collect()
    }

    /// Means of one metric, oldest first, in per cent.
    pub fn metric(&self, metric: Metric) -> Vec<Option<f32>> {
        let place = match metric {
            Metric::Cpu => 1,
            Metric::Memory => 2,
            Metric::Disk => 3,
        };
        self.points.iter().map(|point| point[place]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(status: HostStatus, cpu: Option<f32>, bytes: Option<f64>) -> HostFigures {
        HostFigures { status, source: Some(Source::Agent), cpu_percent: cpu, in_bytes_per_s: bytes, ..HostFigures::default() }
    }

    #[test]
    fn gaps_do_not_count_as_zero() {
        let hosts = [
            host(HostStatus::Online, Some(20.0), Some(5.0)),
            host(HostStatus::Degraded, Some(40.0), Some(7.0)),
            host(HostStatus::Offline, None, None),
        ];
        let fleet = Fleet::of(hosts.iter());
        assert_eq!((fleet.online, fleet.total, fleet.offline), (2, 3, 1));
        assert_eq!((fleet.cpu_percent, fleet.memory_percent), (Some(30.0), None));
        assert_eq!((fleet.in_bytes_per_s, fleet.out_bytes_per_s), (Some(12.0), None));
        assert_eq!(fleet.sources, [0, 2, 0, 0, 0]);
        assert_eq!(Fleet::of(std::iter::empty()).cpu_percent, None);
    }

    #[test]
    fn spark_line_averages_beats_and_forgets() {
        let mut line = SparkLine::default();
        for beat in 0..1000 {
            line.push(&Fleet { cpu_percent: Some(beat as f32), ..Fleet::default() });
        }
        let points = line.metric(Metric::Cpu);
        assert_eq!(points.len(), SPARK_POINTS);
        // Beats 993 to 996 make the last full point.
        assert_eq!(points.last(), Some(&Some(994.5)));
        assert_eq!(line.online().last(), Some(&None));
    }
}
