//! Reads chunks of every version.

use super::column::{MALFORMED, unpack, unpack_grouped};
use super::guess::{Guess, companions};
use super::scale::{Codes, Scale};
use super::steps::{Steps, join};
use super::way::{Way, unit_of};
use super::{CODES, Directory, Entry, FIRST_CODES, FIRST_VERSION, VERSION, Values, class};
use crate::store::StoreError;
use crate::store::history::row::{SampleRow, Stat, source_of};
use protocol::metric::Series;

/// An opened chunk.
pub struct Chunk<'a> {
    version: u8,
    directory: Directory,
    columns: &'a [u8],
}

/// What all series of a chunk have in common.
struct Common {
    times: Vec<i64>,
    counts: Vec<u32>,
}

/// Values of one series with the numbers of their rows.
struct Found {
    rows: Vec<usize>,
    stats: Vec<Stat>,
    /// Last values of the windows, where they are known.
    lasts: Vec<f64>,
}

impl<'a> Chunk<'a> {
    /// Reads the directory.
    ///
    /// # Errors
    /// The bytes are no chunk, or one of a later version.
    pub fn open(bytes: &'a [u8]) -> Result<Self, StoreError> {
        let (&[version @ FIRST_VERSION..=VERSION, a, b, c, d], rest) = bytes.split_first_chunk().ok_or(MALFORMED)? else {
            return Err(MALFORMED);
        };
        let (directory, columns) = rest.split_at_checked(u32::from_le_bytes([a, b, c, d]) as usize).ok_or(MALFORMED)?;
        let directory: Directory = rmp_serde::from_slice(directory).map_err(|_| MALFORMED)?;
        Ok(Self { version, directory, columns })
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
        let common = self.common()?;
        let mut found = Vec::with_capacity(wanted.len());
        for series in wanted {
            let values = self.series(series, &common)?;
            found
                .push(values.map(|Found { rows, stats, .. }| Values { at_ms: rows.iter().map(|row| common.times[*row]).collect(), stats }));
        }
        Ok(found)
    }

    /// All rows.
    ///
    /// # Errors
    /// The bytes are damaged or name a series that this version does not know.
    pub fn rows(&self, host_id: protocol::host::HostId) -> Result<Vec<SampleRow>, StoreError> {
        let common = self.common()?;
        let sources: Vec<u32> = self.column(self.directory.times as usize, self.directory.sources)?;
        if sources.len() != common.times.len() {
            return Err(MALFORMED);
        }
        let mut rows = Vec::with_capacity(common.times.len());
        for (at_ms, source) in common.times.iter().zip(sources) {
            rows.push(SampleRow { host_id, at_ms: *at_ms, source: source_of(i64::from(source))?, series: Vec::new() });
        }
        for name in self.names() {
            let series: Series = name.parse().map_err(|_| MALFORMED)?;
            let found = self.series(&series, &common)?.ok_or(MALFORMED)?;
            for (row, stat) in found.rows.into_iter().zip(found.stats) {
                rows[row].series.push((series.clone(), stat));
            }
        }
        Ok(rows)
    }

    fn common(&self) -> Result<Common, StoreError> {
        let directory = &self.directory;
        let steps: Vec<i64> = self.column(0, directory.times)?;
        let counts: Vec<u32> = self.column((directory.times + directory.sources) as usize, directory.counts)?;
        if steps.len() != directory.rows as usize || counts.len() != steps.len() {
            return Err(MALFORMED);
        }
        Ok(Common { times: steps.into_iter().map(|step| step.saturating_mul(directory.step_ms)).collect(), counts })
    }

