//! What a kernel tells of its processors: whole ticks per core, loads every five seconds, pressure every two.

use rand::RngExt;
use rand::rngs::SmallRng;

/// Ticks of one core in a beat.
const TICKS: f64 = 50.0;
/// Beats between two of the kernel's computations of load and of pressure.
const LOAD_EVERY: u32 = 10;
const PRESSURE_EVERY: u32 = 4;
/// Minutes of the three loads.
const LOADS: [f64; 3] = [1.0, 5.0, 15.0];

/// Shares of a beat in per cent, and the loads.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reading {
    pub total: f64,
    pub user: f64,
    pub system: f64,
    pub iowait: f64,
    pub steal: f64,
    pub loads: [f64; 3],
    /// Of CPU, memory, disks.
    pub pressure: [f64; 3],
    /// Whole degrees.
    pub celsius: f64,
}

/// The processors of one machine.
pub struct Processor {
    cores: f64,
    /// Share of user time in what is busy; it wanders.
    user_share: f64,
    /// Chance of a stolen tick in a beat.
    stolen: f64,
    beats: u32,
    loads: [f64; 3],
    pressure: [f64; 3],
    celsius: f64,
}

impl Processor {
    /// One of 2 to 16 cores.
    pub fn new(random: &mut SmallRng) -> Self {
        Self {
            cores: f64::from(2u32 << random.random_range(0..4)),
            user_share: random.random_range(0.5..0.9),
            stolen: if random.random_bool(0.3) { 0.02 } else { 0.0 },
            beats: random.random_range(0..LOAD_EVERY),
            loads: [0.5; 3],
            pressure: [0.0; 3],
            celsius: 45.0,
        }
    }

    /// One beat of `cpu` per cent, of which the disks were busy for `busy`.
    pub fn beat(&mut self, random: &mut SmallRng, cpu: f64, busy: f64) -> Reading {
        // A beat is not exactly fifty ticks long, and more cores see finer steps.
        let ticks = (self.cores * TICKS + random.random_range(-1.0..=1.0f64).round()).max(1.0);
        let noise = if cpu > 0.5 && cpu < 99.5 { random.random_range(-0.5..0.5) } else { 0.0 };
        let used = ((cpu + noise) / 100.0 * ticks).round().clamp(0.0, ticks);
        self.user_share = (self.user_share + random.random_range(-0.02..0.02)).clamp(0.4, 0.95);
        let user = (used * self.user_share + random.random_range(-0.5..0.5)).round().clamp(0.0, used);
        let waiting = (busy / 100.0 * TICKS * random.random_range(0.0..0.6)).round().min(ticks - used);
        let stolen = if self.stolen > 0.0 && random.random_bool(self.stolen) { 1.0f64.min(used) } else { 0.0 };
        self.beats += 1;
        if self.beats.is_multiple_of(LOAD_EVERY) {
            let running = (cpu / 100.0 * self.cores + random.random_range(-0.5..0.9)).round().max(0.0);
            for (load, minutes) in self.loads.iter_mut().zip(LOADS) {
                let kept = (-5.0 / (minutes * 60.0)).exp();
                *load = *load * kept + running * (1.0 - kept);
            }
            let hot = 42.0 + cpu * 0.3;
            self.celsius += (hot - self.celsius) * 0.15 + random.random_range(-0.4..0.4);
        }
        if self.beats.is_multiple_of(PRESSURE_EVERY) {
            let waits = [(cpu - 85.0).max(0.0) * random.random_range(0.5..4.0), 0.0, busy * random.random_range(0.0..0.7)];
            for (pressure, waited) in self.pressure.iter_mut().zip(waits) {
                // An average over ten seconds, as the kernel rounds it; what is left of a peak ends at zero.
                *pressure = ((*pressure * 0.818_7 + waited.min(100.0) * 0.181_3) * 100.0).floor() / 100.0;
            }
        }
        let share = |part: f64| part / ticks * 100.0;
        Reading {
            total: share(used),
            user: share(user),
            system: share(used - user),
            iowait: share(waiting),
            steal: share(stolen),
            loads: self.loads,
            pressure: self.pressure,
            celsius: self.celsius.round(),
        }
    }
}
