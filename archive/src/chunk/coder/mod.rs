//! A column of numbers as bytes: each is told by how far it is from what was expected, in contexts of what came before and of what is known
//! beside it.
//!
//! The first byte says how: see [`Kind`]. Whatever is shortest for the column is taken, by trying.

mod bits;
mod model;
mod tables;
#[cfg(test)]
mod tests;

use super::column::MALFORMED;
use super::{Effort, column};
use crate::Malformed;
use bits::{Bits, Reader, Writer};
use model::{CONTEXTS, Model, Shape};
use std::ops::RangeInclusive;

/// Most numbers of a column that is coded here: a day of ten seconds is a tenth of it. Damaged bytes cannot ask for more.
pub const MOST: usize = 100_000;
/// A part of the numbers, at least and at most so many, shows in which way all are told: an hour is sealed in a few milliseconds.
const TRIED_PART: usize = 3;
const TRIED: RangeInclusive<usize> = 128..=1_024;
/// A model takes ten times as long to read as `pco`: it must be better by one part of this.
const MODEL_WORTH: usize = 12;
/// A deep model takes longer to read: it must be better by one part of this.
const DEEP_WORTH: usize = 32;
/// Values that come so often each, on average, are told by their places among all.
const OFTEN: usize = 4;

/// What is known beside each number of a column, by both sides: see [`level`] and [`size`]. Two at most.
pub type Hints<'a> = &'a [&'a [u32]];

/// What a number is expected to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    Zero,
    Last,
    /// The mean of the last ones.
    Slow,
}

/// The contexts that are mixed, by their places among [`Before::contexts`]: two that suit a column are nearly as good as all, and take less
/// than half of the time.
const FOCUS: [[usize; CONTEXTS]; 8] = [[2, 4], [1, 4], [3, 4], [1, 2], [0, 4], [2, 3], [0, 3], [0, 2]];

const ALL_EXPECTED: [Expected; 3] = [Expected::Zero, Expected::Last, Expected::Slow];

/// How the model tells a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Plan {
    expected: Expected,
    deep: bool,
    /// Its values come first, and each number is told by the place of its value.
    placed: bool,
    /// Which contexts are mixed.
    focus: u8,
}

/// How a column is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// By `pco`.
    Pco,
    /// By `pco`, in groups of numbers whose first hints are alike.
    Grouped,
    /// All are the same, which follows.
    Equal,
    Model(Plan),
}

impl Kind {
    fn number(self) -> u8 {
        match self {
            Self::Pco => 0,
            Self::Equal => 1,
            Self::Grouped => 2,
            Self::Model(Plan { expected, deep, placed, focus }) => {
                4 | expected as u8 | u8::from(deep) << 3 | u8::from(placed) << 4 | focus << 5
            }
        }
    }

    fn of_number(number: u8) -> Option<Self> {
        match number {
            0 => Some(Self::Pco),
            1 => Some(Self::Equal),
            2 => Some(Self::Grouped),
            _ if number & 4 == 0 => None,
            _ => {
                let expected = *ALL_EXPECTED.get(usize::from(number & 3))?;
                Some(Self::Model(Plan { expected, deep: number & 8 != 0, placed: number & 16 != 0, focus: number >> 5 }))
            }
        }
    }
}

/// A column that may be told, and about how long it would be.
pub struct Draft {
    effort: Effort,
    numbers: Vec<i64>,
    hints: Vec<Vec<u32>>,
    plan: Plan,
    size: usize,
}

