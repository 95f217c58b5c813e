//! Bytes of every version are read for ever.
//!
//! The rows of which `chunk_v1.bin`, `chunk_v2.bin` and `chunk_v3.bin` were made, each by the code of its version: every kind of series,
//! gaps, and windows that lack samples. [`life`] has those of `chunk_v2_life.bin` and `chunk_v3_life.bin`.

#![allow(clippy::unwrap_used)]

mod life;

use super::{Chunk, Effort};
use crate::rollup::roll_up;
use crate::row::{SampleRow, Stat};
use crate::tier::TIERS;
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
fn chunks_of_every_version_are_read_and_may_be_written_anew() {
    let files: [(&[u8], Vec<SampleRow>); 5] = [
        (include_bytes!("chunk_v1.bin"), golden_rows()),
        (include_bytes!("chunk_v2.bin"), golden_rows()),
        (include_bytes!("chunk_v2_life.bin"), life::rows(10_000)),
        (include_bytes!("chunk_v3.bin"), golden_rows()),
        (include_bytes!("chunk_v3_life.bin"), life::rows(10_000)),
    ];
    for (bytes, written) in files {
        let mut rows = Chunk::open(bytes).unwrap().rows(1).unwrap();
        assert_like(&rows, &written);
        for round in 0..3 {
            let next = super::encode(10_000, &rows, [Effort::Quick, Effort::Thorough][round % 2]).unwrap();
            let read = Chunk::open(&next).unwrap().rows(1).unwrap();
            assert_like(&read, &written);
            // What the first version kept more exactly is rounded once.
            assert!(bytes[0] == 1 && round == 0 || read == rows, "what was in a chunk stays what it is");
            rows = read;
        }
    }
}

/// Writes the files of the version that is written now: once, before the next one begins.
#[test]
#[ignore = "writes files"]
fn write_files() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/history/chunk/golden");
    std::fs::write(folder.join("chunk_v3.bin"), super::encode(10_000, &golden_rows(), Effort::Thorough).unwrap()).unwrap();
    std::fs::write(folder.join("chunk_v3_life.bin"), super::encode(10_000, &life::rows(10_000), Effort::Thorough).unwrap()).unwrap();
}

#[test]
fn coarse_rows_have_extremes_of_everything() {
    let fine = life::rows(10_000);
    for tier in &TIERS[1..] {
        let rows = roll_up(tier, &fine);
        let read = Chunk::open(&super::encode(tier.step_ms, &rows, Effort::Thorough).unwrap()).unwrap().rows(1).unwrap();
        assert_eq!(read.len(), rows.len());
        for ((series, read), (_, written)) in read.iter().zip(&rows).flat_map(|(read, row)| read.series.iter().zip(&row.series)) {
            let is_near = |left: f64, right: f64| (left - right).abs() <= right.abs() * 0.000_5;
            assert_eq!(read.count, written.count);
            assert!(is_near(read.mean, written.mean) && is_near(read.least, written.least), "{series}: {read:?} is not {written:?}");
            assert!(is_near(read.most, written.most), "{series}: {read:?} is not {written:?}");
        }
    }
}

#[test]
fn one_series_is_read_as_all_are() {
    let written = super::encode(10_000, &golden_rows(), Effort::Thorough).unwrap();
    for bytes in [&written[..], include_bytes!("chunk_v2_life.bin"), include_bytes!("chunk_v3_life.bin")] {
        is_read_alone(&Chunk::open(bytes).unwrap());
    }
}

fn is_read_alone(chunk: &Chunk) {
    let rows = chunk.rows(1).unwrap();
    for name in chunk.names() {
        let series: Series = name.parse().unwrap();
        let alone = chunk.read(std::slice::from_ref(&series), i64::MAX).unwrap().remove(0).unwrap();
        let stats = rows.iter().filter_map(|row| row.series.iter().find(|(other, _)| *other == series).map(|(_, stat)| (row.at_ms, *stat)));
        let (alone, mut stats): (Vec<_>, Vec<_>) = (alone.at_ms.into_iter().zip(alone.stats).collect(), stats.collect());
        assert_eq!(alone, stats, "{series}");
        let until_ms = rows[rows.len() / 3].at_ms;
        let start = chunk.read(std::slice::from_ref(&series), until_ms).unwrap().remove(0).unwrap();
        stats.retain(|(at_ms, _)| *at_ms < until_ms);
        assert_eq!(start.at_ms.into_iter().zip(start.stats).collect::<Vec<_>>(), stats, "the start of {series}");
    }
}

#[test]
fn damage_is_an_error_and_never_more() {
    let good = super::encode(10_000, &golden_rows()[..40], Effort::Thorough).unwrap();
    for place in (0..good.len()).step_by(17) {
        for change in [0x01, 0x80, 0xff] {
            let mut bytes = good.clone();
            bytes[place] ^= change;
            // Whatever it is read as, nothing panics.
            let _ = Chunk::open(&bytes).and_then(|chunk| chunk.rows(1));
        }
        let _ = Chunk::open(&good[..place]).and_then(|chunk| chunk.rows(1));
    }
}
