//! How long a session lives. The room itself, with the time passed in; the rest over HTTP.

use crate::test_app::{PASSWORD, TestApp, USER, cookie_of, text};
use app::backend::Session;
use reqwest::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Instant;
use tactus::auth::{ABSOLUTE_LIMIT_MS, Accounts, AuthError, IDLE_LIMIT_MS};
use tactus::store::Store;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const PEER: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const START_MS: i64 = 1_800_000_000_000;

struct Room {
    accounts: Accounts,
    _folder: TempDir,
}

impl Room {
    /// A room with an administrator who set up at [`START_MS`], and the cookie of that session.
    async fn open() -> (Self, String) {
        let folder = tempfile::tempdir().unwrap();
        let accounts = Accounts::new(Store::open(&folder.path().join("tactus.db")).await.unwrap()).await.unwrap();
        let token = accounts.issue_setup_token().unwrap();
        let session = accounts.set_up(PEER, token, USER, PASSWORD.into(), START_MS).await.unwrap();
        (Self { accounts, _folder: folder }, cookie(&session))
    }

    async fn session(&self, cookie: &str, now_ms: i64) -> Option<Session> {
        self.accounts.resolve(cookie, false, now_ms).await.unwrap()
    }
}

fn cookie(token: &SecretString) -> String {
    format!("tactus_session={}", token.expose_secret())
}

#[tokio::test]
async fn a_session_ends_when_it_is_idle() {
    let (room, cookie) = Room::open().await;
    assert!(room.session(&cookie, START_MS + IDLE_LIMIT_MS - 1).await.is_some(), "and this was a use");
    assert!(room.session(&cookie, START_MS + 2 * IDLE_LIMIT_MS - 2).await.is_some());
    assert!(room.session(&cookie, START_MS + 3 * IDLE_LIMIT_MS - 2).await.is_none());
    assert!(room.session(&cookie, START_MS).await.is_none(), "what has ended stays ended");
}

#[tokio::test]
async fn a_session_ends_after_a_day_however_busy() {
    let (room, cookie) = Room::open().await;
    let steps = ABSOLUTE_LIMIT_MS / (IDLE_LIMIT_MS / 2);
    for step in 0..steps {
        assert!(room.session(&cookie, START_MS + step * (IDLE_LIMIT_MS / 2)).await.is_some(), "step {step}");
    }
    assert!(room.session(&cookie, START_MS + ABSOLUTE_LIMIT_MS - 1).await.is_some());
    assert!(room.session(&cookie, START_MS + ABSOLUTE_LIMIT_MS).await.is_none());
}

#[tokio::test]
async fn an_open_socket_keeps_a_session_alive_up_to_a_day() {
    let (room, cookie) = Room::open().await;
    let id = room.session(&cookie, START_MS).await.unwrap().id;
    let lease = room.accounts.open_socket(id, &CancellationToken::new(), START_MS).await.unwrap();
    let mut now_ms = START_MS;
    while now_ms < START_MS + ABSOLUTE_LIMIT_MS - 60_000 {
        now_ms += 60_000;
        room.accounts.tick(now_ms).await.unwrap();
        room.accounts.delete_expired(now_ms).await.unwrap();
    }
    assert!(!lease.ended().is_cancelled());
    assert!(room.session(&cookie, now_ms).await.is_some());
    room.accounts.tick(START_MS + ABSOLUTE_LIMIT_MS).await.unwrap();
    assert!(lease.ended().is_cancelled());
    assert!(room.session(&cookie, now_ms).await.is_none());
}

