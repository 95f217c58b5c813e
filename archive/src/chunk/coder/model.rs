//! How likely each bit of a number is: what followed in each of several contexts, mixed by how right each has been so far.
//!
//! The idea is that of Mahoney's context mixing (<https://mattmahoney.net/dc/dce.html>, 4.3), with integers only: reader and writer must
//! come to the same probabilities on every machine.

use super::bits::{Bits, CERTAIN};
use super::tables::{TABLES, Tables};

/// Contexts that are mixed.
pub const CONTEXTS: usize = 2;
/// Bits after a number's first one that are mixed, in groups of [`GROUP`]; those behind are alike in all contexts.
const SHALLOW: u32 = 3;
const DEEP: u32 = 9;
const GROUP: u32 = 3;
/// Bits after the first one of which anything is learnt.
const LEARNT: u32 = 12;
/// Length of a number in bits from which it is told beside the model.
const LONG: u32 = 15;
/// Slots of a row: one cache line.
const ROW: usize = 16;
/// Weights by which bit of a number it is.
const SETS: usize = 16 * (LONG as usize + 2);
const FIRST_WEIGHT: i32 = 36_000;
/// Rows of one context as powers of two, at least and at most.
const LEAST_ROWS: u32 = 6;
const MOST_ROWS: u32 = 11;

/// A probability in the upper 22 bits, below it how often it was right or wrong, up to [`super::tables::LIMIT`].
#[derive(Clone, Copy)]
struct Slot(u32);

impl Slot {
    const NEW: Self = Self(1 << 31);

    /// With 12 bits.
    #[inline]
    fn short(self) -> usize {
        (self.0 >> 20) as usize
    }

    /// After a bit, for which `goal` is certainty.
    #[inline]
    fn after(self, tables: &Tables, goal: i32) -> Self {
        let probability = (self.0 >> 10) as i32;
        let step = tables.steps[self.0 as usize & 0xff];
        let moved = probability + ((((goal - probability) >> 6) * (step >> 8)) >> 9);
        Self((moved as u32) << 10 | step as u32 & 0xff)
    }
}

/// Certainty of a set bit, or of the other.
#[inline]
fn goal(bit: bool) -> i32 {
    if bit { (1 << 22) - 1 } else { 0 }
}

/// What numbers of a column can be: what they cannot be is not told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Power of two of the rows that each context has.
    pub rows: u32,
    /// Bits of the longest one.
    pub longest: u32,
    pub has_negative: bool,
}

impl Shape {
    /// For so many numbers, of which nothing is known yet.
    pub fn of(count: usize) -> Self {
        Self { rows: (usize::BITS - count.leading_zeros()).clamp(LEAST_ROWS + 1, MOST_ROWS + 1) - 1, ..Self::default() }
    }

    /// Tells it, or reads it.
    pub fn tell(self, bits: &mut impl Bits) -> Self {
        let rows = bits.raw(4, u64::from(self.rows)) as u32;
        let longest = bits.raw(7, u64::from(self.longest)) as u32;
        let has_negative = bits.raw(1, u64::from(self.has_negative)) == 1;
        Self { rows: rows.clamp(LEAST_ROWS, MOST_ROWS), longest, has_negative }
    }

    /// With another number.
    pub fn with(self, number: i64) -> Self {
        Self { longest: self.longest.max(length(number)), has_negative: self.has_negative || number < 0, ..self }
    }

    /// Bits that tell a length.
    fn digits(self) -> u32 {
        u32::BITS - self.longest.min(LONG).leading_zeros()
    }
}

fn length(number: i64) -> u32 {
    u64::BITS - number.unsigned_abs().leading_zeros()
}

/// What has been learnt of a column so far.
pub struct Model {
    tables: &'static Tables,
    shape: Shape,
    /// Rows of all contexts, one context after the other.
    rows: Vec<[Slot; ROW]>,
    /// Power of two of a context's rows.
    size: u32,
    /// Where the contexts' rows are.
    at: [usize; CONTEXTS],
    weights: Vec<[i32; CONTEXTS]>,
    /// Twice as many as a context has rows.
    plain: Vec<Slot>,
    depth: u32,
}

impl Model {
    /// Nothing is known yet. One that is deep takes more time, and finds values that come again.
    pub fn new(shape: Shape, deep: bool) -> Self {
        let size = shape.rows;
        Self {
            tables: &TABLES,
            shape,
            rows: vec![[Slot::NEW; ROW]; CONTEXTS << size],
            size,
            at: [0; CONTEXTS],
            weights: vec![[FIRST_WEIGHT; CONTEXTS]; SETS],
            plain: vec![Slot::NEW; 2 << size],
            depth: if deep { DEEP } else { SHALLOW },
        }
    }

