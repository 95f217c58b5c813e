//! What is known beside a number of a column and says how large it may be: the row's other columns, and other series.
//!
//! Reader and writer must find the same hints on every machine. So they are made of integers, and of floats that are the same everywhere:
//! hundredths and rates are exact, and a mean is never so near to a border of [`level`] that its last bit would matter.

use super::coder::{level, size};
use super::guess::{Fact, Facts};
use super::scale::{Codes, Scale};
use crate::row::Stat;

/// What stands beside the columns of one series.
pub struct Beside<'a> {
    pub rows: &'a [usize],
    /// Those of [`super::guess::companions`], if they are to say anything.
    pub others: Option<&'a Facts>,
}

impl Beside<'_> {
    /// For the least, or the value where no row has a width.
    pub fn least(&self, is_flat: bool) -> Vec<Vec<u32>> {
        let Some(others) = self.others else { return Vec::new() };
        let value = |fact: Fact| if is_flat { fact.stat.mean } else { fact.stat.least };
        let sum = |row: &usize| others.iter().filter_map(|facts| facts.get(*row).copied().flatten()).map(value).sum();
        vec![self.rows.iter().map(|row| level(sum(row))).collect()]
    }

    /// For the width or the most.
    pub fn width(&self, codes: Codes, scale: Scale, least: &[i64]) -> Vec<Vec<u32>> {
        let low: Vec<u32> = least.iter().map(|code| level(codes.value(scale, *code))).collect();
        let beside = self.other(0, |fact| level(fact.stat.most)).unwrap_or_else(|| low.iter().skip(1).copied().chain([0]).collect());
        vec![low, beside]
    }

    /// For the means of the rows that have a width, which are `wide`; `stats` are those of all rows.
    pub fn means(&self, stats: &[Stat], wide: &[usize]) -> Vec<Vec<u32>> {
        let share = |stat: &Stat| level((stat.most - stat.least) / (stat.most + stat.least));
        let beside = self.other(0, |fact| size(fact.lean)).unwrap_or_else(|| stats.iter().map(|stat| level(stat.least)).collect());
        let shares = wide.iter().map(|number| share(&stats[*number])).collect();
        vec![shares, wide.iter().map(|number| beside[*number]).collect()]
    }

    /// What another series says of each row; zero where it has no value.
    fn other(&self, place: usize, hint: impl Fn(Fact) -> u32) -> Option<Vec<u32>> {
        let facts = self.others?.get(place)?;
        Some(self.rows.iter().map(|row| facts.get(*row).copied().flatten().map_or(0, &hint)).collect())
    }
}

/// Hints as the coder takes them.
pub fn all(hints: &[Vec<u32>]) -> Vec<&[u32]> {
    hints.iter().map(Vec::as_slice).collect()
}
