//! The flight recorder of one host: the last two minutes at the full rate are always at hand, and kept when something goes wrong.

use crate::store::{RECORDED_MS, RecordedPiece, SampleRow, Stat};
use protocol::host::{HostId, Source};
use protocol::metric::{Metric, Series};
use protocol::snapshot::Snapshot;
use std::collections::VecDeque;

/// What is kept before and after the moment when something went wrong, in milliseconds.
const BEFORE_MS: i64 = 120_000;
const AFTER_MS: i64 = 180_000;

/// A running recording is written in pieces of a minute, so that a crash of the centre costs one at most.
const PIECE_MS: i64 = 60_000;

/// All metrics of one beat; a gap is not a number.
type Beat = [f32; Metric::ALL.len()];

/// Records one host.
#[derive(Debug, Default)]
pub struct Recorder {
    beats: VecDeque<(i64, Source, Box<Beat>)>,
    running: Option<Running>,
    /// Everything before was handed on with an earlier recording.
    recorded_to_ms: i64,
}

/// What is being recorded.
#[derive(Clone, Copy, Debug)]
struct Running {
    began_ms: i64,
    /// Everything before has been handed on.
    written_ms: i64,
    until_ms: i64,
}

impl Recorder {
    /// Takes in one sample; `at_ms` is when the centre received it.
    pub fn add(&mut self, at_ms: i64, source: Source, snapshot: &Snapshot) {
        let at_ms = beat_of(at_ms);
        let mut beat = Box::new([f32::NAN; Metric::ALL.len()]);
        for (place, metric) in beat.iter_mut().zip(Metric::ALL) {
            *place = metric.read(snapshot).map_or(f32::NAN, |value| value as f32);
        }
        // A clock that was set back begins anew.
        if self.beats.back().is_some_and(|(last, ..)| *last > at_ms) {
            self.beats.clear();
            self.recorded_to_ms = 0;
        }
        self.beats.push_back((at_ms, source, beat));
        let needed_ms = at_ms - BEFORE_MS;
        let from_ms = self.running.map_or(needed_ms, |running| running.written_ms.min(needed_ms));
        while self.beats.front().is_some_and(|(first, ..)| *first < from_ms) {
            self.beats.pop_front();
        }
    }

    /// Something went wrong at `at_ms`: the minutes around it are kept. While a recording runs it becomes longer instead.
    pub fn keep(&mut self, at_ms: i64) {
        let at_ms = beat_of(at_ms);
        match &mut self.running {
            Some(running) => running.until_ms = running.until_ms.max(at_ms + AFTER_MS),
            None => {
                let began_ms = (at_ms - BEFORE_MS).max(self.recorded_to_ms);
                self.running = Some(Running { began_ms, written_ms: began_ms, until_ms: at_ms + AFTER_MS });
            }
        }
    }

    /// What is to be written by `now_ms`, if anything. With `end`, all that there is.
    pub fn take_piece(&mut self, host_id: HostId, now_ms: i64, end: bool) -> Option<RecordedPiece> {
        let running = self.running.as_mut()?;
        let now_ms = beat_of(now_ms);
        let done = now_ms >= running.until_ms || end;
        // A clock that was set back a long way ends the recording: its minutes never come.
        let lost = now_ms < running.began_ms;
        let to_ms = now_ms.min(running.until_ms);
        if !done && !lost && to_ms - running.written_ms < PIECE_MS {
            return None;
        }
        let (from_ms, running_began) = (running.written_ms, running.began_ms);
        running.written_ms = to_ms.max(from_ms);
        if done || lost {
            (self.running, self.recorded_to_ms) = (None, to_ms);
        }
        let rows: Vec<SampleRow> = self
            .beats
            .iter()
            .filter(|(at_ms, ..)| (from_ms..to_ms).contains(at_ms))
            .map(|(at_ms, source, beat)| SampleRow { host_id, at_ms: *at_ms, source: *source, series: series_of(beat) })
            .collect();
        // What is not at hand (the centre has only just begun to look) is not claimed.
        let from_ms = rows.first().map_or(from_ms, |first| if from_ms == running_began { first.at_ms } else { from_ms });
        (!rows.is_empty()).then_some(RecordedPiece { host_id, from_ms, to_ms, rows })
    }
}

