//! A chunk: many rows of one host in columns, each compressed by `pco` (<https://docs.rs/pco>), of which single ones can be read.
//!
//! Layout: version byte, length of the directory (u32, little endian), directory (MessagePack), columns. All numbers are integers: a value
//! with two decimals in hundredths, a rate by the bits of its f32, of which the lowest are zero, a mean by its logarithm. Extremes are exact;
//! a mean is right to half of [`MEAN_STEP`], lies between its extremes and is told by how far it is from their middle.

use super::row::{SampleRow, Stat, source_number, source_of};
use crate::store::StoreError;
use pco::ChunkConfig;
use pco::standalone::{simple_compress, simple_decompress};
use protocol::metric::{Kept, RATE_BITS, Series, Unit};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const VERSION: u8 = 1;

/// Two means that can be told apart differ by this share. Half of it is the error of a chunk; rows that come late are rolled up from a chunk
/// into another: twice that is 0.08 %. Means of live values are exact, so 0.1 % is kept.
const MEAN_STEP: f64 = 0.000_8;
/// What is smaller is zero: far less than the mean of a month in which one sample was 0.01.
const LEAST_MEAN: f64 = 1e-9;

const MALFORMED: StoreError = StoreError::Malformed { what: "chunk" };

#[derive(Serialize, Deserialize)]
struct Directory {
    step_ms: i64,
    rows: u32,
    /// Lengths of the columns of times, sources and counts.
    times: u32,
    sources: u32,
    counts: u32,
    series: Vec<Entry>,
}

/// Lengths of a series' columns in bytes, in this order; zero: the column is not needed.
#[derive(Serialize, Deserialize)]
struct Entry {
    name: String,
    /// Numbers of the rows that have a value; none: all have one.
    present: u32,
    /// What a value's count is short of its row's; none: nothing.
    missing: u32,
    least: u32,
    /// Most less least; none: every row's values are equal.
    width: u32,
    /// Means of the rows that have a width, less the middle of their extremes.
    means: u32,
}

/// Values of one series, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values {
    pub at_ms: Vec<i64>,
    pub stats: Vec<Stat>,
}

/// Compresses rows of one host: sorted by time, no time twice, all multiples of `step_ms`.
///
/// # Errors
/// The codec refuses, which it does for no integers.
pub fn encode(step_ms: i64, rows: &[SampleRow]) -> Result<Vec<u8>, StoreError> {
    let counts: Vec<u32> = rows.iter().map(|row| row.series.iter().map(|(_, stat)| stat.count).max().unwrap_or(0)).collect();
    let mut series: BTreeMap<&Series, Vec<(u32, Stat)>> = BTreeMap::new();
    for (number, row) in rows.iter().enumerate() {
        for (key, stat) in &row.series {
            series.entry(key).or_default().push((number as u32, *stat));
        }
    }
    let mut columns = Vec::new();
    let times: Vec<i64> = rows.iter().map(|row| row.at_ms.div_euclid(step_ms)).collect();
    let sources: Vec<u32> = rows.iter().map(|row| u32::from(source_number(row.source))).collect();
    let mut directory = Directory {
        step_ms,
        rows: rows.len() as u32,
        times: push(&mut columns, &times)?,
        sources: push(&mut columns, &sources)?,
        counts: push(&mut columns, &counts)?,
        series: Vec::with_capacity(series.len()),
    };
    for (key, values) in series {
        let scale = Scale::of(key);
        let present: Vec<u32> = if values.len() == rows.len() { Vec::new() } else { values.iter().map(|(number, _)| *number).collect() };
        let missing: Vec<u32> = values.iter().map(|(number, stat)| counts[*number as usize] - stat.count).collect();
        let least: Vec<i64> = values.iter().map(|(_, stat)| code(scale, stat.least)).collect();
        let width: Vec<i64> = values.iter().zip(&least).map(|((_, stat), least)| code(scale, stat.most) - least).collect();
        let with_width = values.iter().zip(&width).filter(|(_, width)| **width != 0);
        let means: Vec<i64> = with_width.map(|((_, stat), _)| mean_code(stat.mean) - middle_code(scale, stat.least, stat.most)).collect();
        directory.series.push(Entry {
            name: key.to_string(),
            present: push(&mut columns, &present)?,
            missing: if missing.iter().all(|missing| *missing == 0) { 0 } else { push(&mut columns, &missing)? },
            least: push(&mut columns, &least)?,
            width: if means.is_empty() { 0 } else { push(&mut columns, &width)? },
            means: push(&mut columns, &means)?,
        });
    }
    let directory = rmp_serde::to_vec(&directory).map_err(|_| MALFORMED)?;
    let mut bytes = vec![VERSION];
    bytes.extend((directory.len() as u32).to_le_bytes());
    bytes.extend(directory);
    bytes.append(&mut columns);
    Ok(bytes)
}

