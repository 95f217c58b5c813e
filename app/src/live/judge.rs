//! How figures stand to their thresholds: judged on a sliding mean and with a clear level, so that a burst of half a second is no
//! alarm and a figure at the threshold does not flutter. Pure.

use protocol::host::{HostId, Level, Thresholds};
use protocol::live::HostFigures;
use std::collections::{HashMap, VecDeque};

/// Number of beats over which CPU is averaged: ten seconds.
const CPU_BEATS: usize = 20;

/// How far below its threshold a figure must fall before it counts as recovered, in points.
const CLEAR_POINTS: f32 = 3.0;

/// What has a threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Metric {
    Cpu,
    Memory,
    Disk,
}

impl Metric {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Cpu, Self::Memory, Self::Disk];

    /// This metric's figure of a host, in per cent.
    pub fn of(self, figures: &HostFigures) -> Option<f32> {
        match self {
            Self::Cpu => figures.cpu_percent,
            Self::Memory => figures.memory_percent,
            Self::Disk => figures.disk_percent,
        }
    }

    /// This metric's warning level, in per cent.
    pub fn threshold(self, thresholds: &Thresholds) -> f32 {
        match self {
            Self::Cpu => thresholds.cpu_percent,
            Self::Memory => thresholds.memory_percent,
            Self::Disk => thresholds.disk_percent,
        }
    }

    /// Word for class names and `data-` attributes.
    pub fn word(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::Disk => "disk",
        }
    }
}

/// Levels of one host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    pub cpu: Level,
    pub memory: Level,
    pub disk: Level,
}

impl Verdict {
    /// Level of one metric.
    pub fn of(&self, metric: Metric) -> Level {
        match metric {
            Metric::Cpu => self.cpu,
            Metric::Memory => self.memory,
            Metric::Disk => self.disk,
        }
    }

    /// The worst of them.
    pub fn worst(&self) -> Level {
        self.cpu.max(self.memory).max(self.disk)
    }

    fn set(&mut self, metric: Metric, level: Level) {
        match metric {
            Metric::Cpu => self.cpu = level,
            Metric::Memory => self.memory = level,
            Metric::Disk => self.disk = level,
        }
    }
}

/// A figure that rose above a level or fell below it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crossing {
    pub metric: Metric,
    pub from: Level,
    pub to: Level,
    /// The judged value, in per cent.
    pub value: f32,
}

/// Remembers what each host's judgement needs.
#[derive(Debug, Default)]
pub struct Judge {
    hosts: HashMap<HostId, Case>,
}

#[derive(Debug, Default)]
struct Case {
    beats: u64,
    cpu: VecDeque<f32>,
    verdict: Verdict,
}

impl Judge {
    /// Judges one beat of one host. Figures that are gaps leave their level calm without counting as a crossing, and so does what is
    /// over its threshold from the start: when it crossed, nobody was looking.
    pub fn judge(&mut self, figures: &HostFigures, thresholds: &Thresholds) -> (Verdict, Vec<Crossing>) {
        let case = self.hosts.entry(figures.id).or_default();
        let (seen, seen_cpu) = (case.beats > 0, case.cpu.len() == CPU_BEATS);
        case.beats += 1;
        case.remember_cpu(figures.cpu_percent);
        let mut crossings = Vec::new();
        for metric in Metric::ALL {
            let value = if metric == Metric::Cpu { case.mean_cpu() } else { metric.of(figures) };
            let from = case.verdict.of(metric);
            let to = next_level(from, value, metric.threshold(thresholds));
            case.verdict.set(metric, to);
            let watched = if metric == Metric::Cpu { seen_cpu } else { seen };
            if let Some(value) = value.filter(|_| from != to && watched) {
                crossings.push(Crossing { metric, from, to, value });
            }
        }
        (case.verdict, crossings)
    }

    /// Forgets hosts that are not in the inventory any more.
    pub fn retain(&mut self, keep: impl Fn(HostId) -> bool) {
        self.hosts.retain(|&id, _| keep(id));
    }
}

impl Case {
    fn remember_cpu(&mut self, value: Option<f32>) {
        match value {
            Some(value) => {
                self.cpu.truncate(CPU_BEATS - 1);
                self.cpu.push_front(value);
            }
            None => self.cpu.clear(),
        }
    }

    fn mean_cpu(&self) -> Option<f32> {
        (!self.cpu.is_empty()).then(|| self.cpu.iter().sum::<f32>() / self.cpu.len() as f32)
    }
}

/// The level that follows `from`: up at once, down only when the value lies [`CLEAR_POINTS`] below.
fn next_level(from: Level, value: Option<f32>, threshold: f32) -> Level {
    let now = Level::of(value, threshold);
    let with_margin = Level::of(value.map(|value| value + CLEAR_POINTS), threshold);
    if now < from { with_margin.min(from) } else { now }
}

/// Where a level begins in per cent, given the warning threshold: searched in whole points, because only [`Level`] knows its distance.
pub fn bound_of(level: Level, warning: f32) -> f32 {
    let steps = (0..=100u8).map(|step| warning + f32::from(step));
    steps.into_iter().find(|&value| Level::of(Some(value), warning) >= level).unwrap_or(warning)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(cpu: Option<f32>, memory: Option<f32>) -> HostFigures {
        HostFigures { id: 3, cpu_percent: cpu, memory_percent: memory, ..HostFigures::default() }
    }

    #[test]
    fn levels_rise_at_once_and_fall_with_a_margin() {
        for (from, value, to) in [
            (Level::Calm, Some(84.9), Level::Calm),
            (Level::Calm, Some(85.0), Level::Warning),
            (Level::Warning, Some(83.0), Level::Warning),
            (Level::Warning, Some(81.9), Level::Calm),
            (Level::Critical, Some(93.0), Level::Critical),
            (Level::Critical, Some(90.0), Level::Warning),
            (Level::Critical, Some(20.0), Level::Calm),
            (Level::Critical, None, Level::Calm),
        ] {
            assert_eq!(next_level(from, value, 85.0), to, "{from:?} {value:?}");
        }
    }

    #[test]
    fn a_burst_of_cpu_is_no_alarm_but_a_long_one_is() {
        let mut judge = Judge::default();
        let thresholds = Thresholds::default();
        for _ in 0..CPU_BEATS {
            judge.judge(&figures(Some(10.0), None), &thresholds);
        }
        assert_eq!(judge.judge(&figures(Some(100.0), None), &thresholds), (Verdict::default(), vec![]));
        let crossings: Vec<_> = (0..CPU_BEATS).flat_map(|_| judge.judge(&figures(Some(100.0), None), &thresholds).1).collect();
        assert_eq!(crossings.iter().map(|crossing| crossing.to).collect::<Vec<_>>(), [Level::Warning, Level::Critical]);
    }

    #[test]
    fn a_gap_is_calm_and_no_crossing() {
        let mut judge = Judge::default();
        let thresholds = Thresholds::default();
        let (verdict, crossings) = judge.judge(&figures(None, Some(99.0)), &thresholds);
        assert_eq!((verdict.memory, crossings), (Level::Critical, vec![]));
        assert_eq!(judge.judge(&figures(None, None), &thresholds), (Verdict::default(), vec![]));
    }

    #[test]
    fn bounds_are_those_of_the_protocol() {
        for (level, warning, bound) in
            [(Level::Warning, 80.0, 80.0), (Level::Critical, 80.0, 90.0), (Level::Critical, 90.0, 98.0), (Level::Critical, 99.0, 99.0)]
        {
            assert_eq!(bound_of(level, warning), bound, "{level:?} {warning}");
        }
    }
}
