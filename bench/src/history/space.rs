//! Memory and file systems of a machine: what fills and empties.

use super::trace::Beat;
use rand::RngExt;
use rand::rngs::SmallRng;

/// How far a file system wanders from where it began, in points.
const RANGE: f64 = 4.0;
/// Bytes of memory, on average.
const MEMORY: f64 = 16e9;

/// File systems of every simulated machine.
pub const MOUNTS: [&str; 3] = ["/", "/boot", "/var"];

/// Use in per cent, and numbers of things.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reading {
    pub memory: f64,
    pub cache: f64,
    pub swap: f64,
    pub mounts: [f64; MOUNTS.len()],
    pub inodes: [f64; MOUNTS.len()],
    pub processes: f64,
    pub sockets: f64,
}

/// The space of one machine.
pub struct Space {
    base: f64,
    scale: f64,
    last_disk: f64,
    grows: [f64; MOUNTS.len()],
    began: [f64; MOUNTS.len()],
    now: Reading,
}

impl Space {
    /// Half full or more, each in its own way.
    pub fn new(random: &mut SmallRng) -> Self {
        let mounts = [random.random_range(20.0..80.0), random.random_range(10.0..40.0), random.random_range(30.0..75.0)];
        let now = Reading {
            cache: random.random_range(10.0..40.0),
            swap: if random.random_bool(0.4) { random.random_range(0.0..30.0) } else { 0.0 },
            mounts,
            inodes: mounts.map(|mount| mount * 0.3),
            processes: f64::from(random.random_range(90..400)),
            sockets: f64::from(random.random_range(8..200)),
            memory: 0.0,
        };
        let (base, scale) = (random.random_range(15.0..70.0), random.random_range(0.1..1.0));
        Self { base, scale, last_disk: 0.0, grows: [1.0, 0.0, random.random_range(0.2..1.0)], began: mounts, now }
    }

    /// One beat, `begins` with a new piece of the recording; `read` and `written` are the disks' rates.
    pub fn beat(&mut self, random: &mut SmallRng, beat: Beat, begins: bool, read: f64, written: f64) -> Reading {
        let now = &mut self.now;
        // The recording has whole hundredths; a larger machine sees what is between them.
        now.memory = (self.base + (beat.memory + random.random_range(-0.005..0.005)) * self.scale).clamp(0.0, 100.0);
        now.cache += (read + written) * 0.5 / MEMORY * 100.0;
        if now.cache > 60.0 {
            now.cache -= random.random_range(5.0..30.0);
        }
        if now.swap > 0.0 && random.random_bool(0.000_2) {
            now.swap = (now.swap + random.random_range(-0.5..0.5)).clamp(0.1, 40.0);
        }
        let moved = if begins { 0.0 } else { beat.disk - self.last_disk };
        self.last_disk = beat.disk;
        for number in 0..MOUNTS.len() {
            let used = &mut now.mounts[number];
            let wandered = *used - self.began[number];
            // What grows is cleaned up one day.
            let back = if wandered.abs() > RANGE { wandered.signum() * 0.01 } else { 0.0 };
            *used = (*used + moved * self.grows[number] - back * self.grows[number]).clamp(1.0, 99.0);
            now.inodes[number] = self.began[number] * 0.3 + (*used - self.began[number]) * 0.1;
        }
        let wanders = |random: &mut SmallRng, value: f64, chance: f64, middle: f64| {
            if !random.random_bool(chance) {
                return value;
            }
            let pull = if value > middle { -1 } else { 1 };
            (value + f64::from(random.random_range(-3..=3) + pull)).max(1.0)
        };
        let busy = beat.cpu / 100.0;
        now.processes = wanders(random, now.processes, 0.01 + busy * 0.2, 120.0 + self.base * 3.0);
        now.sockets = wanders(random, now.sockets, 0.02 + busy * 0.05, 20.0 + self.base);
        *now
    }
}
