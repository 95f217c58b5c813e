//! Worst first: which host needs eyes most. Pure.

use super::metric::{Metric, worst_level};
use protocol::host::{HostStatus, Level, Thresholds};
use protocol::live::HostFigures;

/// Order of badness: a larger one is worse.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Rank {
    /// Class by state: critical 4, warning 3, calm 2, not read yet 1, offline and paused 0.
    pub class: u8,
    /// Largest share of a figure in its threshold (1 is at the threshold); zero when nothing is known.
    pub ratio: f32,
}

/// Rank of a host. Hosts without figures come last: their cards have nothing to show, and notices and counts tell of them.
pub fn rank_of(figures: &HostFigures, thresholds: &Thresholds) -> Rank {
    let class = match (figures.status, worst_level(figures.levels)) {
        (HostStatus::Online | HostStatus::Degraded, Level::Critical) => 4,
        (HostStatus::Online | HostStatus::Degraded, Level::Warning) => 3,
        (HostStatus::Online | HostStatus::Degraded, Level::Calm) => 2,
        (HostStatus::Initializing, _) => 1,
        (HostStatus::Offline | HostStatus::Paused | HostStatus::Blocked, _) => 0,
    };
    let shares = Metric::ALL.iter().filter_map(|metric| Some(metric.of(figures)? / metric.threshold(thresholds).max(1.0)));
    Rank { class, ratio: shares.fold(0.0, f32::max) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::host::{Leveled, Levels};

    #[test]
    fn worse_hosts_rank_higher() {
        let thresholds = Thresholds::default();
        let rank = |status, cpu: Option<f32>, level| {
            let mut levels = Levels::default();
            levels.raise(Leveled::Cpu, level);
            rank_of(&HostFigures { status, cpu_percent: cpu, levels, ..HostFigures::default() }, &thresholds)
        };
        let worst_first = [
            rank(HostStatus::Online, Some(96.0), Level::Critical),
            rank(HostStatus::Degraded, Some(85.0), Level::Warning),
            rank(HostStatus::Online, Some(81.0), Level::Calm),
            rank(HostStatus::Online, Some(5.0), Level::Calm),
            rank(HostStatus::Initializing, None, Level::Calm),
            rank(HostStatus::Offline, None, Level::Calm),
        ];
        assert!(worst_first.windows(2).all(|pair| pair[0] > pair[1]), "{worst_first:?}");
    }
}