#[tokio::test]
async fn a_closed_socket_keeps_nothing_alive() {
    let (room, cookie) = Room::open().await;
    let id = room.session(&cookie, START_MS).await.unwrap().id;
    let stop = CancellationToken::new();
    let (first, second) =
        (room.accounts.open_socket(id, &stop, START_MS).await.unwrap(), room.accounts.open_socket(id, &stop, START_MS).await.unwrap());
    drop(first);
    room.accounts.tick(START_MS + IDLE_LIMIT_MS - 1).await.unwrap();
    drop(second);
    room.accounts.tick(START_MS + 2 * IDLE_LIMIT_MS - 2).await.unwrap();
    assert!(room.session(&cookie, START_MS + 2 * IDLE_LIMIT_MS - 1).await.is_none());
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions_and_their_sockets() {
    let (room, first) = Room::open().await;
    let second = cookie(&room.accounts.log_in(PEER, USER, PASSWORD.into(), START_MS).await.unwrap());
    let (kept, other) = (room.session(&first, START_MS).await.unwrap(), room.session(&second, START_MS).await.unwrap());
    let stop = CancellationToken::new();
    let leases = [
        room.accounts.open_socket(kept.id, &stop, START_MS).await.unwrap(),
        room.accounts.open_socket(other.id, &stop, START_MS).await.unwrap(),
    ];
    assert!(room.accounts.change_password(&kept, "short".into(), Some(kept.id)).await.is_err());
    room.accounts.change_password(&kept, "another good one".into(), Some(kept.id)).await.unwrap();
    assert_eq!(leases.each_ref().map(|lease| lease.ended().is_cancelled()), [false, true]);
    assert!(room.session(&first, START_MS).await.is_some());
    assert!(room.session(&second, START_MS).await.is_none());
    assert!(room.accounts.log_in(PEER, USER, PASSWORD.into(), START_MS).await.is_err());
    assert!(room.accounts.log_in(PEER, USER, "another good one".into(), START_MS).await.is_ok());
}

#[tokio::test]
async fn a_socket_that_opens_while_its_session_ends_is_told_so() {
    let (room, cookie) = Room::open().await;
    let id = room.session(&cookie, START_MS).await.unwrap().id;
    room.accounts.end_session(id).await.unwrap();
    let lease = room.accounts.open_socket(id, &CancellationToken::new(), START_MS).await.unwrap();
    assert!(lease.ended().is_cancelled());
}

#[tokio::test]
async fn the_database_holds_no_token() {
    let (app, cookie) = TestApp::start_set_up().await;
    let token = cookie.split_once('=').unwrap().1;
    assert_eq!(token.len(), 64);
    let stored: Vec<u8> = sqlx::query_scalar("SELECT token_sha256 FROM session").fetch_one(&app.database().await).await.unwrap();
    assert_eq!(stored.len(), 32);
    let with_the_hash: String = stored.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_ne!(with_the_hash, token);
    assert_eq!(app.me(&format!("tactus_session={with_the_hash}")).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn logout_takes_session_and_cookie_away() {
    let (app, cookie) = TestApp::start_set_up().await;
    let response = app.call("/api/logout", &json!({}), Some(&cookie)).await;
    assert!(text(response.headers(), "set-cookie").starts_with("tactus_session=; Path=/; Max-Age=0;"));
    assert_eq!(app.me(&cookie).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_new_login_ends_the_former_session_of_that_browser() {
    let (app, former) = TestApp::start_set_up().await;
    let form = json!({ "form": { "user_name": USER, "password": PASSWORD } });
    let new = cookie_of(&app.call("/api/login", &form, Some(&former)).await);
    assert_ne!(new, former);
    assert_eq!(app.me(&former).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(app.me(&new).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn an_unknown_user_costs_a_hash_like_a_known_one() {
    let (room, _) = Room::open().await;
    let mut shortest = [f64::MAX, f64::MAX];
    // Two orders of magnitude lie between a login with a hash and one without, so half is a wide margin for a busy machine. That both
    // hashes cost the same is shown by their parameters, in the room's own tests.
    for round in 0..60 {
        for (name, shortest) in [USER, "nobody"].into_iter().zip(&mut shortest) {
            let began = Instant::now();
            let refused = room.accounts.log_in(PEER, name, "wrong password".into(), START_MS + round * 60_000).await;
            assert!(matches!(refused, Err(AuthError::WrongLogin)));
            *shortest = shortest.min(began.elapsed().as_secs_f64());
        }
        if (0.5..2.0).contains(&(shortest[1] / shortest[0])) && round >= 4 {
            return;
        }
    }
    panic!("known and unknown user: {shortest:?} s");
}
