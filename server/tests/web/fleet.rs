//! Many hosts at once, over the API: batches, groups, pause, hosts without an agent.

use crate::test_app::{TestApp, json_feed};
use app::error::{ApiError, Field, FieldReason};
use app::views::{BatchAdded, BatchLine, HostSummary};
use futures_util::{Stream, StreamExt};
use protocol::deploy::{DeployAction, DeployFailure, DeployProgress};
use protocol::host::HostStatus;
use protocol::live::{Event, ServerMessage};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::HashMap;
use tokio::net::TcpListener;

async fn ask<T: DeserializeOwned>(app: &TestApp, cookie: &str, path: &str, body: Value) -> T {
    let answer = app.call(&format!("/api/hosts/{path}"), &body, Some(cookie)).await;
    answer.error_for_status().unwrap().json().await.unwrap()
}

async fn list(app: &TestApp, cookie: &str) -> Vec<HostSummary> {
    ask(app, cookie, "list", json!({})).await
}

/// A port on which nobody listens.
async fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}

/// The ends of the actions on `count` hosts.
async fn ends(feed: &mut (impl Stream<Item = ServerMessage> + Unpin), count: usize) -> HashMap<i64, DeployProgress> {
    let mut ended = HashMap::new();
    while ended.len() < count {
        if let ServerMessage::Event(Event::Deploy(progress)) = feed.next().await.expect("still open")
            && progress.finished
        {
            ended.insert(progress.host_id, progress);
        }
    }
    ended
}

#[tokio::test]
async fn a_batch_is_shown_first_and_one_failure_stops_nobody() {
    let (app, cookie) = TestApp::start_set_up().await;
    let mut feed = json_feed(&app, &cookie).await;
    let ports = [closed_port().await, closed_port().await, closed_port().await];
    let text = format!(
        "root:canary-password@127.0.0.1:{} =cmd()\n127.0.0.1:{}\n<script>\n127.0.0.1:{0} again\n127.0.0.1:{} left out\n",
        ports[0], ports[1], ports[2]
    );
    let form = json!({ "kind": "list", "text": text, "defaults": { "password": "default-canary", "group": "web" } });
    let shown = app.call("/api/hosts/preview_batch", &json!({ "form": form }), Some(&cookie)).await.text().await.unwrap();
    assert!(!shown.contains("canary"), "a secret comes back: {shown}");
    let lines: Vec<BatchLine> = serde_json::from_str(&shown).unwrap();
    let errors: Vec<(usize, Option<FieldReason>)> =
        lines.iter().map(|line| (line.line, line.errors.first().map(|error| error.reason.clone()))).collect();
    let expected = [(1, None), (2, None), (3, Some(FieldReason::NotAnAddress)), (4, Some(FieldReason::Repeated { line: 1 })), (5, None)];
    assert_eq!(errors, expected);
    assert!(list(&app, &cookie).await.iter().all(|host| host.local), "nothing is added yet");

    // What is not right is not added, even when somebody asks for it.
    let added: Vec<BatchAdded> = ask(&app, &cookie, "create_batch", json!({ "form": form, "lines": [1, 2, 3, 4, 99] })).await;
    assert_eq!(added.iter().map(|added| added.line).collect::<Vec<_>>(), [1, 2]);
    let ended = ends(&mut feed, 2).await;
    for (added, port) in added.iter().zip(ports) {
        let refused = DeployFailure::ConnectionRefused { address: "127.0.0.1".into(), port };
        assert_eq!(ended[&added.host_id].failure, Some(refused));
    }
    let hosts = list(&app, &cookie).await;
    let first = hosts.iter().find(|host| host.card.id == added[0].host_id).unwrap();
    assert_eq!((first.remark.as_str(), first.card.group.as_str(), first.card.name.as_str()), ("=cmd()", "web", "=cmd()"));

    // Once more: they are there already.
    let lines: Vec<BatchLine> = ask(&app, &cookie, "preview_batch", json!({ "form": form })).await;
    assert_eq!(lines[0].errors[0].reason, FieldReason::Taken { name: "=cmd()".into() });
    let added: Vec<BatchAdded> = ask(&app, &cookie, "create_batch", json!({ "form": form, "lines": [1, 2] })).await;
    assert_eq!(added, []);

    let unusable = json!({ "form": { "kind": "csv", "text": "colour\nred\n", "defaults": {} } });
    let error: ApiError = app.call("/api/hosts/preview_batch", &unusable, Some(&cookie)).await.json().await.unwrap();
    assert_eq!(error.reason_for(Field::Batch), Some(&FieldReason::UnknownColumn { name: "colour".into() }));
}

