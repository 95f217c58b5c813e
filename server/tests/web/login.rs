//! Login: who gets in, how often one may guess, what the cookie looks like.

use crate::test_app::{PASSWORD, TestApp, USER, cookie_of, error_of, setup_form, text};
use app::error::{ApiError, Field, FieldReason};
use reqwest::header::{HeaderMap, ORIGIN};
use reqwest::{Method, StatusCode};
use serde_json::json;

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_look_the_same() {
    let (app, _) = TestApp::start_set_up().await;
    let wrong = (StatusCode::UNPROCESSABLE_ENTITY, ApiError::field(Field::Password, FieldReason::WrongLogin));
    for (name, password) in [(USER, "wrong password"), ("nobody", PASSWORD), (USER, "x"), ("' OR 1=1 --", PASSWORD)] {
        assert_eq!(error_of(app.log_in(name, password).await).await, wrong, "{name}");
    }
    for name in [USER, " ANN "] {
        let cookie = cookie_of(&app.log_in(name, PASSWORD).await);
        assert_eq!(app.me(&cookie).await.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn ten_failures_a_minute_for_each_address() {
    let (app, cookie) = TestApp::start_set_up().await;
    for number in 0..10 {
        assert_eq!(app.log_in(&format!("user{number}"), "wrong password").await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    let response = app.log_in(USER, PASSWORD).await;
    let seconds: u64 = text(response.headers(), "retry-after").parse().unwrap();
    assert!((1..=60).contains(&seconds));
    assert_eq!(error_of(response).await, (StatusCode::TOO_MANY_REQUESTS, ApiError::Throttled { wait_s: seconds }));
    assert_eq!(app.me(&cookie).await.status(), StatusCode::OK, "who is inside stays inside");
}

#[tokio::test]
async fn ten_failures_a_minute_for_each_account_from_many_addresses() {
    let app = TestApp::start_with(&[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    app.set_up(&app.setup_token, USER, PASSWORD).await.error_for_status().unwrap();
    let log_in = async |peer: &str, name: &str, password: &str| {
        let request = app.request(Method::POST, "/api/login").header(ORIGIN, app.origin()).header("x-forwarded-for", peer);
        request.json(&json!({ "form": { "user_name": name, "password": password } })).send().await.unwrap().status()
    };
    // Ten at once, so that tries count before they have failed.
    let peers: Vec<String> = (0..20).map(|number| format!("192.0.2.{number}")).collect();
    let tries = futures_util::future::join_all(peers.iter().map(|peer| log_in(peer, "ANN", "wrong password"))).await;
    assert_eq!(tries.iter().filter(|status| **status == StatusCode::UNPROCESSABLE_ENTITY).count(), 10, "{tries:?}");
    assert_eq!(log_in("198.51.100.1", "ann", PASSWORD).await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(log_in("198.51.100.1", "bob", PASSWORD).await, StatusCode::UNPROCESSABLE_ENTITY, "others are not locked out");
}

#[tokio::test]
async fn successes_are_not_slowed_down() {
    let (app, _) = TestApp::start_set_up().await;
    for _ in 0..12 {
        assert_eq!(app.log_in(USER, PASSWORD).await.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn the_cookie_is_bound_to_tls_where_there_is_tls() {
    for (variables, forwarded, secure) in [
        (vec![], None, false),
        (vec![], Some("https"), false),
        (vec![("TRUSTED_PROXIES", "127.0.0.1")], Some("https"), true),
        (vec![("TRUSTED_PROXIES", "127.0.0.1")], Some("http"), false),
        (vec![("TRUSTED_PROXIES", "192.0.2.1")], Some("https"), false),
        (vec![("PUBLIC_URL", "https://tactus.example.org")], None, true),
    ] {
        let app = TestApp::start_with(&variables).await;
        let public = variables.iter().find(|(key, _)| *key == "PUBLIC_URL");
        let mut headers = HeaderMap::new();
        headers.insert(ORIGIN, public.map_or(app.origin(), |(_, url)| (*url).to_owned()).parse().unwrap());
        forwarded.map(|scheme| headers.insert("x-forwarded-proto", scheme.parse().unwrap()));
        let form = setup_form(&app.setup_token, USER, PASSWORD, PASSWORD);
        let response = app.request(Method::POST, "/api/setup").headers(headers.clone()).json(&form).send().await.unwrap();
        let cookie = text(response.headers(), "set-cookie");
        let name = if secure { "__Host-tactus_session=" } else { "tactus_session=" };
        assert!(cookie.starts_with(name), "{variables:?} {forwarded:?}: {cookie}");
        assert_eq!(cookie.contains("; Secure"), secure, "{cookie}");
        for flag in ["; HttpOnly", "; SameSite=Lax", "; Path=/"] {
            assert!(cookie.contains(flag), "{cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
        let pair = cookie.split(';').next().unwrap();
        let me = app.request(Method::POST, "/api/me").headers(headers).header("cookie", pair).json(&json!({})).send().await.unwrap();
        assert_eq!(me.status(), StatusCode::OK, "{variables:?} {forwarded:?}");
    }
}
