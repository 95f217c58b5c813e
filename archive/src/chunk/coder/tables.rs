//! Tables of the model: probabilities as logarithms of odds and back, and how far a probability moves.

use std::sync::LazyLock;

/// Steps of a nat.
const NAT: i32 = 256;
/// Largest odds in nats; beyond, it is as good as certain.
const MOST: i32 = 12 * NAT;
/// Steps between two entries of [`Tables::squashed`].
const EACH: i32 = 4;
/// e to the power of -1/256 and one, with 62 bits behind the point: tables must be the same on every machine, so no float makes them.
const STEP: u128 = 4_593_706_758_521_714_574;
const ONE: u128 = 1 << 62;

/// How often a probability moves until it does so by the same share each time.
const LIMIT: i32 = 250;

pub static TABLES: LazyLock<Tables> = LazyLock::new(Tables::new);

pub struct Tables {
    /// Odds of a probability with 12 bits.
    pub stretched: [i16; 4_096],
    squashed: [u16; (2 * MOST / EACH) as usize],
    /// By how often a probability has moved: the share of the way to what happened by which it moves, with 15 bits, and behind it, with 8,
    /// how often it has moved then.
    pub steps: [i32; 256],
}

impl Tables {
    fn new() -> Self {
        // Probabilities with 32 bits of odds from zero on.
        let mut left = ONE;
        let upper: Vec<u64> = (0..=MOST)
            .map(|_| {
                let probability = ((ONE << 32) / (ONE + left)) as u64;
                left = (left * STEP) >> 62;
                probability
            })
            .collect();
        let probability = |odds: i32| {
            let one = upper[odds.unsigned_abs().min(MOST as u32) as usize];
            if odds < 0 { (1 << 32) - one } else { one }
        };
        let mut stretched = [0; 4_096];
        let mut odds = -MOST;
        for (number, entry) in stretched.iter_mut().enumerate() {
            // The middle of what has the same upper bits.
            while odds < MOST && probability(odds) < (number as u64 * 2 + 1) << 19 {
                odds += 1;
            }
            *entry = odds as i16;
        }
        let mut squashed = [0; (2 * MOST / EACH) as usize];
        for (entry, odds) in squashed.iter_mut().zip((-MOST..MOST).step_by(EACH as usize)) {
            *entry = (probability(odds + EACH / 2) >> 16).clamp(16, (1 << 16) - 16) as u16;
        }
        Self { stretched, squashed, steps: std::array::from_fn(|seen| (32_768 / (seen as i32 + 2)) << 8 | (seen as i32 + 1).min(LIMIT)) }
    }

    /// The probability of odds, with 16 bits.
    pub fn squash(&self, odds: i32) -> u16 {
        self.squashed[((odds.clamp(-MOST, MOST - 1) + MOST) / EACH) as usize]
    }
}
