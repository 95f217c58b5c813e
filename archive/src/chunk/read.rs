//! Reads chunks of every version.

use super::column::{MALFORMED, unpack, unpack_grouped};
use super::guess::{Fact, Facts, Guess, companions};
use super::hints::{Beside, all};
use super::scale::{Codes, Scale};
use super::steps::{Steps, join};
use super::way::{Way, unit_of};
use super::{CODES, Directory, Entry, FIRST_CODES, FIRST_VERSION, SECOND_VERSION, VERSION, Values, class, coder, whole_name};
use crate::Malformed;
use crate::row::{SampleRow, Stat, source_of};
use protocol::metric::Series;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

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
    /// Rows of which the values are wanted; those behind are anything.
    needed: usize,
    /// Series that were read: one may say something of several others.
    read: RefCell<BTreeMap<Series, Rc<Found>>>,
}

/// Values of one series with the numbers of their rows.
struct Found {
    rows: Vec<usize>,
    stats: Vec<Stat>,
    /// Last values of the windows, where they are known.
    lasts: Vec<f64>,
    /// See [`Fact`]; none: all are zero.
    leans: Vec<i64>,
}

impl<'a> Chunk<'a> {
    /// Reads the directory.
    ///
    /// # Errors
    /// The bytes are no chunk, or one of a later version.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let (&[version @ FIRST_VERSION..=VERSION, a, b, c, d], rest) = bytes.split_first_chunk().ok_or(MALFORMED)? else {
            return Err(MALFORMED);
        };
        let (directory, columns) = rest.split_at_checked(u32::from_le_bytes([a, b, c, d]) as usize).ok_or(MALFORMED)?;
        let mut directory: Directory = rmp_serde::from_slice(directory).map_err(|_| MALFORMED)?;
        if version > SECOND_VERSION {
            for entry in &mut directory.series {
                entry.name = whole_name(std::mem::take(&mut entry.name));
            }
        }
        Ok(Self { version, directory, columns })
    }

    /// Names of its series.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.directory.series.iter().map(|entry| entry.name.as_str())
    }

    /// Values of some series up to before `until_ms`, each `None` where the chunk has none of it. The ends of a long range need little of
    /// a chunk, and columns are read from their beginnings.
    ///
    /// # Errors
    /// The bytes are damaged.
    pub fn read(&self, wanted: &[Series], until_ms: i64) -> Result<Vec<Option<Values>>, Malformed> {
        let mut common = self.common()?;
        if !self.is_whole()? {
            common.needed = common.times.partition_point(|at_ms| *at_ms < until_ms);
        }
        let mut found = Vec::with_capacity(wanted.len());
        for series in wanted {
            found.push(self.series(series, &common)?.map(|found| {
                let times = || found.rows.iter().map(|row| common.times[*row]).take_while(|at_ms| *at_ms < until_ms);
                Values { at_ms: times().collect(), stats: found.stats.iter().zip(times()).map(|(stat, _)| *stat).collect() }
            }));
        }
        Ok(found)
    }

    /// Whether a series can be read only as a whole.
    fn is_whole(&self) -> Result<bool, Malformed> {
        if self.version <= SECOND_VERSION {
            return Ok(true);
        }
        let Directory { times, sources, counts, series, .. } = &self.directory;
        let mut start = *times as usize + *sources as usize + *counts as usize;
        for entry in series {
            start += entry.present as usize + entry.missing as usize;
            for length in [entry.least, entry.width, entry.means] {
                if coder::is_whole(self.bytes(start, length)?) {
                    return Ok(true);
                }
                start += length as usize;
            }
        }
        Ok(false)
    }

    /// All rows.
    ///
    /// # Errors
    /// The bytes are damaged or name a series that this version does not know.
    pub fn rows(&self, host_id: protocol::host::HostId) -> Result<Vec<SampleRow>, Malformed> {
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
            for (row, stat) in found.rows.iter().zip(&found.stats) {
                rows[*row].series.push((series.clone(), *stat));
            }
        }
        Ok(rows)
    }

    fn common(&self) -> Result<Common, Malformed> {
        let directory = &self.directory;
        let steps: Vec<i64> = self.column(0, directory.times)?;
        let counts: Vec<u32> = self.column((directory.times + directory.sources) as usize, directory.counts)?;
        if steps.len() != directory.rows as usize || counts.len() != steps.len() {
            return Err(MALFORMED);
        }
        let times = steps.into_iter().map(|step| step.saturating_mul(directory.step_ms)).collect();
        let needed = counts.len();
        Ok(Common { times, counts, needed, read: RefCell::default() })
    }

    fn bytes(&self, start: usize, length: u32) -> Result<&'a [u8], Malformed> {
        let end = start.checked_add(length as usize).ok_or(MALFORMED)?;
        self.columns.get(start..end).ok_or(MALFORMED)
    }

    fn column<T: pco::data_types::Number>(&self, start: usize, length: u32) -> Result<Vec<T>, Malformed> {
        unpack(self.bytes(start, length)?)
    }

    fn series(&self, series: &Series, common: &Common) -> Result<Option<Rc<Found>>, Malformed> {
        if let Some(found) = common.read.borrow().get(series) {
            return Ok(Some(Rc::clone(found)));
        }
        let Directory { times, sources, counts, .. } = self.directory;
        let mut start = times as usize + sources as usize + counts as usize;
        let name = series.to_string();
        for entry in &self.directory.series {
            if entry.name == name {
                let found = Rc::new(self.entry(series, entry, start, common)?);
                common.read.borrow_mut().insert(series.clone(), Rc::clone(&found));
                return Ok(Some(found));
            }
            start += entry.length();
        }
        Ok(None)
    }

    fn entry(&self, series: &Series, entry: &Entry, mut start: usize, common: &Common) -> Result<Found, Malformed> {
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
        if rows.len() > common.times.len() || rows.iter().any(|row| *row >= common.times.len()) {
            return Err(MALFORMED);
        }
        let needed = rows.partition_point(|row| *row < common.needed);
        let is_flat = width.is_empty();
        let facts = if way.guessed || way.hinted { self.facts(series, common)? } else { Facts::new() };
        let guess = Guess::new(series, &facts, &common.times, is_flat);
        if (way.guessed || way.hinted) && guess.is_none() {
            return Err(MALFORMED);
        }
        let beside = Beside { rows: &rows, others: Some(&facts).filter(|_| way.hinted) };
        let short = |number: usize| missing.get(number).copied().unwrap_or(0);
        let counts: Vec<u32> =
            rows.iter().enumerate().map(|(number, row)| common.counts[*row].saturating_sub(short(number)).max(1)).collect();
        if way.in_steps {
            let steps = self.steps([least, width, means], rows.len(), needed)?;
            let (stats, lasts) = join(codes, &steps, &counts)?.into_iter().unzip();
            return Ok(Found { rows, stats, lasts, leans: Vec::new() });
        }
        let hints = beside.least(is_flat);
        let in_classes = |bytes| match &guess {
            Some(guess) if way.hinted => unpack_grouped(bytes, &rows.iter().map(|row| guess.class(*row)).collect::<Vec<_>>()),
            _ => unpack(bytes),
        };
        let mut least = match self.version {
            ..=SECOND_VERSION if is_flat => in_classes(least)?,
            ..=SECOND_VERSION => unpack(least)?,
            _ => coder::unpack(least, rows.len(), needed, &all(&hints))?,
        };
        if least.len() != rows.len() {
            return Err(MALFORMED);
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
            let rests = match self.version {
                ..=SECOND_VERSION => unpack_grouped(means, &least.iter().map(|units| u32::from(*units != 0)).collect::<Vec<_>>())?,
                _ => coder::unpack(means, least.len(), needed, &[&least.iter().map(|units| coder::size(*units)).collect::<Vec<_>>()])?,
            };
            for ((code, rest), count) in least.iter_mut().zip(rests).zip(&counts) {
                *code = rest.saturating_add(codes.mean_code(*code as f64 * (unit / f64::from(*count))));
            }
        }
        let width = match self.version {
            _ if is_flat => Vec::new(),
            ..=SECOND_VERSION => in_classes(width)?,
            _ => coder::unpack(width, rows.len(), needed, &all(&beside.width(codes, way.scale, &least)))?,
        };
        if !is_flat && width.len() != rows.len() {
            return Err(MALFORMED);
        }
        let mut stats = Vec::with_capacity(least.len());
        for (number, (least, count)) in least.iter().zip(counts).enumerate() {
            let other = width.get(number).copied().unwrap_or(if way.tells_most { *least } else { 0 });
            let most = if way.tells_most { other } else { least.saturating_add(other) };
            let (low, high) = (codes.value(way.scale, *least), codes.value(way.scale, most));
            // No number is nothing that was ever written.
            if low.is_nan() || high.is_nan() {
                return Err(MALFORMED);
            }
            stats.push(Stat { count, mean: low, least: low, most: high.max(low) });
        }
        let leans = if is_flat { Vec::new() } else { self.add_means(codes, means, &mut stats, needed, &beside)? };
        Ok(Found { rows, stats, lasts: Vec::new(), leans })
    }

    fn steps(&self, [first, second, tags]: [&[u8]; 3], count: usize, needed: usize) -> Result<Steps, Malformed> {
        if self.version <= SECOND_VERSION {
            return Ok(Steps { first: unpack(first)?, second: unpack(second)?, tags: unpack(tags)? });
        }
        let first = coder::unpack(first, count, needed, &[])?;
        let beside: Vec<u32> = first.iter().map(|step| coder::size(*step)).collect();
        let second = coder::unpack(second, count, needed, &[&beside])?;
        Ok(Steps { first, second, tags: coder::unpack(tags, count, needed, &[])? })
    }

    /// What is known of the series that say something of this one.
    fn facts(&self, series: &Series, common: &Common) -> Result<Facts, Malformed> {
        let all: Vec<Series> = self.names().filter_map(|name| name.parse().ok()).collect();
        let mut facts = Facts::new();
        for other in companions(series, all.iter()) {
            let mut by_row = vec![None; common.times.len()];
            if let Some(found) = self.series(&other, common)? {
                for (number, (row, stat)) in found.rows.iter().zip(&found.stats).enumerate() {
                    let mean = found.lasts.get(number).copied().unwrap_or(stat.mean);
                    by_row[*row] = Some(Fact { stat: Stat { mean, ..*stat }, lean: found.leans.get(number).copied().unwrap_or(0) });
                }
            }
            facts.push(by_row);
        }
        Ok(facts)
    }

    /// Means of the values that have a width; answers how far each is from the middle of its extremes.
    fn add_means(&self, codes: Codes, bytes: &[u8], stats: &mut [Stat], needed: usize, beside: &Beside) -> Result<Vec<i64>, Malformed> {
        let wide: Vec<usize> = (0..stats.len()).filter(|number| stats[*number].least != stats[*number].most).collect();
        let means = match self.version {
            FIRST_VERSION => unpack(bytes)?,
            SECOND_VERSION => {
                unpack_grouped(bytes, &wide.iter().map(|number| class(stats[*number].least, stats[*number].most)).collect::<Vec<_>>())?
            }
            _ => {
                let needed_wide = wide.partition_point(|number| *number < needed);
                coder::unpack(bytes, wide.len(), needed_wide, &all(&beside.means(stats, &wide)))?
            }
        };
        // Which of the rows are wide that are not needed is not known.
        if means.len() != wide.len() && needed == stats.len() {
            return Err(MALFORMED);
        }
        let mut leans = vec![0; stats.len()];
        for (number, mean) in wide.into_iter().zip(means) {
            let stat = &mut stats[number];
            let code = codes.mean_code((stat.least + stat.most) / 2.0).saturating_add(mean);
            stat.mean = codes.mean_value(code).clamp(stat.least, stat.most);
            leans[number] = mean;
        }
        Ok(leans)
    }
}
