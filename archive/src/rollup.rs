//! Coarse rows from fine ones.

use crate::row::{SampleRow, Stat};
use crate::tier::{Tier, start_of};
use std::collections::BTreeMap;

/// Rows of a tier from rows of a finer one (or of the same), sorted by time.
pub fn roll_up(tier: &Tier, rows: &[SampleRow]) -> Vec<SampleRow> {
    let mut coarse: Vec<SampleRow> = Vec::new();
    let mut stats: BTreeMap<_, Stat> = BTreeMap::new();
    let close = |coarse: &mut Vec<SampleRow>, stats: &mut BTreeMap<_, Stat>| {
        if let Some(last) = coarse.last_mut() {
            last.series = std::mem::take(stats).into_iter().collect();
        }
    };
    for row in rows {
        let at_ms = start_of(row.at_ms, tier.step_ms);
        if coarse.last().is_none_or(|last| last.at_ms != at_ms) {
            close(&mut coarse, &mut stats);
            coarse.push(SampleRow { at_ms, series: Vec::new(), ..row.clone() });
        }
        for (series, stat) in &row.series {
            stats.entry(series.clone()).and_modify(|sum| *sum = sum.with(*stat)).or_insert(*stat);
        }
    }
    close(&mut coarse, &mut stats);
    coarse
}