#[tokio::test]
async fn a_paused_host_is_left_alone_until_it_is_resumed() {
    let (app, cookie) = TestApp::start_set_up().await;
    let mut feed = json_feed(&app, &cookie).await;
    let port = closed_port().await;
    let form = json!({ "address": "127.0.0.1", "port": port.to_string(), "password": "x", "remark": "a", "agentless": true });
    let id: i64 = ask(&app, &cookie, "create", json!({ "form": form })).await;
    let ended = ends(&mut feed, 1).await;
    assert_eq!(ended[&id].action, DeployAction::Check, "nothing is installed on a host without an agent");
    let status = async || list(&app, &cookie).await.into_iter().find(|host| host.card.id == id).unwrap();
    for (paused, expected) in [(true, HostStatus::Paused), (true, HostStatus::Paused), (false, HostStatus::Offline)] {
        let _: () = ask(&app, &cookie, "pause", json!({ "ids": [id, 1, 99], "paused": paused })).await;
        // The list tells what the newest frame says.
        while status().await.status != expected {
            feed.next().await.expect("still open");
        }
        assert_eq!(status().await.paused, paused);
    }
    // An edit does not resume, and keeps what it does not say.
    let _: () = ask(&app, &cookie, "pause", json!({ "ids": [id], "paused": true })).await;
    let changed = json!({ "address": "127.0.0.1", "port": port.to_string(), "remark": "b", "group": "g", "agentless": true });
    let _: () = ask(&app, &cookie, "update", json!({ "id": id, "form": changed })).await;
    let host = status().await;
    assert!(host.paused && host.card.agentless);
    assert_eq!((host.card.name.as_str(), host.card.group.as_str()), ("b", "g"));
}

#[tokio::test]
async fn wrong_settings_of_sources_are_named() {
    let (app, cookie) = TestApp::start_set_up().await;
    let form = json!({
        "address": "10.0.0.1", "password": "x", "group": "g".repeat(41), "exporter_port": "0", "exporter_tls": true,
        "exporter_user": "a:b",
    });
    let error: ApiError = app.call("/api/hosts/create", &json!({ "form": form }), Some(&cookie)).await.json().await.unwrap();
    for (field, reason) in [
        (Field::Group, FieldReason::TooLong { most: 40 }),
        (Field::ExporterPort, FieldReason::NotInRange { least: 1, most: 65_535 }),
        (Field::ExporterCertificate, FieldReason::Required),
        (Field::ExporterUser, FieldReason::BadCharacters),
    ] {
        assert_eq!(error.reason_for(field), Some(&reason));
    }
    for call in ["restrict", "deploy"] {
        let error: ApiError = app.call(&format!("/api/hosts/{call}"), &json!({ "id": 1 }), Some(&cookie)).await.json().await.unwrap();
        assert_eq!(error, ApiError::Forbidden, "{call}");
    }
    let error: ApiError = app.call("/api/hosts/upgrade", &json!({ "ids": [99] }), Some(&cookie)).await.json().await.unwrap();
    assert_eq!(error, ApiError::NotFound);
    let error: ApiError = app.call("/api/hosts/upgrade", &json!({ "ids": [1] }), Some(&cookie)).await.json().await.unwrap();
    assert_eq!(error, ApiError::Deploy(DeployFailure::NoAgent));
}
