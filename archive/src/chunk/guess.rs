//! What a series' value probably is, from others of the same host and from what it was before: only the difference is stored. Where others
//! only say how large it may be, they divide its values into classes.

use crate::row::Stat;
use protocol::metric::{Metric, Series};

/// Seconds of the kernel's averages.
const LOAD_1_S: f64 = 60.0;
const LOAD_5_S: f64 = 300.0;
const LOAD_15_S: f64 = 900.0;
/// Of the pressures that are read (`avg10`).
const PRESSURE_S: f64 = 10.0;

/// Which series a guess is made from. None of them is guessed from the series itself, by whatever way.
pub fn companions<'a>(series: &Series, all: impl Iterator<Item = &'a Series>) -> Vec<Series> {
    let metrics: &[Metric] = match series {
        Series::Metric(Metric::CpuUser) => &[Metric::Cpu],
        Series::Metric(Metric::CpuSystem) => &[Metric::Cpu, Metric::CpuUser, Metric::CpuSteal],
        Series::Metric(Metric::Load5) => &[Metric::Load1],
        Series::Metric(Metric::Load15) => &[Metric::Load5],
        Series::Metric(Metric::DiskWrite) => &[Metric::Cpu],
        Series::Metric(Metric::DiskBusy) => &[Metric::DiskWrite, Metric::DiskRead],
        Series::Metric(Metric::NetworkOut) => &[Metric::NetworkIn],
        Series::Metric(Metric::Disk) => return all.filter(|other| matches!(other, Series::Mount(_))).cloned().collect(),
        _ => &[],
    };
    metrics.iter().copied().map(Series::Metric).collect()
}

/// What is known of another series in one row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fact {
    pub stat: Stat,
    /// How far the mean is from the middle of the extremes, as the column of means tells it.
    pub lean: i64,
}

/// One for each of [`companions`], by the number of the row.
pub type Facts = Vec<Vec<Option<Fact>>>;

/// Guesses the values of one series.
pub struct Guess<'a> {
    series: &'a Series,
    companions: &'a Facts,
    times: &'a [i64],
    /// Rows hold one value each: then a companion's mean belongs to it, otherwise its least.
    is_flat: bool,
}

/// What the series was before: number of the row, and the least.
pub type Before = Option<(usize, f64)>;

impl<'a> Guess<'a> {
    /// None: this series cannot be guessed.
    pub fn new(series: &'a Series, companions: &'a Facts, times: &'a [i64], is_flat: bool) -> Option<Self> {
        let decays = matches!(series, Series::Metric(Metric::PressureCpu | Metric::PressureMemory | Metric::PressureIo));
        (decays || !companions.is_empty()).then_some(Self { series, companions, times, is_flat })
    }

    /// Whether its values are divided into classes and not guessed.
    pub fn is_classed(&self) -> bool {
        matches!(self.series, Series::Metric(Metric::DiskWrite | Metric::DiskBusy | Metric::NetworkOut))
    }

    /// The class of a row's value: values that others say are alike. It grows by one when the others' grow to about twice as much.
    pub fn class(&self, row: usize) -> u32 {
        let others = self.companions.iter().filter_map(|companion| companion.get(row)?.map(|fact| fact.stat));
        let sum: f64 = match self.series {
            Series::Metric(Metric::NetworkOut) => others.map(|stat| stat.most).sum(),
            _ => others.map(|stat| stat.mean).sum(),
        };
        // The exponent of a float is its logarithm, and the same on every machine.
        (sum.max(0.0) as f32).to_bits() >> 23
    }

    /// The least that is expected in a row; zero where nothing is known.
    pub fn least(&self, row: usize, before: Before) -> f64 {
        match self.series {
            Series::Metric(Metric::CpuUser) => self.companion(0, row).unwrap_or(0.0),
            Series::Metric(Metric::CpuSystem) => {
                let [total, user, steal] = [0, 1, 2].map(|place| self.companion(place, row).unwrap_or(0.0));
                (total - user - steal).max(0.0)
            }
            Series::Metric(Metric::Load5) => self.load(row, before, LOAD_1_S, LOAD_5_S),
            Series::Metric(Metric::Load15) => self.load(row, before, LOAD_5_S, LOAD_15_S),
            Series::Metric(Metric::Disk) => (0..self.companions.len()).filter_map(|place| self.companion(place, row)).fold(0.0, f64::max),
            _ => before.map_or(0.0, |(then, value)| value * self.left(PRESSURE_S, then, row)),
        }
    }

    fn companion(&self, place: usize, row: usize) -> Option<f64> {
        let stat = (*self.companions.get(place)?.get(row)?)?.stat;
        Some(if self.is_flat { stat.mean } else { stat.least })
    }

    /// What is left of a difference after the time between two rows.
    fn left(&self, seconds: f64, then: usize, now: usize) -> f64 {
        (-((self.times[now] - self.times[then]) as f64 / 1e3) / seconds).exp()
    }

    /// All loads follow the same number of running tasks, each at its own speed (`kernel/sched/loadavg.c`).
    fn load(&self, row: usize, before: Before, companion_s: f64, own_s: f64) -> f64 {
        let Some((then, value)) = before else { return self.companion(0, row).unwrap_or(0.0) };
        let (Some(other_then), Some(other_now)) = (self.companion(0, then), self.companion(0, row)) else { return value };
        let (other_left, own_left) = (self.left(companion_s, then, row), self.left(own_s, then, row));
        let running = (other_now - other_then * other_left) / (1.0 - other_left);
        value * own_left + running * (1.0 - own_left)
    }
}
