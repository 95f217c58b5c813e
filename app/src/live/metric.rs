//! The three shares that every host is shown by.

use protocol::host::{Level, Leveled, Levels, Thresholds};
use protocol::live::HostFigures;

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

    /// This metric's warning threshold, in per cent.
    pub fn threshold(self, thresholds: &Thresholds) -> f32 {
        match self {
            Self::Cpu => thresholds.cpu_percent,
            Self::Memory => thresholds.memory_percent,
            Self::Disk => thresholds.disk_percent,
        }
    }

    /// How the centre judges this metric's figure.
    pub fn level(self, levels: Levels) -> Level {
        levels.of(match self {
            Self::Cpu => Leveled::Cpu,
            Self::Memory => Leveled::Memory,
            Self::Disk => Leveled::Disk,
        })
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

/// The worst level of a host: of its figures, or of an alert that is open for it.
pub fn worst_level(levels: Levels) -> Level {
    let figures = Metric::ALL.into_iter().map(|metric| metric.level(levels));
    figures.fold(levels.of(Leveled::Alerts), Level::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_of_figures_and_alerts_counts() {
        let mut levels = Levels::default();
        assert_eq!(worst_level(levels), Level::Calm);
        levels.raise(Leveled::Alerts, Level::Warning);
        assert_eq!((worst_level(levels), Metric::Cpu.level(levels)), (Level::Warning, Level::Calm));
        levels.raise(Leveled::Cpu, Level::Critical);
        assert_eq!((worst_level(levels), Metric::Cpu.level(levels)), (Level::Critical, Level::Critical));
    }
}
