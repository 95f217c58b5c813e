//! A foreign page can do nothing: every server function and the live socket, with every kind of origin.

use crate::test_app::{TestApp, error_of, with_cookie};
use app::error::ApiError;
use reqwest::header::ORIGIN;
use reqwest::{Method, StatusCode};

const FOREIGN: [&str; 5] = ["null", "https://evil.example", "http://127.0.0.1", "http://127.0.0.1:1", "garbage"];

#[tokio::test]
async fn server_functions_need_an_own_origin() {
    let (app, cookie) = TestApp::start_set_up().await;
    let paths: Vec<String> = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    assert!(!paths.is_empty());
    for path in paths.iter().map(String::as_str).chain(["/hosts", "/nothing", "/api/nothing"]) {
        for origin in FOREIGN.map(Some).into_iter().chain([None]) {
            let request = with_cookie(app.request(Method::POST, path), Some(&cookie)).body("{}");
            let request = origin.into_iter().fold(request, |request, origin| request.header(ORIGIN, origin));
            let response = request.send().await.unwrap();
            assert_eq!(error_of(response).await, (StatusCode::FORBIDDEN, ApiError::Forbidden), "{path} from {origin:?}");
        }
    }
    // The logout above was among them, and has not happened.
    assert_eq!(app.me(&cookie).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn the_live_socket_needs_an_own_origin() {
    let (app, cookie) = TestApp::start_set_up().await;
    for origin in FOREIGN.map(Some).into_iter().chain([None]) {
        assert_eq!(app.open_live("", origin, Some(&cookie)).await.err(), Some(StatusCode::FORBIDDEN), "{origin:?}");
    }
    assert!(app.open_live("", Some(&app.origin()), Some(&cookie)).await.is_ok());
}

#[tokio::test]
async fn a_configured_address_is_the_only_origin() {
    let app = TestApp::start_with(&[("PUBLIC_URL", "https://tactus.example.org")]).await;
    let form = crate::test_app::setup_form("wrong", "ann", "correct horse", "correct horse");
    for (origin, expected) in
        [("https://tactus.example.org", StatusCode::UNPROCESSABLE_ENTITY), (app.origin().as_str(), StatusCode::FORBIDDEN)]
    {
        let response = app.request(Method::POST, "/api/setup").header(ORIGIN, origin).json(&form).send().await.unwrap();
        assert_eq!(response.status(), expected, "{origin}");
    }
}
