//! History from row to answer, with time passed in.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::store::Store;
use archive::{DAY_MS, HOUR_MS, MINUTE_MS, TIERS, start_of};
use protocol::host::Source;
use protocol::metric::{Metric, Series, Unit};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::path::Path;

const CPU: Series = Series::Metric(Metric::Cpu);
const NETWORK: Series = Series::Metric(Metric::NetworkIn);
const IOWAIT: Series = Series::Metric(Metric::CpuIowait);

async fn open(folder: &Path) -> Store {
    let store = Store::open(&folder.join("tactus.db")).await.unwrap();
    store.ensure_local_host(1, 0).await.unwrap();
    store
}

async fn settle(keeper: &mut Keeper, now_ms: i64) {
    keeper.look_now();
    while keeper.step(now_ms).await.unwrap() == Left::Some {}
}

fn row(at_ms: i64, series: Vec<(Series, Stat)>) -> SampleRow {
    SampleRow { host_id: 1, at_ms, source: Source::Agent, series }
}

fn ask(series: &[Series], from_ms: i64, to_ms: i64, points: u32) -> Ask {
    Ask { hosts: vec![1], series: series.to_vec(), from_ms, to_ms, points }
}

/// Live samples of one metric: time and value.
type Raw = Vec<(i64, f64)>;

fn of_raw(raw: &Raw, from_ms: i64, to_ms: i64) -> Option<Stat> {
    let values = raw.iter().filter(|(at_ms, _)| (from_ms..to_ms).contains(at_ms));
    values.map(|(_, value)| Stat::of(*value)).reduce(Stat::with)
}

fn assert_equal(stat: Option<Stat>, raw: Option<Stat>, what: &str) {
    let (Some(stat), Some(raw)) = (stat, raw) else {
        assert_eq!(stat.is_some(), raw.is_some(), "{what}: a gap on one side only");
        return;
    };
    assert_eq!((stat.count, stat.least, stat.most), (raw.count, raw.least, raw.most), "{what}");
    assert!((stat.mean - raw.mean).abs() <= raw.mean.abs() * 0.001, "{what}: {} is not {}", stat.mean, raw.mean);
}

/// Windows of live samples with bursts, missing samples and gaps, as the pipeline makes them.
fn window(random: &mut StdRng, at_ms: i64, raw: &mut [Raw; 2]) -> Option<SampleRow> {
    if random.random_bool(0.03) {
        return None;
    }
    let mut stats: [Option<Stat>; 2] = [None, None];
    for beat in 0..20 {
        let burst = if random.random_bool(0.01) { 50.0 } else { 1.0 };
        let values = [
            Unit::Percent.rounded((random.random_range(0.0..2.0f64) * burst).min(100.0)),
            Unit::BytesPerSecond.rounded(random.random_range(0.0..30_000.0f64) * burst * burst),
        ];
        for ((stat, raw), value) in stats.iter_mut().zip(raw.iter_mut()).zip(values) {
            // Rates are missing after a restart of the counters.
            if random.random_bool(0.98) {
                *stat = Some(stat.map_or(Stat::of(value), |stat| stat.with(Stat::of(value))));
                raw.push((at_ms + beat * 500, value));
            }
        }
    }
    let [cpu, network] = stats;
    Some(row(at_ms, [cpu.map(|stat| (CPU, stat)), network.map(|stat| (NETWORK, stat))].into_iter().flatten().collect()))
}

