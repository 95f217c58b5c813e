//! Bytes that a machine moves: the recording's, its users', and those of the agent itself, which sends a snapshot with every beat.

use super::trace::Beat;
use rand::RngExt;
use rand::rngs::SmallRng;

/// Length of a beat in seconds.
const BEAT_S: f64 = 0.5;
const PAGE: f64 = 4_096.0;
/// Beats between two write-backs.
const WRITE_BACK: u32 = 10;
/// Bytes that a disk writes in a beat when it is busy all the time.
const DISK: f64 = 100e6;

/// Rates in bytes per second, and how busy the disk was in per cent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reading {
    pub received: Option<f64>,
    pub sent: Option<f64>,
    pub read: f64,
    pub written: f64,
    pub busy: f64,
}

/// Network and disks of one machine.
pub struct Traffic {
    /// Share of the recording's traffic.
    scale: f64,
    /// Requests that its users send in a busy beat; none: it serves nobody.
    requests: f64,
    /// Bytes of a snapshot of this machine.
    snapshot: f64,
    /// Chance of a write to the journal in a beat.
    journal: f64,
    /// Pages that a busy beat makes dirty.
    dirties: f64,
    dirty: f64,
    beats: u32,
}

impl Traffic {
    /// A third of all machines serve somebody.
    pub fn new(random: &mut SmallRng) -> Self {
        Self {
            scale: random.random_range(0.2..2.0),
            requests: if random.random_bool(0.33) { random.random_range(1.0..60.0) } else { 0.0 },
            snapshot: random.random_range(1_200.0..2_600.0),
            journal: random.random_range(0.02..0.3),
            dirties: random.random_range(5.0..300.0),
            dirty: 0.0,
            beats: random.random_range(0..WRITE_BACK),
        }
    }

    /// One beat; `day` is how much is asked for at this time of the day (0 to 1).
    pub fn beat(&mut self, random: &mut SmallRng, beat: Beat, day: f64) -> Reading {
        // Counters are read every 500 ms and a little.
        let seconds = BEAT_S * random.random_range(0.999..1.001);
        let requests = if self.requests > 0.0 { (self.requests * day * random.random_range(0.3..1.7)).round() } else { 0.0 };
        let acknowledged = 66.0 * f64::from(random.random_range(1..=2));
        let packets = if random.random_bool(0.1) { f64::from(random.random_range(60..400)) } else { 0.0 };
        let own_in = acknowledged + packets + requests * random.random_range(450.0..750.0f64);
        let own_out = (self.snapshot + random.random_range(-12.0..12.0) + requests * random.random_range(2e3..9e3)).round();
        let recorded = |random: &mut SmallRng, rate: Option<f64>| Some(rate? * self.scale * random.random_range(0.97..1.03));
        let received = recorded(random, beat.received).map(|rate| rate + own_in.round() / seconds);
        let sent = recorded(random, beat.sent).map(|rate| rate + own_out / seconds);
        self.beats += 1;
        self.dirty += self.dirties * (beat.cpu / 100.0) * random.random_range(0.0..0.3);
        let mut pages = if random.random_bool(self.journal) { f64::from(random.random_range(1..24)) } else { 0.0 };
        if self.beats.is_multiple_of(WRITE_BACK) && self.dirty > 1.0 {
            pages += std::mem::take(&mut self.dirty).round();
        }
        let chance = if beat.cpu > 60.0 { 0.06 } else { 0.004 };
        let read = if random.random_bool(chance) { f64::from(random.random_range(1..400)) * PAGE } else { 0.0 };
        let used_ms = ((pages * PAGE + read) / DISK * 1e3 * random.random_range(0.7..1.3)).ceil();
        Reading { received, sent, read: read / seconds, written: pages * PAGE / seconds, busy: (used_ms / (seconds * 10.0)).min(100.0) }
    }
}
