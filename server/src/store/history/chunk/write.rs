//! Writes chunks.

use super::column::{MALFORMED, pack, pack_grouped};
use super::guess::{Guess, companions};
use super::scale::Scale;
use super::steps::{Steps, divide, is_stepped, join};
use super::way::{Way, unit_of};
use super::{CODES, Directory, Entry, VERSION, class};
use crate::store::StoreError;
use crate::store::history::row::{SampleRow, Stat, source_number};
use crate::store::history::tier::WINDOW_MS;
use protocol::metric::Series;
use std::collections::BTreeMap;

/// One series while it is written: numbers of its rows and what is told of them.
struct Told<'a> {
    rows: Vec<u32>,
    stats: Vec<&'a Stat>,
    scale: Scale,
    steps: Option<Steps>,
}

/// Compresses rows of one host: sorted by time, no time twice, all multiples of `step_ms`.
///
/// # Errors
/// The codec refuses, which it does for no integers.
pub fn encode(step_ms: i64, rows: &[SampleRow]) -> Result<Vec<u8>, StoreError> {
    let counts: Vec<u32> = rows.iter().map(|row| row.series.iter().map(|(_, stat)| stat.count).max().unwrap_or(0)).collect();
    let mut series: BTreeMap<&Series, Told> = BTreeMap::new();
    for (number, row) in rows.iter().enumerate() {
        for (key, stat) in &row.series {
            let told = series.entry(key).or_insert_with(|| Told { rows: Vec::new(), stats: Vec::new(), scale: Scale::Mean, steps: None });
            told.rows.push(number as u32);
            told.stats.push(stat);
        }
    }
    for (key, told) in &mut series {
        told.scale = Scale::of(key, told.stats.iter().copied());
        if step_ms == WINDOW_MS && is_stepped(key) {
            told.steps = divide(CODES, &told.stats);
        }
    }
    let steps: Vec<i64> = rows.iter().map(|row| row.at_ms.div_euclid(step_ms)).collect();
    let times: Vec<i64> = steps.iter().map(|step| step * step_ms).collect();
    let sources: Vec<u32> = rows.iter().map(|row| u32::from(source_number(row.source))).collect();
    let mut columns = Vec::new();
    let mut push = |bytes: Vec<u8>| {
        columns.extend(&bytes);
        bytes.len() as u32
    };
    let mut directory = Directory {
        step_ms,
        rows: rows.len() as u32,
        times: push(pack(&steps)?),
        sources: push(pack(&sources)?),
        counts: push(pack(&counts)?),
        series: Vec::with_capacity(series.len()),
    };
    for (key, told) in &series {
        let others = companions(key, series.keys().copied());
        let from = others.iter().map(|other| by_row(series.get(other), rows.len())).collect::<Result<_, _>>()?;
        let all = told.stats.len() == rows.len();
        let missing: Vec<u32> = told.rows.iter().zip(&told.stats).map(|(number, stat)| counts[*number as usize] - stat.count).collect();
        let columns = told.columns(key, from, &times)?;
        directory.series.push(Entry {
            name: key.to_string(),
            present: push(if all { Vec::new() } else { pack(&told.rows)? }),
            missing: push(if missing.iter().all(|missing| *missing == 0) { Vec::new() } else { pack(&missing)? }),
            least: push(columns.least),
            width: push(columns.width),
            means: push(columns.means),
            way: columns.way.number(),
        });
    }
    let directory = rmp_serde::to_vec(&directory).map_err(|_| MALFORMED)?;
    let mut bytes = vec![VERSION];
    bytes.extend((directory.len() as u32).to_le_bytes());
    bytes.extend(directory);
    bytes.append(&mut columns);
    Ok(bytes)
}

/// A series' values as they are read back, by the number of their row; of one in steps, the last values stand for the means.
fn by_row(told: Option<&Told>, rows: usize) -> Result<Vec<Option<Stat>>, StoreError> {
    let mut found = vec![None; rows];
    let Some(told) = told else { return Ok(found) };
    if let Some(steps) = &told.steps {
        let counts: Vec<u32> = told.stats.iter().map(|stat| stat.count).collect();
        for (number, (stat, last)) in told.rows.iter().zip(join(CODES, steps, &counts)?) {
            found[*number as usize] = Some(Stat { mean: last, ..stat });
        }
        return Ok(found);
    }
    for (number, stat) in told.rows.iter().zip(told.read_back()) {
        found[*number as usize] = Some(stat);
    }
    Ok(found)
}

/// In groups of classes, if that is shorter than `plain`; says whether it is.
fn pack_shorter(numbers: &[i64], classes: Option<&[u32]>, plain: Vec<u8>) -> Result<(Vec<u8>, bool), StoreError> {
    let Some(classes) = classes else { return Ok((plain, false)) };
    let grouped = pack_grouped(numbers, classes)?;
    Ok(if grouped.len() < plain.len() { (grouped, true) } else { (plain, false) })
}