impl Draft {
    /// Tries a part of the numbers; there is a hint of each kind for each of them.
    pub fn new(numbers: Vec<i64>, hints: Vec<Vec<u32>>, effort: Effort) -> Self {
        let mut draft =
            Self { effort, plan: Plan { expected: Expected::Zero, deep: false, placed: false, focus: 0 }, size: 0, numbers, hints };
        let count = draft.numbers.len();
        if count == 0 || draft.numbers.iter().all(|number| *number == draft.numbers[0]) {
            return draft;
        }
        if effort == Effort::Quick {
            draft.size = draft.by_pco().map_or(usize::MAX, |bytes| bytes.len());
            return draft;
        }
        // Numbers of two places far from each other are as good as all, and take less time.
        let tried = (count / TRIED_PART).clamp(*TRIED.start(), *TRIED.end());
        let pieces = match count > tried {
            true => [1, 3].map(|quarter| count * quarter / 4 - tried / 4..count * quarter / 4 + tried / 4),
            false => [0..count, 0..0],
        };
        let some = |all: &[i64]| pieces.iter().flat_map(|piece| &all[piece.clone()]).copied().collect::<Vec<i64>>();
        let hints: Vec<Vec<u32>> =
            draft.hints.iter().map(|hint| pieces.iter().flat_map(|piece| &hint[piece.clone()]).copied().collect()).collect();
        let hints: Vec<&[u32]> = hints.iter().map(Vec::as_slice).collect();
        let size = |numbers: &[i64], plan: Plan| {
            let mut writer = Writer::new(Vec::new());
            tell(&mut writer, &mut numbers.to_vec(), numbers.len(), &hints, plan);
            writer.finish().len()
        };
        let plan = |numbers: &[i64], placed: bool| {
            let plans =
                ALL_EXPECTED.map(|expected| Plan { expected, deep: false, placed, focus: 0 }).map(|plan| (size(numbers, plan), plan));
            let [first, others @ ..] = plans;
            let (shallow, plan) = others.into_iter().fold(first, |best, other| if other.0 < best.0 { other } else { best });
            let others = (1..FOCUS.len() as u8).map(|focus| Plan { focus, ..plan }).map(|plan| (size(numbers, plan), plan));
            let (shallow, plan) = others.fold((shallow, plan), |best, other| if other.0 < best.0 { other } else { best });
            let deep = Plan { deep: true, ..plan };
            let deep_size = size(numbers, deep);
            if deep_size + deep_size / DEEP_WORTH < shallow { (deep_size, deep) } else { (shallow, plan) }
        };
        let tried = some(&draft.numbers);
        (draft.size, draft.plan) = plan(&tried, false);
        let mut values = values(&draft.numbers);
        if values.len() * OFTEN <= count {
            let (size, plan) = plan(&places(&tried, &values), true);
            let mut writer = Writer::new(Vec::new());
            tell_values(&mut writer, &mut values);
            // They are told once for all numbers.
            let size = size + writer.finish().len() * tried.len() / count;
            if size < draft.size {
                (draft.size, draft.plan) = (size, plan);
            }
        }
        draft
    }

    /// About how long it would be, to compare it with others of as many numbers.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Tells the column; no bytes for no numbers.
    ///
    /// # Errors
    /// The codec refuses, which it does for no integers.
    pub fn pack(&self) -> Result<Vec<u8>, Malformed> {
        let Some(first) = self.numbers.first() else { return Ok(Vec::new()) };
        if self.numbers.iter().all(|number| number == first) {
            let mut bytes = vec![Kind::Equal.number()];
            put(&mut bytes, fold(*first));
            return Ok(bytes);
        }
        let mut bytes = self.by_pco()?;
        if self.effort == Effort::Thorough && self.numbers.len() <= MOST {
            let by_model = self.by_model();
            if by_model.len() + by_model.len() / MODEL_WORTH < bytes.len() {
                bytes = by_model;
            }
        }
        Ok(bytes)
    }

    fn by_pco(&self) -> Result<Vec<u8>, Malformed> {
        let mut bytes = vec![Kind::Pco.number()];
        bytes.extend(column::pack(&self.numbers)?);
        if let Some(hint) = self.hints.first().filter(|_| self.effort == Effort::Quick && self.numbers.len() <= MOST) {
            let grouped = column::pack_grouped(&self.numbers, &groups(hint))?;
            if grouped.len() < bytes.len() - 1 {
                bytes = vec![Kind::Grouped.number()];
                bytes.extend(grouped);
            }
        }
        Ok(bytes)
    }