    /// The next number in these contexts, each a number of its own: its length, its sign, then its bits from the highest on.
    pub fn number(&mut self, bits: &mut impl Bits, contexts: &[u32; CONTEXTS], number: i64) -> i64 {
        let (magnitude, whole) = (number.unsigned_abs(), length(number));
        let digits = self.shape.digits();
        let mut node = 1;
        self.turn(contexts, 0);
        for place in (0..digits).rev() {
            node = node << 1 | usize::from(self.bit(bits, node, node, whole.min(LONG) >> place & 1 == 1));
        }
        let mut read = node as u32 ^ 1 << digits;
        if read == 0 {
            return 0;
        }
        if read == LONG {
            let whole = whole.wrapping_sub(1);
            read = 1
                + (0..6).rev().fold(1, |read, place| read << 1 | u32::from(self.plain(bits, 1 << 31 | read, whole >> place & 1 == 1))) % 64;
        }
        self.turn(contexts, read);
        let set = ROW * (1 + read.min(LONG) as usize);
        let is_negative = self.shape.has_negative && self.bit(bits, 0, set, number < 0);
        let mut found = 1_u64;
        for place in (0..read - 1).rev() {
            let (depth, bit) = (read - 2 - place, magnitude >> place & 1 == 1);
            let bit = if depth < self.depth {
                if depth > 0 && depth.is_multiple_of(GROUP) {
                    let before = ((found as u32) << 1 | u32::from(is_negative)).wrapping_mul(0x6c8e_9cf5);
                    self.turn(&contexts.map(|context| context.wrapping_mul(0x2545_f491) ^ before), read);
                }
                let depth_in = depth % GROUP;
                let node = 1 << depth_in | (found as usize & ((1 << depth_in) - 1));
                let set = set + if depth < GROUP { node } else { 8 + depth.min(7) as usize };
                self.bit(bits, node | usize::from(is_negative) << GROUP, set, bit)
            } else if depth < LEARNT {
                self.plain(bits, read << 20 ^ (found as u32) << 1 | u32::from(is_negative), bit)
            } else {
                bits.raw(1, u64::from(bit)) == 1
            };
            found = found << 1 | u64::from(bit);
        }
        if is_negative { (found as i64).wrapping_neg() } else { found as i64 }
    }

    /// Turns to the rows of these contexts for one part of a number.
    fn turn(&mut self, contexts: &[u32; CONTEXTS], part: u32) {
        for (number, (at, context)) in self.at.iter_mut().zip(contexts).enumerate() {
            let mixed = context.wrapping_add(part << 26).wrapping_mul(0x9e37_79b1);
            *at = number << self.size | (mixed >> (u32::BITS - self.size)) as usize;
        }
    }

    /// A bit, mixed from all contexts. Odds and weights stay far from what an i32 can be, or are wrong on every machine alike.
    #[inline]
    fn bit(&mut self, bits: &mut impl Bits, node: usize, set: usize, bit: bool) -> bool {
        let (tables, at, weights) = (self.tables, self.at, &mut self.weights[set]);
        let slots = at.map(|at| self.rows[at][node % ROW]);
        let votes = slots.map(|slot| i32::from(tables.stretched[slot.short()]));
        let sum = votes.iter().zip(&*weights).fold(0_i32, |sum, (vote, weight)| sum.wrapping_add(vote.wrapping_mul(*weight) >> 2));
        let set = u32::from(tables.squash(sum >> 14));
        let bit = bits.next(set, bit);
        let error = (if bit { (CERTAIN - 1 - set) as i32 } else { -(set as i32) }) >> 2;
        let goal = goal(bit);
        for (((weight, vote), at), slot) in weights.iter_mut().zip(votes).zip(at).zip(slots) {
            *weight = weight.wrapping_add((vote * error + (1 << 11)) >> 12);
            self.rows[at][node % ROW] = slot.after(tables, goal);
        }
        bit
    }

    /// A bit that is alike in all contexts.
    fn plain(&mut self, bits: &mut impl Bits, key: u32, bit: bool) -> bool {
        let slot = &mut self.plain[(key.wrapping_mul(0x9e37_79b1) >> (u32::BITS - 1 - self.size)) as usize];
        let bit = bits.next((slot.0 >> 16).clamp(64, CERTAIN - 64), bit);
        *slot = slot.after(self.tables, goal(bit));
        bit
    }
}