    fn bytes(&self, start: usize, length: u32) -> Result<&'a [u8], StoreError> {
        let end = start.checked_add(length as usize).ok_or(MALFORMED)?;
        self.columns.get(start..end).ok_or(MALFORMED)
    }

    fn column<T: pco::data_types::Number>(&self, start: usize, length: u32) -> Result<Vec<T>, StoreError> {
        unpack(self.bytes(start, length)?)
    }

    fn series(&self, series: &Series, common: &Common) -> Result<Option<Found>, StoreError> {
        let Directory { times, sources, counts, .. } = self.directory;
        let mut start = times as usize + sources as usize + counts as usize;
        let name = series.to_string();
        for entry in &self.directory.series {
            if entry.name == name {
                return self.entry(series, entry, start, common).map(Some);
            }
            start += entry.length();
        }
        Ok(None)
    }

    fn entry(&self, series: &Series, entry: &Entry, mut start: usize, common: &Common) -> Result<Found, StoreError> {
        let mut next = |length: u32| {
            start += length as usize;
            self.bytes(start - length as usize, length)
        };
        let present: Vec<u32> = unpack(next(entry.present)?)?;
        let missing: Vec<u32> = unpack(next(entry.missing)?)?;
        let (least, width, means) = (next(entry.least)?, next(entry.width)?, next(entry.means)?);
        let (codes, way) = match self.version {
            FIRST_VERSION => (FIRST_CODES, Way::plain(Scale::of_first_version(series))),
            _ => (CODES, Way::of_number(entry.way).ok_or(MALFORMED)?),
        };
        let rows: Vec<usize> = match entry.present {
            0 => (0..common.times.len()).collect(),
            _ => present.into_iter().map(|row| row as usize).collect(),
        };
        if rows.iter().any(|row| *row >= common.times.len()) {
            return Err(MALFORMED);
        }
        let is_flat = width.is_empty();
        let guess = if way.guessed || way.grouped { Some(self.guess(series, is_flat, common)?) } else { None };
        let classed = |bytes, wanted: bool| match &guess {
            Some(guess) if way.grouped && wanted => unpack_grouped(bytes, &rows.iter().map(|row| guess.class(*row)).collect::<Vec<_>>()),
            _ => unpack(bytes),
        };
        let (mut least, width): (Vec<i64>, Vec<i64>) = (classed(least, is_flat)?, classed(width, !is_flat)?);
        if least.len() != rows.len() || (!is_flat && width.len() != rows.len()) {
            return Err(MALFORMED);
        }
        let short = |number: usize| missing.get(number).copied().unwrap_or(0);
        let counts: Vec<u32> =
            rows.iter().enumerate().map(|(number, row)| common.counts[*row].saturating_sub(short(number)).max(1)).collect();
        if way.in_steps {
            let steps = Steps { first: least, second: width, tags: unpack(means)? };
            let (stats, lasts) = join(codes, &steps, &counts)?.into_iter().unzip();
            return Ok(Found { rows, stats, lasts });
        }
        if let Some(guess) = guess.as_ref().filter(|_| way.guessed) {
            let mut before = None;
            for (row, code) in rows.iter().zip(&mut least) {
                *code = code.saturating_add(codes.code(way.scale, guess.least(*row, before)));
                before = Some((*row, codes.value(way.scale, *code)));
            }
        }
        if way.in_units {
            let unit = unit_of(series).ok_or(MALFORMED)?;
            let classes: Vec<u32> = least.iter().map(|units| u32::from(*units != 0)).collect();
            for ((code, rest), count) in least.iter_mut().zip(unpack_grouped(means, &classes)?).zip(&counts) {
                *code = rest.saturating_add(codes.mean_code(*code as f64 * (unit / f64::from(*count))));
            }
        }
        let mut stats = Vec::with_capacity(least.len());
        for (number, (least, count)) in least.iter().zip(counts).enumerate() {
            let other = width.get(number).copied().unwrap_or(if way.tells_most { *least } else { 0 });
            let most = if way.tells_most { other } else { least.saturating_add(other) };
            let low = codes.value(way.scale, *least);
            stats.push(Stat { count, mean: low, least: low, most: codes.value(way.scale, most).max(low) });
        }
        if !is_flat {
            self.add_means(codes, means, &mut stats)?;
        }
        Ok(Found { rows, stats, lasts: Vec::new() })
    }

    fn guess<'b>(&self, series: &'b Series, is_flat: bool, common: &'b Common) -> Result<Guess<'b>, StoreError> {
        let all: Vec<Series> = self.names().filter_map(|name| name.parse().ok()).collect();
        let mut from = Vec::new();
        for other in companions(series, all.iter()) {
            let mut by_row = vec![None; common.times.len()];
            if let Some(found) = self.series(&other, common)? {
                for (number, (row, stat)) in found.rows.into_iter().zip(found.stats).enumerate() {
                    by_row[row] = Some(Stat { mean: found.lasts.get(number).copied().unwrap_or(stat.mean), ..stat });
                }
            }
            from.push(by_row);
        }
        Guess::new(series, from, &common.times, is_flat).ok_or(MALFORMED)
    }

    /// Means of the values that have a width.
    fn add_means(&self, codes: Codes, bytes: &[u8], stats: &mut [Stat]) -> Result<(), StoreError> {
        let wide: Vec<&mut Stat> = stats.iter_mut().filter(|stat| stat.least != stat.most).collect();
        let means = match self.version {
            FIRST_VERSION => unpack(bytes)?,
            _ => unpack_grouped(bytes, &wide.iter().map(|stat| class(stat.least, stat.most)).collect::<Vec<_>>())?,
        };
        if means.len() != wide.len() {
            return Err(MALFORMED);
        }
        for (stat, mean) in wide.into_iter().zip(means) {
            let code = codes.mean_code((stat.least + stat.most) / 2.0).saturating_add(mean);
            stat.mean = codes.mean_value(code).clamp(stat.least, stat.most);
        }
        Ok(())
    }
}
