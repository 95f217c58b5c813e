//! Beats become rows of ten seconds, by the rules of the pipeline's windows (`server/src/pipeline/window.rs`), which need whole snapshots.

use super::machine::{FIGURES, Machine};
use protocol::beat::BEAT_MS;
use protocol::host::{HostId, Source};
use protocol::metric::{Kept, Series};
use tactus::store::{SampleRow, Stat, WINDOW_MS};

/// Rows of a machine from `from_ms` to before `to_ms`, both multiples of [`WINDOW_MS`].
pub fn windows(machine: &mut Machine, host_id: HostId, from_ms: i64, to_ms: i64) -> Vec<SampleRow> {
    let series = Machine::series();
    let mut rows = Vec::with_capacity(((to_ms - from_ms) / WINDOW_MS).max(0) as usize);
    for at_ms in (from_ms..to_ms).step_by(WINDOW_MS as usize) {
        rows.extend(window(machine, host_id, at_ms, &series));
    }
    rows
}

fn window(machine: &mut Machine, host_id: HostId, at_ms: i64, names: &[Series]) -> Option<SampleRow> {
    let mut stats: [Option<Stat>; FIGURES] = [None; FIGURES];
    let mut any = false;
    for beat_ms in (at_ms..at_ms + WINDOW_MS).step_by(BEAT_MS as usize) {
        let Some(figures) = machine.beat(beat_ms) else { continue };
        any = true;
        for ((stat, figure), series) in stats.iter_mut().zip(figures).zip(names) {
            let Some(value) = figure else { continue };
            let one = Stat::of(value);
            *stat = Some(match (*stat, series.kept()) {
                (None, _) => one,
                (Some(before), Kept::Last) => Stat { count: before.count + 1, ..one },
                (Some(before), _) => before.with(one),
            });
        }
    }
    let kept = |(series, stat): (&Series, Option<Stat>)| {
        let stat = stat?;
        let stat = if series.kept() == Kept::Mean { Stat { count: stat.count, ..Stat::of(stat.mean) } } else { stat };
        Some((series.clone(), stat))
    };
    any.then(|| SampleRow { host_id, at_ms, source: Source::Agent, series: names.iter().zip(stats).filter_map(kept).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_has_the_same_past_each_time_and_rows_like_the_pipelines() {
        let from_ms = 1_767_225_600_000;
        let day = || windows(&mut Machine::new(3), 3, from_ms, from_ms + 86_400_000);
        let rows = day();
        assert_eq!(rows, day());
        assert!((8_400..=8_640).contains(&rows.len()), "{} rows", rows.len());
        assert!(rows.is_sorted_by(|left, right| left.at_ms < right.at_ms));
        for row in &rows {
            assert!(row.series.is_sorted_by(|(left, _), (right, _)| left < right));
            for (series, stat) in &row.series {
                let is_between = stat.least <= stat.mean + 1e-9 && stat.mean <= stat.most + 1e-9;
                assert!(is_between && (1..=20).contains(&stat.count), "{series}: {stat:?}");
            }
        }
    }
}
