//! Beats of a real machine, from which the simulated ones are made.
//!
//! `bench/data/trace.bin` is a quantised copy of a recording: one machine with two cores that compiled, idled and downloaded, read every
//! 500 ms for 76 minutes (9,132 beats). Each beat is five little-endian u16: CPU, memory and disk in hundredths of a per cent, network in
//! and out in bytes per second as the upper half of an f32, 0xFFFF where a counter ran backwards.

use rand::RngExt;
use rand::rngs::SmallRng;

static BYTES: &[u8] = include_bytes!("../../data/trace.bin");
/// Bytes of a beat.
const BEAT: usize = 10;
/// No value.
const GAP: u16 = 0xFFFF;

/// Shortest and longest piece that is played at once: one to ten minutes in beats.
const PIECE: std::ops::Range<usize> = 120..1_200;
/// Places that are compared when a piece is chosen.
const TRIES: usize = 16;

/// One beat.
#[derive(Clone, Copy, Debug)]
pub struct Beat {
    /// Per cent, as those of memory and disk.
    pub cpu: f64,
    pub memory: f64,
    pub disk: f64,
    /// Bytes per second.
    pub received: Option<f64>,
    pub sent: Option<f64>,
}

/// Plays pieces of the recording in random order (a block bootstrap), so that what belongs together within minutes stays together but
/// no two days are alike.
pub struct Trace {
    place: usize,
    left: usize,
}

impl Trace {
    /// Nothing is played yet.
    pub fn new() -> Self {
        Self { place: 0, left: 0 }
    }

    /// The next beat, and whether a new piece begins with it. Pieces are chosen so that the CPU's mean comes near to `target` per cent.
    pub fn next(&mut self, random: &mut SmallRng, target: f64) -> (Beat, bool) {
        let begins = self.left == 0;
        if begins {
            self.left = random.random_range(PIECE);
            let far = |place: usize| (mean_cpu(place, self.left) - target).abs();
            let places = (0..TRIES).map(|_| random.random_range(0..length() - self.left));
            self.place = places.min_by(|left, right| far(*left).total_cmp(&far(*right))).unwrap_or(0);
        }
        let beat = beat(self.place);
        self.place += 1;
        self.left -= 1;
        (beat, begins)
    }
}

fn length() -> usize {
    BYTES.len() / BEAT
}

fn beat(place: usize) -> Beat {
    let number = |column: usize| u16::from_le_bytes([BYTES[place * BEAT + column * 2], BYTES[place * BEAT + column * 2 + 1]]);
    let percent = |column: usize| f64::from(number(column)) / 100.0;
    let rate =
        |column: usize| Some(number(column)).filter(|bits| *bits != GAP).map(|bits| f64::from(f32::from_bits(u32::from(bits) << 16)));
    Beat { cpu: percent(0), memory: percent(1), disk: percent(2), received: rate(3), sent: rate(4) }
}

/// Mean of some beats of a piece.
fn mean_cpu(place: usize, length: usize) -> f64 {
    const LOOKS: usize = 16;
    (0..LOOKS).map(|look| beat(place + length * look / LOOKS).cpu).sum::<f64>() / LOOKS as f64
}
