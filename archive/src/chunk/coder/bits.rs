//! Bits and their probabilities as bytes: a binary range coder of 32 bits, integers only.

/// Bits of a probability: `1 << 16` is certainty, which is never said.
pub const CERTAIN: u32 = 1 << 16;
const HALF: u32 = CERTAIN / 2;

/// Writes bits, or reads them: a model is one and the same for both.
pub trait Bits {
    const WRITES: bool;

    /// The next bit, which is set with the probability `set`. Who writes takes `bit`; who reads knows better.
    fn next(&mut self, set: u32, bit: bool) -> bool;

    /// Bits of which nothing is known, the highest first.
    fn raw(&mut self, count: u32, number: u64) -> u64 {
        (0..count).rev().fold(0, |read, place| read << 1 | u64::from(self.next(HALF, number >> place & 1 == 1)))
    }
}

/// The interval in which the number lies that the bytes are: of both sides, it is the same.
struct Interval {
    low: u32,
    high: u32,
}

impl Interval {
    const WHOLE: Self = Self { low: 0, high: u32::MAX };

    /// The last number of the part that means a set bit.
    fn middle(&self, set: u32) -> u32 {
        self.low + ((u64::from(self.high - self.low) * u64::from(set)) >> 16) as u32
    }

    fn narrow(&mut self, middle: u32, bit: bool) {
        if bit { self.high = middle } else { self.low = middle + 1 }
    }

    /// The highest byte, if it is certain by now.
    fn shift(&mut self) -> Option<u8> {
        if (self.low ^ self.high) >> 24 != 0 {
            return None;
        }
        let byte = (self.high >> 24) as u8;
        (self.low, self.high) = (self.low << 8, self.high << 8 | 0xff);
        Some(byte)
    }
}

/// Bits become bytes.
pub struct Writer {
    interval: Interval,
    bytes: Vec<u8>,
}

impl Writer {
    /// Appends to `bytes`.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self { interval: Interval::WHOLE, bytes }
    }

    /// All bytes. Zeros at the end are not told: who reads finds zeros there.
    pub fn finish(mut self) -> Vec<u8> {
        let Interval { low, high } = self.interval;
        // The shortest number of the interval.
        let short = (1..=4).map(|bytes| (bytes, 32 - 8 * bytes)).find_map(|(bytes, rest)| {
            let number = high >> rest << rest;
            (number >= low).then_some((bytes as usize, number))
        });
        let (count, number) = short.unwrap_or((4, high));
        if low > 0 {
            self.bytes.extend(&number.to_be_bytes()[..count]);
        }
        self.bytes
    }
}

impl Bits for Writer {
    const WRITES: bool = true;

    #[inline]
    fn next(&mut self, set: u32, bit: bool) -> bool {
        let middle = self.interval.middle(set);
        self.interval.narrow(middle, bit);
        while let Some(byte) = self.interval.shift() {
            self.bytes.push(byte);
        }
        bit
    }
}

/// Bytes become bits. There are always more: what is cut off reads as something else, as damage does.
pub struct Reader<'a> {
    interval: Interval,
    number: u32,
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Reads what [`Writer`] wrote.
    pub fn new(bytes: &'a [u8]) -> Self {
        let mut reader = Self { interval: Interval::WHOLE, number: 0, rest: bytes };
        (0..4).for_each(|_| reader.take());
        reader
    }

    fn take(&mut self) {
        let byte = self.rest.split_off_first().copied().unwrap_or(0);
        self.number = self.number << 8 | u32::from(byte);
    }
}

impl Bits for Reader<'_> {
    const WRITES: bool = false;

    #[inline]
    fn next(&mut self, set: u32, _: bool) -> bool {
        let middle = self.interval.middle(set);
        let bit = self.number <= middle;
        self.interval.narrow(middle, bit);
        while self.interval.shift().is_some() {
            self.take();
        }
        bit
    }
}