fn beat_of(at_ms: i64) -> i64 {
    at_ms - at_ms.rem_euclid(RECORDED_MS)
}

fn series_of(beat: &Beat) -> Vec<(Series, Stat)> {
    let stat = |metric: Metric, value: f32| (Series::Metric(metric), Stat::of(metric.unit().rounded(f64::from(value))));
    Metric::ALL.iter().zip(beat).filter(|(_, value)| value.is_finite()).map(|(metric, value)| stat(*metric, *value)).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use protocol::snapshot::Cpu;

    fn run(recorder: &mut Recorder, beats: std::ops::Range<i64>) -> Vec<RecordedPiece> {
        let mut pieces = Vec::new();
        for beat in beats {
            let cpu = Cpu { total_percent: (beat % 100) as f32, ..Cpu::default() };
            recorder.add(beat * RECORDED_MS + 40, Source::Agent, &Snapshot { cpu: Some(cpu), ..Snapshot::default() });
            if beat % 20 == 0 {
                pieces.extend(recorder.take_piece(3, beat * RECORDED_MS, false));
            }
        }
        pieces
    }

    #[test]
    fn two_minutes_before_and_three_after_are_kept_in_pieces_without_a_hole() {
        let mut recorder = Recorder::default();
        assert!(run(&mut recorder, 0..1_000).is_empty(), "nothing happened");
        recorder.keep(1_000 * RECORDED_MS);
        let pieces = run(&mut recorder, 1_000..2_000);
        assert_eq!(pieces[0].from_ms, 1_000 * RECORDED_MS - BEFORE_MS);
        assert!(pieces.windows(2).all(|pair| pair[0].to_ms == pair[1].from_ms));
        assert_eq!(pieces.last().unwrap().to_ms, 1_000 * RECORDED_MS + AFTER_MS);
        let times: Vec<i64> = pieces.iter().flat_map(|piece| piece.rows.iter().map(|row| row.at_ms / RECORDED_MS)).collect();
        assert_eq!(times, (760..1_360).collect::<Vec<_>>());
        let row = &pieces[1].rows[3];
        assert!(
            row.series
                .iter()
                .any(|(series, stat)| *series == Series::Metric(Metric::Cpu) && stat.mean == (row.at_ms / RECORDED_MS % 100) as f64)
        );
    }

    #[test]
    fn trouble_that_comes_again_goes_on_without_a_hole_and_nothing_twice() {
        let mut recorder = Recorder::default();
        let mut pieces = run(&mut recorder, 0..1_000);
        for minute in [0, 2, 6] {
            recorder.keep((1_000 + minute * 120) * RECORDED_MS);
            pieces.extend(run(&mut recorder, 1_000 + minute * 120..1_000 + (minute + if minute == 0 { 2 } else { 4 }) * 120));
        }
        pieces.extend(run(&mut recorder, 2_200..3_000));
        let times: Vec<i64> = pieces.iter().flat_map(|piece| piece.rows.iter().map(|row| row.at_ms / RECORDED_MS)).collect();
        assert_eq!(times, (760..1_000 + 9 * 120).collect::<Vec<_>>());
    }

    #[test]
    fn a_stop_writes_what_there_is_and_a_clock_that_is_set_back_ends_it() {
        let mut recorder = Recorder::default();
        run(&mut recorder, 1_000..1_010);
        recorder.keep(1_010 * RECORDED_MS);
        let piece = recorder.take_piece(3, 1_010 * RECORDED_MS, true).unwrap();
        assert_eq!((piece.rows.len(), piece.from_ms), (10, 1_000 * RECORDED_MS), "it claims nothing that it has not");
        assert_eq!(recorder.take_piece(3, 1_500 * RECORDED_MS, false), None);
        recorder.keep(1_510 * RECORDED_MS);
        run(&mut recorder, 10..12);
        assert_eq!(recorder.take_piece(3, 11 * RECORDED_MS, false), None);
        assert!(recorder.running.is_none());
    }
}