    fn by_model(&self) -> Vec<u8> {
        let hints: Vec<&[u32]> = self.hints.iter().map(Vec::as_slice).collect();
        let mut bytes = vec![Kind::Model(self.plan).number()];
        let mut numbers = self.numbers.clone();
        if !self.plan.placed {
            let mut writer = Writer::new(bytes);
            tell(&mut writer, &mut numbers, self.numbers.len(), &hints, self.plan);
            return writer.finish();
        }
        let mut values = values(&numbers);
        numbers = places(&numbers, &values);
        put(&mut bytes, values.len() as u64);
        let mut writer = Writer::new(bytes);
        tell_values(&mut writer, &mut values);
        tell(&mut writer, &mut numbers, self.numbers.len(), &hints, self.plan);
        writer.finish()
    }
}

/// Reads a column of `count` numbers, of which the first `needed` must be right.
///
/// # Errors
/// The bytes are damaged, or there are other numbers or hints than `count`.
pub fn unpack(bytes: &[u8], count: usize, needed: usize, hints: Hints) -> Result<Vec<i64>, Malformed> {
    if count == 0 {
        return if bytes.is_empty() || needed < count { Ok(Vec::new()) } else { Err(MALFORMED) };
    }
    let (kind, mut rest) = bytes.split_first().ok_or(MALFORMED)?;
    match Kind::of_number(*kind).ok_or(MALFORMED)? {
        Kind::Pco => column::unpack(rest),
        _ if count > MOST || hints.iter().any(|hint| hint.len() != count) => Err(MALFORMED),
        Kind::Grouped => column::unpack_grouped(rest, &groups(hints.first().ok_or(MALFORMED)?)),
        Kind::Equal => Ok(vec![unfold(take(&mut rest)?); count]),
        Kind::Model(plan) => {
            let mut values = vec![0; if plan.placed { usize::try_from(take(&mut rest)?).unwrap_or(usize::MAX).min(MOST) } else { 0 }];
            let (mut reader, mut numbers) = (Reader::new(rest), vec![0; count]);
            tell_values(&mut reader, &mut values);
            tell(&mut reader, &mut numbers, needed, hints, plan);
            if plan.placed {
                for number in &mut numbers {
                    let place = usize::try_from(*number).map_err(|_| MALFORMED)?;
                    *number = *values.get(place).ok_or(MALFORMED)?;
                }
            }
            Ok(numbers)
        }
    }
}

/// Whether a column can be read only as a whole, and with all of its hints.
pub fn is_whole(bytes: &[u8]) -> bool {
    bytes.first() == Some(&Kind::Grouped.number())
}

/// Hints to one step for each doubling.
fn groups(hint: &[u32]) -> Vec<u32> {
    hint.iter().map(|hint| hint >> 3).collect()
}

/// The values of a column, each once, sorted.
fn values(numbers: &[i64]) -> Vec<i64> {
    let mut values = numbers.to_vec();
    values.sort_unstable();
    values.dedup();
    values
}

/// The places of numbers among all values.
fn places(numbers: &[i64], values: &[i64]) -> Vec<i64> {
    numbers.iter().map(|number| values.partition_point(|value| value < number) as i64).collect()
}

/// Writes sorted values, or reads them into their places.
fn tell_values(bits: &mut impl Bits, values: &mut [i64]) {
    let mut gaps: Vec<i64> =
        values.iter().scan(0, |last: &mut i64, value| Some(value.wrapping_sub(std::mem::replace(last, *value)))).collect();
    let count = gaps.len();
    tell(bits, &mut gaps, count, &[], Plan { expected: Expected::Zero, deep: false, placed: false, focus: 0 });
    let mut last = 0_i64;
    for (value, gap) in values.iter_mut().zip(gaps) {
        last = last.wrapping_add(gap);
        *value = last;
    }
}

