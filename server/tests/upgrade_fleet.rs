//! Agents of several hosts upgraded through a whole centre: one first, and the rest only when that one is well.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;
#[allow(dead_code, reason = "the web tests use the rest")]
#[path = "web/test_app.rs"]
mod test_app;

use app::views::HostSummary;
use futures_util::{Stream, StreamExt};
use protocol::deploy::{DeployAction, DeployFailure, DeployProgress};
use protocol::host::HostStatus;
use protocol::live::{Event, ServerMessage};
use secrecy::ExposeSecret;
use serde_json::json;
use std::path::Path;
use support::systemd_host::{SystemdHost, artifacts};
use tactus::deploy::ARCHITECTURES;
use tactus::ssh::{Credential, Target};
use test_app::{PASSWORD, TestApp, USER, cookie_of, json_feed};

const MARK: &str = "tactus-agent-version=";

/// The next end of an action on a host.
async fn end_of(feed: &mut (impl Stream<Item = ServerMessage> + Unpin), host_id: i64, action: DeployAction) -> DeployProgress {
    loop {
        if let ServerMessage::Event(Event::Deploy(progress)) = feed.next().await.expect("still open")
            && (progress.host_id, progress.action, progress.finished) == (host_id, action, true)
        {
            return progress;
        }
    }
}

/// Replaces the agents that the centre carries by the real ones, changed.
fn carry(folder: &Path, real: &Path, change: impl Fn(Vec<u8>) -> Vec<u8>) {
    for architecture in ARCHITECTURES {
        let name = format!("tactus-agent-{architecture}");
        if let Ok(bytes) = std::fs::read(real.join(&name)) {
            std::fs::write(folder.join(&name), change(bytes)).unwrap();
        }
    }
}

fn newer(mut bytes: Vec<u8>) -> Vec<u8> {
    let at = bytes.windows(MARK.len()).position(|window| window == MARK.as_bytes()).unwrap() + MARK.len();
    bytes[at] = b'9';
    bytes
}

fn form(target: &Target) -> serde_json::Value {
    let Credential::Password(password) = &target.credential else { panic!("a password") };
    json!({ "address": target.address, "port": target.port.to_string(), "user": target.user, "password": password.expose_secret() })
}

#[tokio::test]
async fn a_canary_that_fails_stops_the_others_and_one_that_is_well_lets_them_follow() {
    let Some(_) = artifacts() else { return };
    let (Some(one), Some(two)) = (SystemdHost::take().await, SystemdHost::take_openrc().await) else { return };
    let real = std::env::var_os("TACTUS_TEST_AGENTS")
        .map_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../target/agents").into(), std::path::PathBuf::from);
    let carried = tempfile::tempdir().unwrap();
    carry(carried.path(), &real, |bytes| bytes);
    let app = TestApp::start_with(&[("AGENTS_DIR", carried.path().to_str().unwrap())]).await;
    let cookie = cookie_of(&app.set_up(&app.setup_token, USER, PASSWORD).await);
    let mut feed = json_feed(&app, &cookie).await;
    let mut ids = Vec::new();
    for host in [&one, &two] {
        let created = app.call("/api/hosts/create", &json!({ "form": form(&host.root) }), Some(&cookie)).await;
        let id: i64 = created.error_for_status().unwrap().json().await.unwrap();
        assert_eq!(end_of(&mut feed, id, DeployAction::Install).await.failure, None);
        ids.push(id);
    }
    let list = async || -> Vec<HostSummary> {
        let hosts: Vec<HostSummary> = app.call("/api/hosts/list", &json!({}), Some(&cookie)).await.json().await.unwrap();
        hosts.into_iter().filter(|host| !host.local).collect()
    };
    assert!(list().await.iter().all(|host| host.upgrade_to.is_none()), "the same version is no upgrade");

    carry(carried.path(), &real, |_| format!("#!/bin/sh\n# {MARK}9.1.0;\nexit 7\n").into_bytes());
    assert!(list().await.iter().all(|host| host.upgrade_to.as_deref() == Some("9.1.0")));
    let before = two.sh("pgrep -f '^/usr/local/lib/tactus/tactus-agent serve'").await;
    app.call("/api/hosts/upgrade", &json!({ "ids": ids }), Some(&cookie)).await.error_for_status().unwrap();
    let canary = end_of(&mut feed, ids[0], DeployAction::Upgrade).await;
    assert!(matches!(canary.failure, Some(DeployFailure::ServiceFailed { .. })) && canary.cleaned, "{canary:?}");
    let other = end_of(&mut feed, ids[1], DeployAction::Upgrade).await;
    assert!(matches!(other.failure, Some(DeployFailure::CanaryFailed { .. })), "{other:?}");
    assert_eq!(two.sh("pgrep -f '^/usr/local/lib/tactus/tactus-agent serve'").await, before, "it was touched");
    assert!(list().await.iter().all(|host| host.last_failure.is_none()), "both are as well as before");

    carry(carried.path(), &real, newer);
    app.call("/api/hosts/upgrade", &json!({ "ids": ids }), Some(&cookie)).await.error_for_status().unwrap();
    for id in &ids {
        assert_eq!(end_of(&mut feed, *id, DeployAction::Upgrade).await.failure, None);
    }
    for host in list().await {
        assert!(host.card.agent_version.starts_with('9'), "{}", host.card.agent_version);
        assert!(matches!(host.status, HostStatus::Online | HostStatus::Degraded), "{:?}", host.status);
        let gone = json!({ "id": host.card.id, "uninstall": true });
        app.call("/api/hosts/delete", &gone, Some(&cookie)).await.error_for_status().unwrap();
    }
    one.assert_nothing_left().await;
    two.assert_nothing_left().await;
}
