//! The first start: one administrator, by whoever sees the console.

use crate::test_app::{PASSWORD, TestApp, USER, cookie_of, error_of, setup_form};
use app::error::{ApiError, Field, FieldReason};
use reqwest::StatusCode;
use serde_json::Value;
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

async fn refusal(app: &TestApp, form: &Value) -> ApiError {
    let (status, error) = error_of(app.call("/api/setup", form, None).await).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{error:?}");
    error
}

#[tokio::test]
async fn every_wrong_field_is_named() {
    let app = TestApp::start().await;
    let token = app.setup_token.clone();
    let long = "x".repeat(65);
    let huge = "ab".repeat(129);
    for (token, name, password, field, reason) in [
        ("", USER, PASSWORD, Field::SetupToken, FieldReason::Required),
        ("wrong", USER, PASSWORD, Field::SetupToken, FieldReason::WrongToken),
        (&token[1..], USER, PASSWORD, Field::SetupToken, FieldReason::WrongToken),
        (&token, " ", PASSWORD, Field::UserName, FieldReason::Required),
        (&token, &long, PASSWORD, Field::UserName, FieldReason::TooLong { most: 64 }),
        (&token, "a\u{7}b", PASSWORD, Field::UserName, FieldReason::BadCharacters),
        (&token, USER, "", Field::Password, FieldReason::Required),
        (&token, USER, "short", Field::Password, FieldReason::TooShort { least: 10 }),
        (&token, USER, &huge, Field::Password, FieldReason::TooLong { most: 256 }),
        (&token, "alexandria", "Alexandria", Field::Password, FieldReason::TooWeak),
        (&token, USER, "password123", Field::Password, FieldReason::TooWeak),
    ] {
        let error = refusal(&app, &setup_form(token, name, password, password)).await;
        assert_eq!(error, ApiError::field(field, reason), "{name} {password}");
    }
    let differs = refusal(&app, &setup_form(&token, USER, PASSWORD, "something else")).await;
    assert_eq!(differs, ApiError::field(Field::PasswordAgain, FieldReason::Differs));

    // Nothing of this has used up the token, and the name is tidied up.
    let cookie = cookie_of(&app.set_up(&format!(" {token}\n"), " ann ", PASSWORD).await);
    let me: Value = app.me(&cookie).await.json().await.unwrap();
    assert_eq!(me, serde_json::json!({ "name": "ann", "role": "admin" }));
}

#[tokio::test]
async fn a_hundred_racing_set_ups_make_one_administrator() {
    let app = TestApp::start().await;
    let names: Vec<String> = (0..100).map(|number| format!("user{number}")).collect();
    let tries = names.iter().map(|name| app.set_up(&app.setup_token, name, PASSWORD));
    let answers = futures_util::future::join_all(tries).await;
    let count = |status| answers.iter().filter(|answer| answer.status() == status).count();
    assert_eq!(
        (count(StatusCode::OK), count(StatusCode::FORBIDDEN)),
        (1, 99),
        "{:?}",
        answers.iter().map(|a| a.status()).collect::<Vec<_>>()
    );
    let users: i64 = sqlx::query_scalar("SELECT count(*) FROM user").fetch_one(&app.database().await).await.unwrap();
    assert_eq!(users, 1);
}

#[tokio::test]
async fn the_set_up_works_once() {
    let (app, _) = TestApp::start_set_up().await;
    let again = app.set_up(&app.setup_token, "eve", PASSWORD).await;
    assert_eq!(error_of(again).await, (StatusCode::FORBIDDEN, ApiError::Forbidden));
    let empty = app.call("/api/setup", &setup_form("", "", "", ""), None).await;
    assert_eq!(error_of(empty).await, (StatusCode::FORBIDDEN, ApiError::Forbidden));
}

#[tokio::test]
async fn wrong_tokens_are_slowed_down() {
    let app = TestApp::start().await;
    for _ in 0..10 {
        assert_eq!(app.set_up("wrong", USER, PASSWORD).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    let response = app.set_up(&app.setup_token, USER, PASSWORD).await;
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    let users: i64 = sqlx::query_scalar("SELECT count(*) FROM user").fetch_one(&app.database().await).await.unwrap();
    assert_eq!(users, 0);
}

#[tokio::test]
async fn a_set_up_that_has_begun_is_finished_when_the_browser_goes_away() {
    let app = TestApp::start().await;
    let body = setup_form(&app.setup_token, USER, PASSWORD, PASSWORD).to_string();
    let (host, length) = (app.address, body.len());
    let mut browser = TcpStream::connect(host).await.unwrap();
    let head = format!(
        "POST /api/setup HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    );
    browser.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    drop(browser);
    let began = Instant::now();
    while app.log_in(USER, PASSWORD).await.status() != StatusCode::OK {
        assert!(began.elapsed() < Duration::from_secs(5), "there is no administrator");
        // Failures are few, so the brake does not answer instead.
        tokio::time::sleep(Duration::from_millis(600)).await;
    }
}
