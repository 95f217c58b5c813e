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
