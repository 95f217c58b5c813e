//! A host's life through the page's own calls: added once, failed with its reason, changed, deleted; and the JSON live feed.

use crate::test_app::{TestApp, json_feed};
use app::error::{ApiError, Field, FieldReason};
use app::views::HostSummary;
use futures_util::StreamExt;
use protocol::deploy::{DeployFailure, DeployProgress, DeployStep};
use protocol::live::{Event, ServerMessage};
use serde_json::{Value, json};

fn form(address: &str, port: u16, remark: &str) -> Value {
    json!({
        "address": address, "port": port.to_string(), "user": "root", "method": "password", "password": "canary-password", "private_key": "",
        "passphrase": "", "sudo_password": "", "remark": remark, "tags": "web", "cpu_threshold": "80", "memory_threshold": "85",
        "disk_threshold": "90", "fingerprint": "",
    })
}

/// A port on loopback that refuses connections.
async fn closed_port() -> u16 {
    tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}

async fn finished(feed: &mut (impl futures_util::Stream<Item = ServerMessage> + Unpin), host_id: i64) -> DeployProgress {
    loop {
        if let ServerMessage::Event(Event::Deploy(progress)) = feed.next().await.expect("still open")
            && progress.host_id == host_id
            && progress.finished
        {
            return progress;
        }
    }
}

#[tokio::test]
async fn a_host_is_added_once_and_a_failure_says_why_and_loses_nothing() {
    let (app, cookie) = TestApp::start_set_up().await;
    let mut feed = json_feed(&app, &cookie).await;
    assert!(matches!(feed.next().await, Some(ServerMessage::Hello(_))));
    let port = closed_port().await;
    let created = app.call("/api/hosts/create", &json!({ "form": form("127.0.0.1", port, "first") }), Some(&cookie)).await;
    let id: i64 = created.error_for_status().unwrap().json().await.unwrap();
    let progress = finished(&mut feed, id).await;
    let refused = DeployFailure::ConnectionRefused { address: "127.0.0.1".into(), port };
    assert_eq!((progress.failure.clone(), progress.cleaned), (Some(refused.clone()), true));

    let get = async |id: i64| {
        let answer = app.call("/api/hosts/get", &json!({ "id": id }), Some(&cookie)).await;
        answer.error_for_status().unwrap().text().await.unwrap()
    };
    let text = get(id).await;
    assert!(!text.contains("canary-password"), "a secret never comes back");
    let host: HostSummary = serde_json::from_str(&text).unwrap();
    assert_eq!((host.remark.as_str(), host.last_failure), ("first", Some((DeployStep::Connect, refused))));

    let twice = app.call("/api/hosts/create", &json!({ "form": form("127.0.0.1", port, "second") }), Some(&cookie)).await;
    let error: ApiError = twice.json().await.unwrap();
    assert_eq!(error.reason_for(Field::Address), Some(&FieldReason::Taken { name: "first".into() }));

    let mut changed = form("127.0.0.1", port, "renamed");
    changed["password"] = json!("");
    app.call("/api/hosts/update", &json!({ "id": id, "form": changed }), Some(&cookie)).await.error_for_status().unwrap();
    assert_eq!(serde_json::from_str::<HostSummary>(&get(id).await).unwrap().card.name, "renamed");
    app.call("/api/hosts/deploy", &json!({ "id": id }), Some(&cookie)).await.error_for_status().unwrap();
    assert_eq!(finished(&mut feed, id).await.failure, progress.failure, "the kept password is tried again");

    app.call("/api/hosts/delete", &json!({ "id": id, "uninstall": true }), Some(&cookie)).await.error_for_status().unwrap();
    let gone: ApiError = app.call("/api/hosts/get", &json!({ "id": id }), Some(&cookie)).await.json().await.unwrap();
    assert_eq!(gone, ApiError::NotFound);
}

#[tokio::test]
async fn wrong_addresses_are_named_and_the_own_machine_stays() {
    let (app, cookie) = TestApp::start_set_up().await;
    for (address, reason) in [
        ("http://x", FieldReason::NotAnAddress),
        ("a;b", FieldReason::NotAnAddress),
        ("169.254.169.254", FieldReason::ForbiddenAddress),
        ("", FieldReason::Required),
    ] {
        let answer = app.call("/api/hosts/create", &json!({ "form": form(address, 22, "") }), Some(&cookie)).await;
        let error: ApiError = answer.json().await.unwrap();
        assert_eq!(error.reason_for(Field::Address), Some(&reason), "{address}");
    }
    for call in ["/api/hosts/deploy", "/api/hosts/forget_key"] {
        let error: ApiError = app.call(call, &json!({ "id": 1 }), Some(&cookie)).await.json().await.unwrap();
        assert_eq!(error, ApiError::Forbidden, "{call}");
    }
    let error: ApiError = app.call("/api/hosts/delete", &json!({ "id": 1, "uninstall": false }), Some(&cookie)).await.json().await.unwrap();
    assert_eq!(error, ApiError::Forbidden);
}
