//! Writes chunks.

use super::coder::{self, Draft};
use super::column::{MALFORMED, pack};
use super::guess::{Fact, Facts, Guess, companions};
use super::hints::Beside;
use super::scale::Scale;
use super::steps::{Steps, divide, is_stepped, join};
use super::way::{Way, unit_of};
use super::{CODES, Directory, Effort, Entry, VERSION, short_name};
use crate::Malformed;
use crate::row::{SampleRow, Stat, source_number};
use crate::tier::WINDOW_MS;
use protocol::metric::Series;
use std::collections::BTreeMap;

/// One series while it is written: numbers of its rows and what is told of them.
struct Told<'a> {
    rows: Vec<u32>,
    stats: Vec<&'a Stat>,
    scale: Scale,
    steps: Option<Steps>,
    effort: Effort,
}

/// Compresses rows of one host: sorted by time, no time twice, all multiples of `step_ms`.
///
/// # Errors
/// The codec refuses, which it does for no integers.
pub fn encode(step_ms: i64, rows: &[SampleRow], effort: Effort) -> Result<Vec<u8>, Malformed> {
    let counts: Vec<u32> = rows.iter().map(|row| row.series.iter().map(|(_, stat)| stat.count).max().unwrap_or(0)).collect();
    let mut series: BTreeMap<&Series, Told> = BTreeMap::new();
    for (number, row) in rows.iter().enumerate() {
        for (key, stat) in &row.series {
            let told =
                series.entry(key).or_insert_with(|| Told { rows: Vec::new(), stats: Vec::new(), scale: Scale::Mean, steps: None, effort });
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
        let facts = others.iter().map(|other| by_row(series.get(other), rows.len())).collect::<Result<_, _>>()?;
        let all = told.stats.len() == rows.len();
        let missing: Vec<u32> = told.rows.iter().zip(&told.stats).map(|(number, stat)| counts[*number as usize] - stat.count).collect();
        let columns = told.columns(key, &facts, &times)?;
        directory.series.push(Entry {
            name: short_name(key),
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
fn by_row(told: Option<&Told>, rows: usize) -> Result<Vec<Option<Fact>>, Malformed> {
    let mut found = vec![None; rows];
    let Some(told) = told else { return Ok(found) };
    if let Some(steps) = &told.steps {
        let counts: Vec<u32> = told.stats.iter().map(|stat| stat.count).collect();
        for (number, (stat, last)) in told.rows.iter().zip(join(CODES, steps, &counts)?) {
            found[*number as usize] = Some(Fact { stat: Stat { mean: last, ..stat }, lean: 0 });
        }
        return Ok(found);
    }
    for ((number, stat), back) in told.rows.iter().zip(&told.stats).zip(told.read_back()) {
        found[*number as usize] = Some(Fact { stat: back, lean: if back.least == back.most { 0 } else { lean(stat, &back) } });
    }
    Ok(found)
}

/// How far a mean is from the middle of the extremes that are read back.
fn lean(stat: &Stat, back: &Stat) -> i64 {
    CODES.mean_code(stat.mean) - CODES.mean_code((back.least + back.most) / 2.0)
}

/// Compressed columns of one series.
struct Packed {
    least: Vec<u8>,
    width: Vec<u8>,
    means: Vec<u8>,
    way: Way,
}

/// Columns of one series that may be told.
struct Drafts {
    columns: [Draft; 3],
    way: Way,
}

impl Drafts {
    fn size(&self) -> usize {
        self.columns.iter().map(Draft::size).sum()
    }

    fn pack(&self) -> Result<Packed, Malformed> {
        let [least, width, means] = &self.columns;
        Ok(Packed { least: least.pack()?, width: width.pack()?, means: means.pack()?, way: self.way })
    }
}

fn nothing() -> Draft {
    Draft::new(Vec::new(), Vec::new(), Effort::Quick)
}

/// The codes of one series.
struct Numbers {
    least: Vec<i64>,
    most: Vec<i64>,
    is_flat: bool,
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

    fn draft(&self, numbers: Vec<i64>, hints: Vec<Vec<u32>>) -> Draft {
        Draft::new(numbers, hints, self.effort)
    }

    /// Tries the ways that may be shorter.
    fn columns(&self, key: &Series, facts: &Facts, times: &[i64]) -> Result<Packed, Malformed> {
        let scale = self.scale;
        if let Some(Steps { first, second, tags }) = &self.steps {
            let way = Way { in_steps: true, ..Way::plain(scale) };
            let beside: Vec<u32> = first.iter().map(|step| coder::size(*step)).collect();
            let columns = [(first, vec![]), (second, vec![beside]), (tags, vec![])];
            return Drafts { columns: columns.map(|(numbers, hints)| Draft::new(numbers.clone(), hints, self.effort)), way }.pack();
        }
        let least: Vec<i64> = self.stats.iter().map(|stat| CODES.code(scale, stat.least)).collect();
        let most: Vec<i64> = self.stats.iter().map(|stat| CODES.code(scale, stat.most.max(stat.least))).collect();
        let numbers = Numbers { is_flat: least == most, least, most };
        let rows: Vec<usize> = self.rows.iter().map(|row| *row as usize).collect();
        let guess = Guess::new(key, facts, times, numbers.is_flat).filter(|guess| !guess.is_classed());
        let mut best = self.drafts(key, &numbers, guess.as_ref(), &Beside { rows: &rows, others: None });
        if !facts.is_empty() {
            let hinted = self.drafts(key, &numbers, guess.as_ref(), &Beside { rows: &rows, others: Some(facts) });
            if hinted.size() < best.size() {
                best = Drafts { way: Way { hinted: true, ..hinted.way }, ..hinted };
            }
        }
        best.pack()
    }

    fn drafts(&self, key: &Series, numbers: &Numbers, guess: Option<&Guess>, beside: &Beside) -> Drafts {
        let (scale, hints) = (self.scale, beside.least(numbers.is_flat));
        let (mut least, mut way) = (self.draft(numbers.least.clone(), hints.clone()), Way::plain(scale));
        if let Some(guess) = guess {
            let guessed = self.draft(self.guessed(guess, &numbers.least), hints.clone());
            if guessed.size() < least.size() {
                (least, way.guessed) = (guessed, true);
            }
        }
        if numbers.is_flat {
            let drafts = Drafts { columns: [least, nothing(), nothing()], way };
            let in_units = self.in_units(key, &numbers.least, hints);
            return in_units.filter(|in_units| in_units.size() < drafts.size()).unwrap_or(drafts);
        }
        let hints = beside.width(CODES, scale, &numbers.least);
        let widths = numbers.most.iter().zip(&numbers.least).map(|(most, least)| most - least).collect();
        let (mut width, most) = (self.draft(widths, hints.clone()), self.draft(numbers.most.clone(), hints));
        if most.size() < width.size() {
            (width, way.tells_most) = (most, true);
        }
        let backs: Vec<Stat> = self.read_back().collect();
        let wide: Vec<usize> = (0..backs.len()).filter(|number| backs[*number].least != backs[*number].most).collect();
        let leans = wide.iter().map(|number| lean(self.stats[*number], &backs[*number])).collect();
        let means = self.draft(leans, beside.means(&backs, &wide));
        Drafts { columns: [least, width, means], way }
    }

    fn guessed(&self, guess: &Guess, least: &[i64]) -> Vec<i64> {
        let mut before = None;
        let differences = self.rows.iter().zip(least).map(|(row, code)| {
            let guessed = CODES.code(self.scale, guess.least(*row as usize, before));
            before = Some((*row as usize, CODES.value(self.scale, *code)));
            code - guessed
        });
        differences.collect()
    }

    fn in_units(&self, key: &Series, codes: &[i64], hints: Vec<Vec<u32>>) -> Option<Drafts> {
        let unit = unit_of(key).filter(|_| self.scale == Scale::Mean)?;
        let share = |stat: &Stat| unit / f64::from(stat.count.max(1));
        let units: Vec<i64> = self.stats.iter().map(|stat| (stat.mean / share(stat)).round() as i64).collect();
        let rests = codes.iter().zip(&units).zip(&self.stats);
        let rests = rests.map(|((code, units), stat)| code - CODES.mean_code(*units as f64 * share(stat))).collect();
        let sizes = units.iter().map(|units| coder::size(*units)).collect();
        let columns = [self.draft(units, hints), nothing(), self.draft(rests, vec![sizes])];
        Some(Drafts { columns, way: Way { in_units: true, ..Way::plain(self.scale) } })
    }
}
