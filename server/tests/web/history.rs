//! Stored values over HTTP: questions, downloads, and what is wrong with them.

use crate::test_app::{TestApp, error_of, text};
use app::error::{ApiError, Field, FieldReason};
use app::views::{HistoryAnswer, HistoryMarks, Storage};
use protocol::host::Source;
use protocol::metric::{Metric, Series};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::io::Read;
use tactus::clock::now_ms;
use tactus::store::{Batch, ProcessMinute, ProgramUse, RECORDED_MS, RecordedPiece, SampleRow, Stat, Store, WINDOW_MS};

const DAY_MS: i64 = 86_400_000;

/// A day of the centre's own machine, up to an hour ago: one value every ten seconds, and a recording of five minutes.
async fn seed(app: &TestApp) -> i64 {
    let store = Store::open(&app.database_path()).await.unwrap();
    let from_ms = (now_ms() - DAY_MS - 3_600_000) / 300_000 * 300_000;
    let cpu = |value: f64| vec![(Series::Metric(Metric::Cpu), Stat { count: 20, mean: value, least: value - 0.5, most: value + 0.5 })];
    let row = |at_ms: i64, step: i64| SampleRow { host_id: 1, at_ms, source: Source::Local, series: cpu((at_ms / step % 90 + 5) as f64) };
    let rows: Vec<SampleRow> = (0..8_640).map(|number| row(from_ms + number * WINDOW_MS, WINDOW_MS)).collect();
    let beats = (0..600).map(|number| row(from_ms + number * RECORDED_MS, RECORDED_MS)).collect();
    let recordings = vec![RecordedPiece { host_id: 1, from_ms, to_ms: from_ms + 300_000, rows: beats }];
    let program = ProgramUse { name: "cc1plus".into(), cpu_percent: 150.0, most_cpu_percent: 180.0, memory_bytes: 1 << 30 };
    let processes = vec![ProcessMinute { host_id: 1, at_ms: from_ms / 60_000 * 60_000, programs: vec![program] }];
    store.insert_batch(&Batch { rows, processes, recordings }).await.unwrap();
    store.close().await;
    from_ms
}

fn question(series: &str, from_ms: i64, to_ms: i64, points: u32) -> Value {
    json!({ "question": { "hosts": [1], "series": [series], "from_ms": from_ms, "to_ms": to_ms, "points": points } })
}

#[tokio::test]
async fn the_finer_the_range_the_finer_the_points() {
    let (app, cookie) = TestApp::start_set_up().await;
    let from_ms = seed(&app).await;
    for (range, points, tier, step) in
        [(DAY_MS, 1_000, 10_000, 90_000), (3_600_000, 1_000, 10_000, 10_000), (300_000, 600, 500, 500), (60_000, 1_000, 500, 500)]
    {
        let answer = app.call("/api/history/query", &question("cpu_percent", from_ms, from_ms + range, points), Some(&cookie)).await;
        let answer: HistoryAnswer = answer.error_for_status().unwrap().json().await.unwrap();
        assert_eq!((answer.tier_step_ms, answer.step_ms), (tier, step), "{range}");
        let line = &answer.lines[0];
        assert!(line.mean.len() <= points as usize + 1 && line.mean.iter().any(Option::is_some), "{range}: {} points", line.mean.len());
        assert_eq!((line.mean.len(), line.mean.len()), (line.least.len(), line.most.len()));
    }
    let marks = json!({ "hosts": [1], "from_ms": from_ms, "to_ms": now_ms() });
    let marks: HistoryMarks = app.call("/api/history/marks", &marks, Some(&cookie)).await.json().await.unwrap();
    assert_eq!(marks.recordings.iter().map(|found| (found.from_ms, found.to_ms)).collect::<Vec<_>>(), [(from_ms, from_ms + 300_000)]);
    let range = json!({ "id": 1, "from_ms": from_ms, "to_ms": from_ms + 60_000 });
    let programs: Value = app.call("/api/history/processes", &range, Some(&cookie)).await.json().await.unwrap();
    assert_eq!(programs[0]["name"], "cc1plus");
    let series: Value = app.call("/api/history/series", &range, Some(&cookie)).await.json().await.unwrap();
    assert!(series.as_array().unwrap().iter().any(|series| series["name"] == "cpu_percent"), "{series}");
    let storage: Storage = app.call("/api/storage/get", &json!({}), Some(&cookie)).await.json().await.unwrap();
    assert_eq!((storage.tiers.len(), storage.hosts, storage.failing), (3, 1, false));
}