/// Compressed columns of one series.
struct Packed {
    least: Vec<u8>,
    width: Vec<u8>,
    means: Vec<u8>,
    way: Way,
}

impl Told<'_> {
    fn read_back(&self) -> impl Iterator<Item = Stat> {
        self.stats.iter().map(|stat| {
            let least = CODES.read_back(self.scale, stat.least);
            let most = CODES.read_back(self.scale, stat.most).max(least);
            let mean = if least == most { least } else { CODES.mean_value(CODES.mean_code(stat.mean)).clamp(least, most) };
            Stat { count: stat.count, mean, least, most }
        })
    }

    /// Tries the ways that may be shorter.
    fn columns(&self, key: &Series, companions: Vec<Vec<Option<Stat>>>, times: &[i64]) -> Result<Packed, StoreError> {
        let scale = self.scale;
        if let Some(Steps { first, second, tags }) = &self.steps {
            let way = Way { in_steps: true, ..Way::plain(scale) };
            return Ok(Packed { least: pack(first)?, width: pack(second)?, means: pack(tags)?, way });
        }
        let least: Vec<i64> = self.stats.iter().map(|stat| CODES.code(scale, stat.least)).collect();
        let most: Vec<i64> = self.stats.iter().map(|stat| CODES.code(scale, stat.most.max(stat.least))).collect();
        let width: Vec<i64> = most.iter().zip(&least).map(|(most, least)| most - least).collect();
        let is_flat = width.iter().all(|width| *width == 0);
        let mut packed = Packed { least: pack(&least)?, width: Vec::new(), means: Vec::new(), way: Way::plain(scale) };
        let mut classes: Option<Vec<u32>> = None;
        match Guess::new(key, companions, times, is_flat) {
            Some(guess) if guess.is_classed() => classes = Some(self.rows.iter().map(|row| guess.class(*row as usize)).collect()),
            Some(guess) => self.try_guess(&guess, &least, &mut packed)?,
            None => {}
        }
        if is_flat {
            (packed.least, packed.way.grouped) = pack_shorter(&least, classes.as_deref(), packed.least)?;
            self.try_units(key, &least, classes.as_deref(), &mut packed)?;
            return Ok(packed);
        }
        (packed.width, packed.way.grouped) = pack_shorter(&width, classes.as_deref(), pack(&width)?)?;
        if scale == Scale::Hundredths {
            let most = pack(&most)?;
            if most.len() < packed.width.len() {
                (packed.width, packed.way.tells_most, packed.way.grouped) = (most, true, false);
            }
        }
        let (mut means, mut classes) = (Vec::new(), Vec::new());
        for (stat, back) in self.stats.iter().zip(self.read_back()).filter(|(_, back)| back.least != back.most) {
            means.push(CODES.mean_code(stat.mean) - CODES.mean_code((back.least + back.most) / 2.0));
            classes.push(class(back.least, back.most));
        }
        packed.means = pack_grouped(&means, &classes)?;
        Ok(packed)
    }

    fn try_guess(&self, guess: &Guess, least: &[i64], packed: &mut Packed) -> Result<(), StoreError> {
        let mut before = None;
        let differences = self.rows.iter().zip(least).map(|(row, code)| {
            let guessed = CODES.code(self.scale, guess.least(*row as usize, before));
            before = Some((*row as usize, CODES.value(self.scale, *code)));
            code - guessed
        });
        let guessed = pack(&differences.collect::<Vec<_>>())?;
        if guessed.len() < packed.least.len() {
            (packed.least, packed.way.guessed) = (guessed, true);
        }
        Ok(())
    }

    fn try_units(&self, key: &Series, codes: &[i64], classes: Option<&[u32]>, packed: &mut Packed) -> Result<(), StoreError> {
        let Some(unit) = unit_of(key).filter(|_| self.scale == Scale::Mean) else { return Ok(()) };
        let share = |stat: &Stat| unit / f64::from(stat.count.max(1));
        let units: Vec<i64> = self.stats.iter().map(|stat| (stat.mean / share(stat)).round() as i64).collect();
        let rests = codes.iter().zip(&units).zip(&self.stats);
        let rests: Vec<i64> = rests.map(|((code, units), stat)| code - CODES.mean_code(*units as f64 * share(stat))).collect();
        let is_any: Vec<u32> = units.iter().map(|units| u32::from(*units != 0)).collect();
        let ((least, grouped), means) = (pack_shorter(&units, classes, pack(&units)?)?, pack_grouped(&rests, &is_any)?);
        if least.len() + means.len() < packed.least.len() {
            *packed = Packed { least, means, width: Vec::new(), way: Way { in_units: true, grouped, ..Way::plain(self.scale) } };
        }
        Ok(())
    }
}