/// Writes numbers, or reads the first `needed` of them into their places.
fn tell(bits: &mut impl Bits, numbers: &mut [i64], needed: usize, hints: Hints, Plan { expected, deep, focus, .. }: Plan) {
    if numbers.is_empty() {
        return;
    }
    let shape = shape(bits, numbers, expected);
    let mut model = Model::new(shape, deep);
    let focus = FOCUS[usize::from(focus)];
    let mut before = Before::default();
    for (place, number) in numbers.iter_mut().take(needed).enumerate() {
        let base = before.base(expected);
        let contexts = before.contexts(expected, hints, place);
        let contexts = focus.map(|place| contexts[place]);
        let distance = model.number(bits, &contexts, number.wrapping_sub(base));
        *number = base.wrapping_add(distance);
        before.add(*number, distance);
    }
}

/// What the distances from what is expected can be.
fn shape<B: Bits>(bits: &mut B, numbers: &[i64], expected: Expected) -> Shape {
    let mut shape = Shape::of(numbers.len());
    if B::WRITES {
        let mut before = Before::default();
        for number in numbers {
            let distance = number.wrapping_sub(before.base(expected));
            before.add(*number, distance);
            shape = shape.with(distance);
        }
    }
    shape.tell(bits)
}

/// What came before a number.
#[derive(Default)]
struct Before {
    last: i64,
    /// The last two distances from what was expected.
    distances: [i64; 2],
    /// Mean of the numbers, times 16.
    slow: i64,
    /// Mean size of the distances, times 16.
    size: i64,
}

impl Before {
    fn mean(&self) -> i64 {
        self.slow >> 4
    }

    fn base(&self, expected: Expected) -> i64 {
        match expected {
            Expected::Zero => 0,
            Expected::Last => self.last,
            Expected::Slow => self.mean(),
        }
    }

    fn contexts(&self, expected: Expected, hints: Hints, place: usize) -> [u32; 5] {
        let away = match expected {
            Expected::Zero => self.last,
            Expected::Last => self.mean().wrapping_sub(self.last),
            Expected::Slow => self.last.wrapping_sub(self.mean()),
        };
        let [one, two] = self.distances;
        let shape = size(one) << 10 | size(two);
        let spread = (size(away) >> 3) << 12 | size(away) << 11 & 0x800 | size(self.size);
        let exactly = self.last as u32 & 0x3ff_ffff;
        let hint = |number: usize| hints.get(number).and_then(|hint| hint.get(place)).copied();
        match (hint(0), hint(1)) {
            (Some(first), Some(second)) => [0, shape, second << 12 | first >> 2, spread, first],
            (Some(first), None) => [0, shape, exactly, spread, first],
            _ => [0, shape, exactly, spread, size(away)],
        }
    }

    fn add(&mut self, number: i64, distance: i64) {
        self.last = number;
        self.distances = [distance, self.distances[0]];
        self.slow = self.slow.wrapping_add(number.wrapping_sub(self.mean()).wrapping_mul(2));
        self.size = self.size.wrapping_add(distance.saturating_abs().saturating_mul(16).saturating_sub(self.size) / 4);
    }
}

/// The size of an integer and its sign as a hint: four steps to each doubling. Two bits less are one step to each doubling.
pub fn size(number: i64) -> u32 {
    let magnitude = number.unsigned_abs();
    let length = u64::BITS - magnitude.leading_zeros();
    let steps = if length <= 2 { magnitude as u32 } else { length << 2 | (magnitude >> (length - 3)) as u32 & 3 };
    steps << 1 | u32::from(number < 0)
}

/// A value that is not negative as a hint: eight steps to each doubling. The exponent of a float is its logarithm.
pub fn level(value: f64) -> u32 {
    (value.max(0.0) as f32).to_bits() >> 20
}

/// Small numbers of both signs are small ones without.
fn fold(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

fn unfold(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

/// Seven bits in a byte, the lowest first; the highest bit says that more follow.
fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take(bytes: &mut &[u8]) -> Result<u64, Malformed> {
    let mut number = 0_u64;
    for place in (0..70).step_by(7) {
        let byte = *bytes.split_off_first().ok_or(MALFORMED)?;
        number |= u64::from(byte & 0x7f).checked_shl(place).unwrap_or(0);
        if byte < 0x80 {
            return Ok(number);
        }
    }
    Err(MALFORMED)
}