fn push<T: pco::data_types::Number>(columns: &mut Vec<u8>, numbers: &[T]) -> Result<u32, StoreError> {
    if numbers.is_empty() {
        return Ok(0);
    }
    let bytes = simple_compress(numbers, &ChunkConfig::default()).map_err(|_| MALFORMED)?;
    columns.extend(&bytes);
    Ok(bytes.len() as u32)
}

/// An opened chunk.
pub struct Chunk<'a> {
    directory: Directory,
    columns: &'a [u8],
}

impl<'a> Chunk<'a> {
    /// Reads the directory.
    ///
    /// # Errors
    /// The bytes are no chunk, or one of a later version.
    pub fn open(bytes: &'a [u8]) -> Result<Self, StoreError> {
        let (&[VERSION, a, b, c, d], rest) = bytes.split_first_chunk().ok_or(MALFORMED)? else { return Err(MALFORMED) };
        let (directory, columns) = rest.split_at_checked(u32::from_le_bytes([a, b, c, d]) as usize).ok_or(MALFORMED)?;
        let directory: Directory = rmp_serde::from_slice(directory).map_err(|_| MALFORMED)?;
        Ok(Self { directory, columns })
    }

    /// Names of its series.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.directory.series.iter().map(|entry| entry.name.as_str())
    }

    /// Values of some series, each `None` where the chunk has none of it.
    ///
    /// # Errors
    /// The bytes are damaged.
    pub fn read(&self, wanted: &[Series]) -> Result<Vec<Option<Values>>, StoreError> {
        let directory = &self.directory;
        let times = self.times()?;
        let counts_at = (directory.times + directory.sources) as usize;
        let counts: Vec<u32> = self.column(counts_at, directory.counts)?;
        let mut found = vec![None; wanted.len()];
        let mut start = counts_at + directory.counts as usize;
        for entry in &directory.series {
            for (place, _) in wanted.iter().enumerate().filter(|(_, series)| series.to_string() == entry.name) {
                found[place] = Some(self.series(entry, start, Scale::of(&wanted[place]), &times, &counts)?);
            }
            start += entry.length();
        }
        Ok(found)
    }

    /// All rows.
    ///
    /// # Errors
    /// The bytes are damaged or name a series that this version does not know.
    pub fn rows(&self, host_id: protocol::host::HostId) -> Result<Vec<SampleRow>, StoreError> {
        let sources: Vec<u32> = self.column(self.directory.times as usize, self.directory.sources)?;
        let times = self.times()?;
        if sources.len() != times.len() {
            return Err(MALFORMED);
        }
        let mut rows = Vec::with_capacity(times.len());
        for (at_ms, source) in times.iter().zip(sources) {
            rows.push(SampleRow { host_id, at_ms: *at_ms, source: source_of(i64::from(source))?, series: Vec::new() });
        }
        let wanted = self.names().map(|name| name.parse().map_err(|_| MALFORMED)).collect::<Result<Vec<Series>, _>>()?;
        for (series, values) in wanted.iter().zip(self.read(&wanted)?) {
            let values = values.ok_or(MALFORMED)?;
            let mut place = 0;
            for (at_ms, stat) in values.at_ms.iter().zip(values.stats) {
                while rows.get(place).ok_or(MALFORMED)?.at_ms != *at_ms {
                    place += 1;
                }
                rows[place].series.push((series.clone(), stat));
            }
        }
        Ok(rows)
    }

    fn times(&self) -> Result<Vec<i64>, StoreError> {
        let times: Vec<i64> = self.column(0, self.directory.times)?;
        if times.len() != self.directory.rows as usize {
            return Err(MALFORMED);
        }
        Ok(times.into_iter().map(|step| step.saturating_mul(self.directory.step_ms)).collect())
    }

    fn column<T: pco::data_types::Number>(&self, start: usize, length: u32) -> Result<Vec<T>, StoreError> {
        if length == 0 {
            return Ok(Vec::new());
        }
        let end = start.checked_add(length as usize).ok_or(MALFORMED)?;
        simple_decompress(self.columns.get(start..end).ok_or(MALFORMED)?).map_err(|_| MALFORMED)
    }

    fn series(&self, entry: &Entry, mut start: usize, scale: Scale, times: &[i64], counts: &[u32]) -> Result<Values, StoreError> {
        let mut next = |length: u32| {
            let at = start;
            start += length as usize;
            at
        };
        let present: Vec<u32> = self.column(next(entry.present), entry.present)?;
        let missing: Vec<u32> = self.column(next(entry.missing), entry.missing)?;
        let least: Vec<i64> = self.column(next(entry.least), entry.least)?;
        let width: Vec<i64> = self.column(next(entry.width), entry.width)?;
        let means: Vec<i64> = self.column(next(entry.means), entry.means)?;
        let mut means = means.into_iter();
        let mut values = Values { at_ms: Vec::with_capacity(least.len()), stats: Vec::with_capacity(least.len()) };
        for (number, least) in least.into_iter().enumerate() {
            let row = if entry.present == 0 { number } else { *present.get(number).ok_or(MALFORMED)? as usize };
            let count = counts.get(row).ok_or(MALFORMED)?.saturating_sub(missing.get(number).copied().unwrap_or(0));
            let width = width.get(number).copied().unwrap_or(0);
            let (low, high) = (value(scale, least), value(scale, least.saturating_add(width)));
            let mean = if width == 0 {
                low
            } else {
                let code = means.next().ok_or(MALFORMED)?.saturating_add(middle_code(scale, low, high));
                mean_value(code).clamp(low, high.max(low))
            };
            values.at_ms.push(*times.get(row).ok_or(MALFORMED)?);
            values.stats.push(Stat { count: count.max(1), mean, least: low, most: high });
        }
        Ok(values)
    }
}

