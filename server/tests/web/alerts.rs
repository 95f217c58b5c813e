//! Alerts of the centre's own machine: a rule that is crossed, what people do with the alert, and its end.

use crate::test_app::{Socket, TestApp, error_of, next_message};
use app::error::{ApiError, Field, FieldReason};
use app::views::{AlertPage, AlertStep, HeldRule, MaintenanceView, Replay, RuleOrigin};
use protocol::alert::{Alert, AlertBoard, AlertChange, AlertKind, Ending, RuleScope};
use protocol::host::{Level, Leveled};
use protocol::live::ServerMessage;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tactus::store::{SampleRow, Stat, Store, WINDOW_MS};

fn rule(kind: &str, warning: &str, critical: &str) -> Value {
    json!({
        "scope": { "scope": "host", "of": 1 }, "kind": kind, "target": "", "enabled": true, "warning": warning, "critical": critical,
        "window_s": "0", "hold_s": "0", "clear_distance": "0", "clear_s": "0", "no_data_s": "60", "warn_no_data": false,
    })
}

async fn answer<T: serde::de::DeserializeOwned>(app: &TestApp, path: &str, arguments: Value, cookie: &str) -> T {
    let response = app.call(path, &arguments, Some(cookie)).await;
    let status = response.status();
    let text = response.text().await.unwrap();
    assert_eq!(status, StatusCode::OK, "{path}: {text}");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}: {text}"))
}

/// The next board that is as wanted, and the level of the memory figure in the frame before it.
async fn board(socket: &mut Socket, wanted: impl Fn(&AlertBoard) -> bool) -> AlertBoard {
    loop {
        match next_message(socket).await.expect("still open") {
            ServerMessage::Alerts(board) if wanted(&board) => return board,
            _ => {}
        }
    }
}

async fn memory_level(socket: &mut Socket) -> Level {
    loop {
        if let ServerMessage::Overview(frame) = next_message(socket).await.expect("still open") {
            return frame.hosts[0].levels.of(Leveled::Memory);
        }
    }
}

fn memory(board: &AlertBoard) -> Option<&Alert> {
    board.open.iter().find(|alert| alert.kind == AlertKind::Memory)
}

#[tokio::test]
async fn from_the_rule_to_the_end_of_its_alert() {
    let (app, cookie) = TestApp::start_set_up().await;
    let mut socket = app.open_live("?topics=overview", Some(&app.origin()), Some(&cookie)).await.unwrap();
    let first = board(&mut socket, |_| true).await;
    assert!(memory(&first).is_none());
    let id: i64 = answer(&app, "/api/alerts/rules/save", json!({ "form": rule("memory", "0.01", "100") }), &cookie).await;
    let warned = board(&mut socket, |board| memory(board).is_some()).await;
    let alert = memory(&warned).unwrap().clone();
    assert_eq!((alert.level, alert.host_id, alert.bound), (Level::Warning, 1, Some(0.01)));
    assert_eq!(memory_level(&mut socket).await, Level::Warning);
    // The same rule again, with a critical level that is crossed, too.
    let again: i64 = answer(&app, "/api/alerts/rules/save", json!({ "form": rule("memory", "0.01", "0.02") }), &cookie).await;
    assert_eq!(again, id);
    let raised = board(&mut socket, |board| memory(board).is_some_and(|alert| alert.level == Level::Critical)).await;
    assert_eq!(memory(&raised).unwrap().id, alert.id, "it is the same alert");

    let act = |act: Value| json!({ "ids": [alert.id, 9_999], "act": act });
    let done: u32 = answer(&app, "/api/alerts/act", act(json!({ "act": "acknowledge", "note": "我来处理" })), &cookie).await;
    assert_eq!(done, 1);
    let known = board(&mut socket, |board| memory(board).is_some_and(|alert| alert.acknowledged.is_some())).await;
    let remark = memory(&known).unwrap().acknowledged.clone().unwrap();
    assert_eq!((remark.by.as_str(), remark.note.as_str()), ("ann", "我来处理"));
    let done: u32 = answer(&app, "/api/alerts/act", act(json!({ "act": "resolve", "note": "known" })), &cookie).await;
    assert_eq!(done, 1);
    let ended = board(&mut socket, |board| memory(board).is_none()).await;
    assert_eq!(ended.ended[0].ended.map(|(_, ending)| ending), Some(Ending::ByHand));
    let done: u32 = answer(&app, "/api/alerts/act", act(json!({ "act": "wake" })), &cookie).await;
    assert_eq!(done, 0, "it has ended");

    // The record is written beside the beat.
    let page: AlertPage = loop {
        let question = json!({ "question": { "hosts": [1], "kinds": ["memory"], "level": null, "open": false, "from_ms": null,
            "to_ms": null, "before_id": null, "limit": 10 } });
        let page: AlertPage = answer(&app, "/api/alerts/list", question, &cookie).await;
        if !page.alerts.is_empty() {
            break page;
        }
    };
    assert_eq!((page.alerts[0].id, page.alerts[0].worst, page.more), (alert.id, Level::Critical, false));
    let steps: Vec<AlertStep> = answer(&app, "/api/alerts/steps", json!({ "id": alert.id }), &cookie).await;
    let changes: Vec<(AlertChange, &str)> = steps.iter().map(|step| (step.change, step.by.as_str())).collect();
    let expected =
        [(AlertChange::Fired, ""), (AlertChange::Raised, ""), (AlertChange::Acknowledged, "ann"), (AlertChange::Resolved, "ann")];
    assert_eq!(changes, expected);
    let held: Vec<HeldRule> = answer(&app, "/api/alerts/rules/host", json!({ "id": 1 }), &cookie).await;
    let of_memory = held.iter().find(|held| held.kind == AlertKind::Memory).unwrap();
    assert_eq!(of_memory.from, RuleOrigin::Rule { id, scope: RuleScope::Host(1) });
    let () = answer(&app, "/api/alerts/rules/delete", json!({ "id": id }), &cookie).await;
    let held: Vec<HeldRule> = answer(&app, "/api/alerts/rules/host", json!({ "id": 1 }), &cookie).await;
    assert_eq!(held.iter().find(|held| held.kind == AlertKind::Memory).unwrap().from, RuleOrigin::BuiltIn);
}

