//! A chunk: many rows of one host in columns, of which single ones can be read.
//!
//! Layout: version byte, length of the directory (u32, little endian), directory (MessagePack), columns. All numbers are integers (see
//! [`scale`]). Extremes are exact; a mean is right to half of [`Codes::mean_step`], lies between its extremes and is told by how far it
//! is from their middle. What can be guessed (see [`guess`]) is told by how far it is from that.
//!
//! Times, sources, counts and which rows have a value are compressed by `pco` (<https://docs.rs/pco>), values by that or by [`coder`], who
//! takes what is known beside them for a hint (see [`hints`]). The second version had `pco` for all, in groups of like ones instead of
//! hints, and whole names in the directory; the first knew no guesses, no groups and no ways. Both are read, never written.

mod coder;
mod column;
#[cfg(test)]
mod golden;
mod guess;
mod hints;
mod read;
mod scale;
mod steps;
mod way;
mod write;

use crate::row::Stat;
use protocol::metric::{Metric, Series};
pub use read::Chunk;
use scale::Codes;
use serde::{Deserialize, Serialize};
pub use write::encode;

const FIRST_VERSION: u8 = 1;
const SECOND_VERSION: u8 = 2;
const VERSION: u8 = 3;

/// How hard it is tried to be short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// By `pco` alone: some milliseconds for an hour, for what becomes part of a longer chunk soon, or is written while others wait.
    Quick,
    /// By whatever is shortest: some hundred milliseconds for a day.
    Thorough,
}

/// Half of a step is the error of a chunk; rows that come late are joined with a chunk's or rolled up from it into another: twice that is
/// less than 0.1 %. Means of live values are exact, so 0.1 % is kept.
const CODES: Codes = Codes { mean_step: 0.000_99 };
const FIRST_CODES: Codes = Codes { mean_step: 0.000_8 };

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
    /// That of the series; from the third version on the number of its metric, if it has one: see [`short_name`].
    name: String,
    /// Numbers of the rows that have a value; none: all have one.
    present: u32,
    /// What a value's count is short of its row's; none: nothing.
    missing: u32,
    least: u32,
    /// Most less least; none: every row's values are equal.
    width: u32,
    /// Means of the rows that have a width, less the middle of their extremes, in groups of like widths.
    means: u32,
    /// See [`way::Way`]; the first version had one only.
    #[serde(default)]
    way: u8,
}

/// Values of one series, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values {
    pub at_ms: Vec<i64>,
    pub stats: Vec<Stat>,
}

impl Entry {
    fn length(&self) -> usize {
        [self.present, self.missing, self.least, self.width, self.means].iter().map(|length| *length as usize).sum()
    }
}

/// The name of a series in a directory: a hundred chunks of a host have each of them. No other name is a number.
fn short_name(series: &Series) -> String {
    match series {
        Series::Metric(metric) => (*metric as u8).to_string(),
        other => other.to_string(),
    }
}

/// The whole name.
fn whole_name(short: String) -> String {
    let metric = short.parse().ok().and_then(Metric::from_number);
    metric.map_or(short, |metric| metric.name().to_owned())
}

/// Means of like widths have like distances from the middle.
fn class(least: f64, most: f64) -> u32 {
    let steps = CODES.mean_code(most).abs_diff(CODES.mean_code(least));
    u64::BITS - steps.leading_zeros()
}