#[tokio::test]
async fn every_range_of_every_tier_tells_what_was_sampled() {
    for seed in 0..4 {
        let mut random = StdRng::seed_from_u64(seed);
        let folder = tempfile::tempdir().unwrap();
        let mut store = open(folder.path()).await;
        let start = start_of(1_700_000_000_000, DAY_MS) + random.random_range(0..10) * HOUR_MS + 40 * MINUTE_MS;
        let mut keeper = Keeper::new(store.clone(), start).await.unwrap();
        let (mut raw, mut batch) = ([Raw::new(), Raw::new()], Vec::new());
        let windows = random.random_range(5_000..13_000);
        let end = start + windows * WINDOW_MS;
        for number in 0..windows {
            let at_ms = start + number * WINDOW_MS;
            // A centre that was off for a while.
            let off = (windows / 3..windows / 3 + 500).contains(&number);
            batch.extend(window(&mut random, at_ms, &mut raw).filter(|_| !off));
            if off {
                raw.iter_mut().for_each(|raw| raw.retain(|(sampled, _)| *sampled < at_ms));
            }
            if number % 300 == 299 {
                store.insert_samples(&std::mem::take(&mut batch)).await.unwrap();
            }
            if random.random_bool(0.002) {
                settle(&mut keeper, at_ms).await;
            }
            if random.random_bool(0.0003) {
                store.close().await;
                store = open(folder.path()).await;
                keeper = Keeper::new(store.clone(), at_ms).await.unwrap();
            }
        }
        store.insert_samples(&batch).await.unwrap();
        for tier in TIERS {
            for _ in 0..40 {
                let from = start_of(random.random_range(start..end), tier.step_ms);
                let to = (from + tier.step_ms * random.random_range(1..2_000)).min(start_of(end, tier.step_ms) + tier.step_ms);
                let points = random.random_range(1..=((to - from) / tier.step_ms).clamp(1, 2_000) as u32);
                let answer = store.history(&ask(&[CPU, NETWORK], from, to, points)).await.unwrap();
                for (line, raw) in answer.lines.iter().zip(&raw) {
                    assert!(line.points.len() <= points as usize + 1, "{} points for {points}", line.points.len());
                    let what = format!("seed {seed}, {}, {from} to {to}, {points} points", line.series);
                    assert_equal(line.total, of_raw(raw, from, to), &what);
                    for (number, point) in line.points.iter().enumerate().step_by(17) {
                        let at_ms = answer.first_ms + number as i64 * answer.step_ms;
                        assert_equal(*point, of_raw(raw, at_ms.max(from), (at_ms + answer.step_ms).min(to)), &what);
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn hours_are_sealed_merged_and_dropped_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let start = 19_000 * DAY_MS;
    let mut keeper = Keeper::new(store.clone(), start).await.unwrap();
    let one_day: Vec<SampleRow> = (0..8_640)
        .map(|number| row(start + number * WINDOW_MS, vec![(CPU, Stat::of((number % 100) as f64)), (IOWAIT, Stat::of(0.013))]))
        .collect();
    store.insert_samples(&one_day).await.unwrap();
    let chunks = async |tier: &Tier| -> (i64, i64) {
        let query = "SELECT count(*), ifnull(sum(rows), 0) FROM chunks WHERE tier = ?";
        sqlx::query_as(query).bind(i64::from(tier.number)).fetch_one(store.reader()).await.unwrap()
    };
    let open_rows = async || -> i64 { sqlx::query_scalar("SELECT count(*) FROM windows").fetch_one(store.reader()).await.unwrap() };
    settle(&mut keeper, start + 3 * HOUR_MS + 30_000).await;
    assert_eq!((chunks(&TIERS[0]).await, open_rows().await), ((2, 720), 8_640 - 720), "the third hour has its minute of grace");
    settle(&mut keeper, start + DAY_MS + 2 * MINUTE_MS).await;
    assert_eq!((chunks(&TIERS[0]).await, chunks(&TIERS[1]).await, chunks(&TIERS[2]).await), ((1, 8_640), (1, 288), (1, 24)));
    assert_eq!((open_rows().await, store.rows(1, start, start + DAY_MS).await.unwrap().len()), (0, 8_640));
    let answer = store.history(&ask(&[IOWAIT], start, start + DAY_MS, 1)).await.unwrap();
    assert!((answer.lines[0].total.unwrap().mean - 0.013).abs() < 0.000_013, "small means keep their digits");

    // A clock that is ten years ahead drops nothing; time that is lived does.
    settle(&mut keeper, start + 3_650 * DAY_MS).await;
    assert_eq!(chunks(&TIERS[0]).await.0, 1);
    let mut later = Keeper::new(store.clone(), 0).await.unwrap();
    later.believe(start + 92 * DAY_MS);
    settle(&mut later, start + 92 * DAY_MS).await;
    assert_eq!((chunks(&TIERS[0]).await.0, chunks(&TIERS[1]).await.0), (0, 1), "fine rows go after 90 days");
    let answer = store.history(&ask(&[CPU], start, start + DAY_MS, 1_000)).await.unwrap();
    assert_eq!((answer.tier_step_ms, answer.lines[0].points.len()), (5 * MINUTE_MS, 288), "the next tier stands in");
    store.save_setting("retention", &Retention { budget_mib: Some(0), ..Retention::default() }).await.unwrap();
    settle(&mut later, start + 92 * DAY_MS).await;
    assert_eq!((chunks(&TIERS[1]).await.0, chunks(&TIERS[2]).await.0), (0, 0), "no space, no chunk");
}

#[tokio::test]
async fn a_clock_that_was_set_back_lives_its_hours_twice_and_keeps_both() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let start = 19_000 * DAY_MS;
    let mut keeper = Keeper::new(store.clone(), start).await.unwrap();
    let hour = |value: f64| (0..360).map(|number| row(start + number * WINDOW_MS, vec![(CPU, Stat::of(value))])).collect::<Vec<_>>();
    store.insert_samples(&hour(10.0)).await.unwrap();
    settle(&mut keeper, start + 2 * HOUR_MS).await;
    let second = hour(30.0);
    keeper.finish_hour_of(&second).await.unwrap();
    store.insert_samples(&second[..200]).await.unwrap();
    let total = async |points| store.history(&ask(&[CPU], start, start + HOUR_MS, points)).await.unwrap().lines[0].total.unwrap();
    let expected = Stat { count: 560, mean: (360.0 * 10.0 + 200.0 * 30.0) / 560.0, least: 10.0, most: 30.0 };
    for when in ["open", "sealed"] {
        for points in [1, 12, 360] {
            assert_equal(Some(total(points).await), Some(expected), when);
        }
        settle(&mut keeper, start + 2 * HOUR_MS).await;
    }
}

#[tokio::test]
async fn rows_of_old_versions_are_adopted() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let insert = "INSERT INTO samples (host_id, at_ms, source, cpu_mean, cpu_least, cpu_most, disk, in_mean, in_least, in_most, latency_ms)
         VALUES (1, ?, 4, 20.5, 1.25, 99.5, 50.5, 1000.0, 0.0, 2048.0, 4.5)";
    for number in 0..5_003 {
        sqlx::query(insert).bind(number * WINDOW_MS).execute(store.writer()).await.unwrap();
    }
    store.close().await;
    let store = open(folder.path()).await;
    let rows = store.rows(1, 0, i64::MAX / 2).await.unwrap();
    assert_eq!((rows.len(), rows[5_002].at_ms, rows[0].source), (5_003, 5_002 * WINDOW_MS, Source::Ssh));
    let stat = |mean, least, most| Stat { count: 20, mean, least, most };
    let flat = |value| stat(value, value, value);
    let expected = [
        (CPU, stat(20.5, 1.25, 99.5)),
        (Series::Metric(Metric::Disk), flat(50.5)),
        (NETWORK, stat(1_000.0, 0.0, 2_048.0)),
        (Series::Metric(Metric::Latency), flat(4.5)),
    ];
    assert_eq!(rows[0].series, expected);
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM samples").fetch_one(store.reader()).await.unwrap();
    assert_eq!(left, 0);
    store.delete_host(1).await.unwrap();
}

#[tokio::test]
async fn the_log_stays_small_under_a_reader_of_ten_minutes() {
    const HOSTS: i64 = 200;
    const MOST_BYTES: u64 = 64 * 1_024 * 1_024;
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    for id in 2..=HOSTS {
        sqlx::query("INSERT INTO hosts (id, address, port, created_at_ms) VALUES (?1, 'h' || ?1, 22, 0)")
            .bind(id)
            .execute(store.writer())
            .await
            .unwrap();
    }
    let start = 19_000 * DAY_MS;
    let mut keeper = Keeper::new(store.clone(), start).await.unwrap();
    let mut random = StdRng::seed_from_u64(7);
    let mut write = async |from: i64, windows: i64, keeper: &mut Keeper| {
        let mut longest = 0;
        for number in 0..windows {
            let at_ms = from + number * WINDOW_MS;
            let mut series = |metric: &Metric| (Series::Metric(*metric), Stat::of(metric.unit().rounded(random.random_range(0.0..1e6))));
            let rows: Vec<SampleRow> =
                (1..=HOSTS).map(|host_id| SampleRow { host_id, ..row(at_ms, Metric::ALL.iter().map(&mut series).collect()) }).collect();
            store.insert_samples(&rows).await.unwrap();
            for _ in 0..300 {
                if keeper.step(at_ms + WINDOW_MS).await.unwrap() == Left::Nothing {
                    break;
                }
            }
            longest = longest.max(store.log_bytes());
        }
        longest
    };
    // Half an hour, and then ten minutes across the end of the hour, which is sealed meanwhile.
    write(start, 340, &mut keeper).await;
    let mut reader = store.reader().begin().await.unwrap();
    let before: i64 = sqlx::query_scalar("SELECT count(*) FROM windows").fetch_one(&mut *reader).await.unwrap();
    let longest = write(start + 340 * WINDOW_MS, 60, &mut keeper).await;
    let during: i64 = sqlx::query_scalar("SELECT count(*) FROM windows").fetch_one(&mut *reader).await.unwrap();
    assert_eq!(before, during, "the reader sees what it saw");
    assert!(longest <= MOST_BYTES, "the log grew to {longest} bytes");
    drop(reader);
    settle(&mut keeper, start + 400 * WINDOW_MS).await;
    store.checkpoint().await.unwrap();
    assert_eq!(store.log_bytes(), 0);
    assert_eq!(store.rows(7, start, start + DAY_MS).await.unwrap().len(), 400);
}

#[tokio::test]
async fn damage_is_found_taken_out_and_everything_else_stays() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let start = 19_000 * DAY_MS;
    let mut keeper = Keeper::new(store.clone(), start).await.unwrap();
    let rows: Vec<SampleRow> = (0..500).map(|number| row(start + number * WINDOW_MS, vec![(CPU, Stat::of(5.0))])).collect();
    let piece = RecordedPiece { host_id: 1, from_ms: start, to_ms: start + 250_000, rows: rows.clone() };
    store.insert_batch(&Batch { rows, recordings: vec![piece], ..Batch::default() }).await.unwrap();
    settle(&mut keeper, start + HOUR_MS + 2 * MINUTE_MS).await;
    assert!(store.check().await.unwrap().is_whole());
    for damage in [
        "UPDATE chunks SET data = substr(data, 1, 20) WHERE tier = 2",
        "UPDATE recordings SET data = x'00'",
        "UPDATE windows SET series = x'63' WHERE at_ms = (SELECT max(at_ms) FROM windows)",
    ] {
        sqlx::query(damage).execute(store.writer()).await.unwrap();
    }
    let found = store.check().await.unwrap();
    assert_eq!((found.rows.broken, found.chunks.broken, found.recordings.broken), (1, 1, 1));
    assert!(store.repair().await.unwrap().is_whole());
    assert_eq!(store.rows(1, start, start + DAY_MS).await.unwrap().len(), 499);
    let more: Vec<SampleRow> = (500..8_000).map(|number| row(start + number * WINDOW_MS, vec![(CPU, Stat::of(5.0))])).collect();
    store.insert_samples(&more).await.unwrap();
    store.close().await;

    // Pages of the file itself: what lies in them is lost, nothing else.
    let path = folder.path().join("tactus.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let page = bytes.len() / 4_096 / 2 * 4_096;
    bytes[page..page + 4_096].fill(0xa5);
    std::fs::write(&path, bytes).unwrap();
    let rebuilt = crate::store::rebuild(&path, 7).await.unwrap();
    assert!(rebuilt.saved > 7_000 && rebuilt.lost > 0 && rebuilt.kept_as.exists(), "{rebuilt:?}");
    let store = Store::open(&path).await.unwrap();
    assert!(store.repair().await.unwrap().is_whole());
    assert_eq!(store.list_hosts().await.unwrap().len(), 1);
    store.close().await;
}

#[tokio::test]
async fn recordings_answer_short_questions_and_grow_old() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let start = 19_000 * DAY_MS;
    let beat = |number: i64| row(start + number * RECORDED_MS, vec![(CPU, Stat::of((number % 100) as f64))]);
    let piece = |from: i64, to: i64| RecordedPiece {
        host_id: 1,
        from_ms: start + from * RECORDED_MS,
        to_ms: start + to * RECORDED_MS,
        rows: (from..to).map(beat).collect(),
    };
    let recordings = vec![piece(0, 240), piece(240, 600), RecordedPiece { host_id: 99, ..piece(0, 10) }];
    let rows = (0..40).map(|number| row(start + number * WINDOW_MS, vec![(CPU, Stat::of(7.0))])).collect();
    store.insert_batch(&Batch { rows, recordings, ..Batch::default() }).await.unwrap();
    let whole = Recorded { host_id: 1, from_ms: start, to_ms: start + 300_000 };
    assert_eq!(store.recordings(1, start, start + DAY_MS).await.unwrap(), [whole]);
    assert!(store.recordings(99, 0, i64::MAX).await.unwrap().is_empty(), "a host that is gone has none");
    let answer = store.history(&ask(&[CPU], start + 60_000, start + 180_000, 240)).await.unwrap();
    assert_eq!((answer.tier_step_ms, answer.step_ms, answer.lines[0].points.len()), (RECORDED_MS, RECORDED_MS, 240));
    assert_eq!(answer.lines[0].points[1], Some(Stat::of(21.0)));
    for (from, to, points) in [(start, start + 310_000, 620), (start, start + 300_000, 30)] {
        let answer = store.history(&ask(&[CPU], from, to, points)).await.unwrap();
        assert_eq!(answer.tier_step_ms, WINDOW_MS, "not recorded throughout, or not asked for so finely");
    }
    assert!(!store.prune_recordings(start).await.unwrap());
    assert!(store.prune_recordings(start + 1).await.unwrap());
    assert_eq!(store.recordings(1, start, start + DAY_MS).await.unwrap()[0].from_ms, start + 120_000);
}
