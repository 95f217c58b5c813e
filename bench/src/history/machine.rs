//! One simulated machine: the figures of one beat after the other.
//!
//! CPU, memory, disk and network follow the recording of [`super::trace`]; what it does not hold is made from them in the way that a kernel
//! makes it (whole ticks, loads every five seconds, write-backs), so that numbers have the steps, the pauses and the noise of real ones.

use super::processor::Processor;
use super::space::{MOUNTS, Space};
use super::trace::Trace;
use super::traffic::Traffic;
use protocol::metric::{Metric, Series, Unit};
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use std::f64::consts::TAU;

const HOUR_MS: f64 = 3_600_000.0;
const METRICS: usize = Metric::ALL.len();
/// Figures of a beat: all metrics in the order of their numbers, then use and inodes of each mount.
pub const FIGURES: usize = METRICS + 2 * MOUNTS.len();
/// Chance that a beat is lost, that a machine is out of reach, and for how many beats at most.
const LOST: f64 = 0.000_2;
const AWAY: f64 = 0.000_002;
const AWAY_BEATS: u32 = 2_400;

/// Figures of a beat as they are stored; `None`: it could not be read.
pub type Figures = [Option<f64>; FIGURES];

/// A simulated machine.
pub struct Machine {
    random: SmallRng,
    trace: Trace,
    processor: Processor,
    traffic: Traffic,
    space: Space,
    /// Mean of the CPU in busy hours in per cent, and when they are.
    load: f64,
    peak_hour: f64,
    has_sensor: bool,
    /// Time that a snapshot is on its way in milliseconds.
    way_ms: f64,
    away: u32,
}

impl Machine {
    /// Machine `number`: the same number, the same history.
    pub fn new(number: u64) -> Self {
        let mut random = SmallRng::seed_from_u64(0x7ac7_0000 + number);
        Self {
            trace: Trace::new(),
            processor: Processor::new(&mut random),
            traffic: Traffic::new(&mut random),
            space: Space::new(&mut random),
            load: random.random_range(3.0..60.0),
            peak_hour: random.random_range(0.0..24.0),
            has_sensor: random.random_bool(0.5),
            way_ms: random.random_range(1.0..12.0),
            away: 0,
            random,
        }
    }

    /// Names of the figures.
    pub fn series() -> Vec<Series> {
        let mounts = || MOUNTS.iter().map(|place| (*place).to_owned());
        let metrics = Metric::ALL.iter().copied().map(Series::Metric);
        metrics.chain(mounts().map(Series::Mount)).chain(mounts().map(Series::Inodes)).collect()
    }

    /// The beat at `at_ms`; `None`: nothing arrived.
    pub fn beat(&mut self, at_ms: i64) -> Option<Figures> {
        let day = 0.55 + 0.45 * ((at_ms as f64 / HOUR_MS - self.peak_hour) / 24.0 * TAU).cos();
        let (beat, begins) = self.trace.next(&mut self.random, self.load * day);
        let traffic = self.traffic.beat(&mut self.random, beat, day);
        let processor = self.processor.beat(&mut self.random, beat.cpu, traffic.busy);
        let space = self.space.beat(&mut self.random, beat, begins, traffic.read, traffic.written);
        // It arrives a whole number of milliseconds after it was read.
        let latency = (self.way_ms + self.random.random_range(0.0..1.0f64).powi(4) * 6.0).floor();
        if self.away > 0 || self.random.random_bool(AWAY) {
            self.away = self.away.checked_sub(1).unwrap_or_else(|| self.random.random_range(20..AWAY_BEATS));
            return None;
        }
        if self.random.random_bool(LOST) {
            return None;
        }
        let mut figures = [None; FIGURES];
        for (metric, figure) in Metric::ALL.iter().zip(&mut figures) {
            let value = match metric {
                Metric::Cpu => Some(processor.total),
                Metric::CpuUser => Some(processor.user),
                Metric::CpuSystem => Some(processor.system),
                Metric::CpuIowait => Some(processor.iowait),
                Metric::CpuSteal => Some(processor.steal),
                Metric::Load1 => Some(processor.loads[0]),
                Metric::Load5 => Some(processor.loads[1]),
                Metric::Load15 => Some(processor.loads[2]),
                Metric::Memory => Some(space.memory),
                Metric::MemoryCache => Some(space.cache),
                Metric::Swap => Some(space.swap),
                Metric::Disk => space.mounts.into_iter().reduce(f64::max),
                Metric::DiskRead => Some(traffic.read),
                Metric::DiskWrite => Some(traffic.written),
                Metric::DiskBusy => Some(traffic.busy),
                Metric::NetworkIn => traffic.received,
                Metric::NetworkOut => traffic.sent,
                Metric::Processes => Some(space.processes),
                Metric::TcpSockets => Some(space.sockets),
                Metric::Temperature => Some(processor.celsius).filter(|_| self.has_sensor),
                Metric::PressureCpu => Some(processor.pressure[0]),
                Metric::PressureMemory => Some(processor.pressure[1]),
                Metric::PressureIo => Some(processor.pressure[2]),
                Metric::Latency => Some(latency),
            };
            *figure = value.map(|value| metric.unit().rounded(value));
        }
        let mounts = space.mounts.iter().chain(&space.inodes);
        for (figure, value) in figures[METRICS..].iter_mut().zip(mounts) {
            *figure = Some(Unit::Percent.rounded(*value));
        }
        Some(figures)
    }
}