#[tokio::test]
async fn wrong_questions_have_an_answer_of_their_own() {
    let (app, cookie) = TestApp::start_set_up().await;
    let now = now_ms();
    for (question, field, reason) in [
        (question("cpu", 0, 1, 1), Field::Series, FieldReason::UnknownSeries { name: "cpu".into() }),
        (question("cpu_percent", 9, 9, 1), Field::Range, FieldReason::EmptyRange),
        (question("cpu_percent", now + 60_000, now + 70_000, 1), Field::Range, FieldReason::FutureRange),
        (question("cpu_percent", 0, now, 1), Field::Range, FieldReason::LongRange),
    ] {
        let answer = app.call("/api/history/query", &question, Some(&cookie)).await;
        assert_eq!(error_of(answer).await, (StatusCode::UNPROCESSABLE_ENTITY, ApiError::field(field, reason)));
    }
    for (query, field) in [
        ("?hosts=1&series=cpu&from=0&to=9", Field::Series),
        ("?hosts=x&series=cpu_percent&from=0&to=9", Field::Series),
        ("?hosts=1&series=cpu_percent&from=9&to=9", Field::Range),
        ("?hosts=1&series=cpu_percent&from=now&to=9", Field::Range),
        ("?hosts=1&series=cpu_percent&from=0&to=9&step=7", Field::Points),
        ("", Field::Range),
    ] {
        let (status, error) = error_of(app.get(&format!("/api/history/download{query}"), Some(&cookie)).await).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && error.reason_for(field).is_some(), "{query}: {error:?}");
    }
    assert_eq!(app.get("/api/history/download?hosts=1&series=load_1&from=0&to=9", None).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_download_tells_what_is_stored_in_every_format() {
    let (app, cookie) = TestApp::start_set_up().await;
    let from_ms = seed(&app).await;
    let to_ms = from_ms + DAY_MS;
    let path = format!("/api/history/download?hosts=1&series=cpu_percent&from={from_ms}&to={to_ms}");
    let answer = app.get(&path, Some(&cookie)).await.error_for_status().unwrap();
    assert!(text(answer.headers(), "content-disposition").contains(".csv"), "{:?}", answer.headers());
    let csv = answer.text().await.unwrap();
    let mut lines = csv.split_terminator("\r\n");
    assert_eq!(lines.next(), Some("time_utc,time_ms,host_id,host,series,unit,mean,min,max,samples"));
    let numbers: Vec<(i64, f64)> = lines
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            assert_eq!((cells[2], cells[4], cells[5], cells[9]), ("1", "cpu_percent", "percent", "20"));
            (cells[1].parse().unwrap(), cells[6].parse().unwrap())
        })
        .collect();
    let expected: Vec<(i64, f64)> =
        (0..8_640).map(|number| from_ms + number * WINDOW_MS).map(|at_ms| (at_ms, (at_ms / WINDOW_MS % 90 + 5) as f64)).collect();
    assert_eq!(numbers, expected);

    let lines = app.get(&format!("{path}&format=jsonl"), Some(&cookie)).await.text().await.unwrap();
    let first: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!((lines.lines().count(), &first["time_ms"], &first["mean"]), (8_640, &from_ms.into(), &expected[0].1.into()));

    let packed = app.get(&format!("{path}&gzip=1"), Some(&cookie)).await;
    assert!(text(packed.headers(), "content-disposition").ends_with(".csv.gz\""));
    let mut unpacked = String::new();
    flate2::read::GzDecoder::new(&*packed.bytes().await.unwrap()).read_to_string(&mut unpacked).unwrap();
    assert_eq!(unpacked, csv);

    let coarse = app.get(&format!("{path}&step=300000"), Some(&cookie)).await.text().await.unwrap();
    assert_eq!(coarse.lines().count(), 1 + 288);
}
