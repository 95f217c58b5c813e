//! Bytes of the first version are read for ever.
//!
//! The rows of which `chunk_v1.bin` was made, by the code of version 1: every kind of series, gaps, and windows that lack samples.

#![allow(clippy::unwrap_used)]

use super::Chunk;
use crate::store::history::row::{SampleRow, Stat};
use protocol::host::Source;
use protocol::metric::{Kept, Metric, Series, Unit};

/// One hour without its eleventh minute.
fn golden_rows() -> Vec<SampleRow> {
    let mounts = ["/", "/数据"].map(|place| Series::Mount(place.to_owned()));
    let names: Vec<Series> =
        Metric::ALL.iter().copied().map(Series::Metric).chain(mounts).chain([Series::Inodes("/".to_owned())]).collect();
    let numbers = (0..360_i64).filter(|number| !(60..66).contains(number));
    numbers.map(|number| row(number, &names)).collect()
}

fn row(number: i64, names: &[Series]) -> SampleRow {
    let source = if number % 50 == 0 { Source::Ssh } else { Source::Agent };
    let series = names.iter().enumerate().filter_map(|(place, series)| Some((series.clone(), stat(number, place as i64, series)?)));
    SampleRow { host_id: 1, at_ms: 1_700_000_000_000 + number * 10_000, source, series: series.collect() }
}

/// What was kept of a series then.
fn kept_then(series: &Series) -> Kept {
    match series {
        Series::Metric(Metric::PressureCpu | Metric::PressureMemory | Metric::PressureIo) => Kept::Mean,
        _ => series.kept(),
    }
}

fn stat(number: i64, place: i64, series: &Series) -> Option<Stat> {
    // A generator of Lehmer's kind: the same numbers for ever.
    let mixed = (number * 31 + place * 7 + 1).rem_euclid(65_537) * 75 % 65_537 * 75 % 65_537;
    if *series == Series::Metric(Metric::Temperature) && number % 3 == 0 {
        return None;
    }
    let count = if number % 40 == 7 { 12 } else { 20 };
    let (low, high) = (mixed as f64 / 700.0, (mixed as f64 / 700.0) + (mixed % 9) as f64);
    let scale = if series.unit() == Unit::BytesPerSecond { 4_096.0 } else { 1.0 };
    let unit = series.unit();
    Some(match kept_then(series) {
        Kept::Spread => {
            let (least, most) = (unit.rounded(low * scale), unit.rounded(high * scale));
            Stat { count, mean: least + (most - least) * 0.37, least, most }
        }
        Kept::Mean if mixed % 5 == 0 => Stat { count, ..Stat::of(0.0) },
        Kept::Mean => Stat { count, ..Stat::of(low * scale / 97.0) },
        Kept::Last => Stat { count, ..Stat::of(unit.rounded(low)) },
    })
}

/// A rate or per cent that is exact, or a mean that may be wrong by 0.1 %.
fn assert_like(read: &[SampleRow], written: &[SampleRow]) {
    assert_eq!(read.len(), written.len());
    for (read, written) in read.iter().zip(written) {
        assert_eq!((read.at_ms, read.source, read.series.len()), (written.at_ms, written.source, written.series.len()));
        for ((series, read), (other, written)) in read.series.iter().zip(&written.series) {
            assert_eq!((series, read.count), (other, written.count));
            let is_near = |left: f64, right: f64| (left - right).abs() <= right.abs() * 0.001;
            let is_like = |left: f64, right: f64| if kept_then(series) == Kept::Mean { is_near(left, right) } else { left == right };
            assert!(is_near(read.mean, written.mean), "{series}: {read:?} is not {written:?}");
            assert!(is_like(read.least, written.least) && is_like(read.most, written.most), "{series}: {read:?} is not {written:?}");
        }
    }
}

#[test]
fn chunks_of_the_first_version_are_read_and_may_be_written_anew() {
    let written = golden_rows();
    let read = Chunk::open(include_bytes!("chunk_v1.bin")).unwrap().rows(1).unwrap();
    assert_like(&read, &written);
    let again = super::encode(10_000, &read).unwrap();
    let mut rows = Chunk::open(&again).unwrap().rows(1).unwrap();
    assert_like(&rows, &written);
    for _ in 0..3 {
        let next = super::encode(10_000, &rows).unwrap();
        let read = Chunk::open(&next).unwrap().rows(1).unwrap();
        assert_eq!(read, rows, "what was in a chunk stays what it is");
        rows = read;
    }
}

#[test]
fn one_series_is_read_as_all_are() {
    let bytes = super::encode(10_000, &golden_rows()).unwrap();
    let chunk = Chunk::open(&bytes).unwrap();
    let rows = chunk.rows(1).unwrap();
    for name in chunk.names() {
        let series: Series = name.parse().unwrap();
        let alone = chunk.read(std::slice::from_ref(&series)).unwrap().remove(0).unwrap();
        let stats = rows.iter().filter_map(|row| row.series.iter().find(|(other, _)| *other == series).map(|(_, stat)| (row.at_ms, *stat)));
        assert_eq!(alone.at_ms.into_iter().zip(alone.stats).collect::<Vec<_>>(), stats.collect::<Vec<_>>(), "{series}");
    }
}

#[test]
fn damage_is_an_error_and_never_more() {
    let good = super::encode(10_000, &golden_rows()[..40]).unwrap();
    for place in 0..good.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut bytes = good.clone();
            bytes[place] ^= change;
            // Whatever it is read as, nothing panics.
            let _ = Chunk::open(&bytes).and_then(|chunk| chunk.rows(1));
        }
        let _ = Chunk::open(&good[..place]).and_then(|chunk| chunk.rows(1));
    }
}