impl Entry {
    fn length(&self) -> usize {
        [self.present, self.missing, self.least, self.width, self.means].iter().map(|length| *length as usize).sum()
    }
}

/// Lowest bits of an f32 that are not kept; those of a rate are zero already.
const RATE_CUT: u32 = 23 - RATE_BITS;

/// How values become integers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scale {
    Hundredths,
    /// The upper bits of the f32: rates.
    Bits,
    /// Steps of a logarithm: means that stand alone, whose small values need more than two decimals.
    Mean,
}

impl Scale {
    fn of(series: &Series) -> Self {
        match (series.unit(), series.kept()) {
            (_, Kept::Mean) => Self::Mean,
            (Unit::BytesPerSecond, _) => Self::Bits,
            _ => Self::Hundredths,
        }
    }
}

fn code(scale: Scale, value: f64) -> i64 {
    match scale {
        Scale::Bits => i64::from(ordered(value as f32).saturating_add(1 << (RATE_CUT - 1)) >> RATE_CUT),
        Scale::Mean => mean_code(value),
        Scale::Hundredths => (value * 100.0).round() as i64,
    }
}

fn value(scale: Scale, code: i64) -> f64 {
    match scale {
        Scale::Bits => f64::from(unordered((code << RATE_CUT) as i32)),
        Scale::Mean => mean_value(code),
        Scale::Hundredths => code as f64 / 100.0,
    }
}

fn mean_code(mean: f64) -> i64 {
    if mean.abs() < LEAST_MEAN {
        return 0;
    }
    let steps = ((mean.abs() / LEAST_MEAN).ln() / MEAN_STEP).round() as i64 + 1;
    if mean < 0.0 { -steps } else { steps }
}

fn mean_value(code: i64) -> f64 {
    if code == 0 {
        return 0.0;
    }
    let mean = LEAST_MEAN * ((code.saturating_abs() - 1) as f64 * MEAN_STEP).exp();
    if code < 0 { -mean } else { mean }
}

/// Where a mean is looked for. The extremes are taken as they are read back, so that both sides find the same place.
fn middle_code(scale: Scale, least: f64, most: f64) -> i64 {
    let read_back = |extreme: f64| value(scale, code(scale, extreme));
    mean_code((read_back(least) + read_back(most)) / 2.0)
}

/// Bits of a float as an integer of the same order.
fn ordered(value: f32) -> i32 {
    let bits = value.to_bits() as i32;
    if bits < 0 { bits ^ i32::MAX } else { bits }
}

fn unordered(code: i32) -> f32 {
    f32::from_bits((if code < 0 { code ^ i32::MAX } else { code }) as u32)
}