#[tokio::test]
async fn a_replay_counts_what_the_store_holds() {
    let (app, cookie) = TestApp::start_set_up().await;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64;
    let first = (now - 3 * 86_400_000) / WINDOW_MS * WINDOW_MS;
    // Two days in which memory is high for twenty minutes of every hour, and for the whole last hour.
    let high = |index: i64| index % 360 < 120 || index >= 47 * 360;
    let row = |index: i64| SampleRow {
        host_id: 1,
        at_ms: first + index * WINDOW_MS,
        source: protocol::host::Source::Local,
        series: vec![("memory_percent".parse().unwrap(), Stat { count: 20, ..Stat::of(if high(index) { 90.0 } else { 40.0 }) })],
    };
    let store = Store::open(&app.database_path()).await.unwrap();
    let rows: Vec<SampleRow> = (0..48 * 360).map(row).collect();
    for rows in rows.chunks(5_000) {
        store.insert_samples(rows).await.unwrap();
    }
    let form = json!({ "form": rule("memory", "85", "95"), "days": 7 });
    let replay: Replay = answer(&app, "/api/alerts/rules/replay", form, &cookie).await;
    assert_eq!((replay.hosts, replay.looked_at, replay.count, replay.critical), (1, 1, 48, 0));
    assert_eq!(replay.step_ms, 10_000);
    assert!(replay.longest_ms >= 3_600_000 && replay.longest_ms < 2 * 86_400_000, "{}", replay.longest_ms);
    let stricter: Replay =
        answer(&app, "/api/alerts/rules/replay", json!({ "form": rule("memory", "91", "95"), "days": 7 }), &cookie).await;
    assert_eq!(stricter.count, 0);
    let not_stored: Replay =
        answer(&app, "/api/alerts/rules/replay", json!({ "form": rule("clock_skew", "1", ""), "days": 7 }), &cookie).await;
    assert_eq!((not_stored.looked_at, not_stored.covered_ms), (0, 0));
}

#[tokio::test]
async fn wrong_rules_windows_and_ways_name_their_field() {
    let (app, cookie) = TestApp::start_set_up().await;
    for (path, arguments, field) in [
        ("/api/alerts/rules/save", json!({ "form": rule("memory", "x", "") }), Field::Warning),
        ("/api/alerts/rules/replay", json!({ "form": rule("memory", "5", ""), "days": 91 }), Field::Range),
        ("/api/alerts/behind/save", json!({ "id": 1, "behind": 1 }), Field::Behind),
        ("/api/alerts/act", json!({ "ids": [], "act": { "act": "snooze", "until_ms": 1 } }), Field::SnoozeUntil),
        ("/api/alerts/act", json!({ "ids": [], "act": { "act": "acknowledge", "note": "x".repeat(501) } }), Field::Note),
    ] {
        let (status, error) = error_of(app.call(path, &arguments, Some(&cookie)).await).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && error.reason_for(field).is_some(), "{path}: {error:?}");
    }
    let mut other = rule("memory", "5", "");
    other["scope"]["of"] = json!(99);
    let refused = error_of(app.call("/api/alerts/rules/save", &json!({ "form": other }), Some(&cookie)).await).await;
    assert_eq!(refused, (StatusCode::NOT_FOUND, ApiError::NotFound));

    let weekly = |zone: &str| {
        json!({ "form": { "id": 0, "name": "night", "plan": { "scope": { "scope": "group", "of": "web" },
            "time": { "time": "weekly", "days": [1, 2, 3, 4, 5, 6, 7], "start_minute": 0, "minutes": 10_080, "time_zone": zone } } } })
    };
    let (_, error) = error_of(app.call("/api/alerts/maintenance/save", &weekly("Mars"), Some(&cookie)).await).await;
    assert_eq!(error.reason_for(Field::TimeZone), Some(&FieldReason::NotATimeZone));
    let id: i64 = answer(&app, "/api/alerts/maintenance/save", weekly("Asia/Shanghai"), &cookie).await;
    let windows: Vec<MaintenanceView> = answer(&app, "/api/alerts/maintenance", json!({}), &cookie).await;
    assert_eq!((windows.len(), windows[0].id, windows[0].active, windows[0].created_by.as_str()), (1, id, true, "ann"));
    let () = answer(&app, "/api/alerts/maintenance/delete", json!({ "id": id }), &cookie).await;
    let windows: Vec<MaintenanceView> = answer(&app, "/api/alerts/maintenance", json!({}), &cookie).await;
    assert!(windows.is_empty());
}
