//! Who may ask for what: every route, without a session and with every role. A route that is not listed here fails a test.

use crate::test_app::{TestApp, error_of, location, text, with_cookie};
use app::error::ApiError;
use reqwest::header::{ACCEPT_ENCODING, IF_MODIFIED_SINCE, ORIGIN};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Every page and an address of it.
const PAGES: [(&str, &str); 9] = [
    ("/", "/"),
    ("/alerts", "/alerts?tab=x&hosts=%zz"),
    ("/history", "/history?hosts=a&range=%zz"),
    ("/hosts", "/hosts"),
    ("/hosts/{id}", "/hosts/1"),
    ("/login", "/login"),
    ("/settings", "/settings"),
    ("/setup", "/setup"),
    ("/wall", "/wall"),
];

/// Every server function: path, arguments, the least role that it needs (none: no session either).
fn functions() -> Vec<(&'static str, Value, Option<&'static str>)> {
    let host = serde_json::to_value(app::forms::HostForm::default()).unwrap();
    let batch = serde_json::to_value(app::forms::BatchForm::default()).unwrap();
    let question = serde_json::to_value(app::views::HistoryQuestion::default()).unwrap();
    let storage = serde_json::to_value(app::forms::StorageForm::default()).unwrap();
    let alerts = serde_json::to_value(app::views::AlertQuestion { limit: 1, ..Default::default() }).unwrap();
    let rule = serde_json::to_value(app::forms::RuleForm::default()).unwrap();
    let time = app::views::MaintenanceTime::Once { from_ms: 0, to_ms: 0 };
    let plan = app::views::MaintenancePlan { scope: Default::default(), time };
    let maintenance = serde_json::to_value(app::forms::MaintenanceForm { id: 0, name: String::new(), plan }).unwrap();
    let notifier = serde_json::to_value(protocol::notify::NotifierForm::default()).unwrap();
    let heartbeat = serde_json::to_value(protocol::notify::HeartbeatForm::default()).unwrap();
    let route = serde_json::to_value(protocol::notify::Route::default()).unwrap();
    let notify = serde_json::to_value(protocol::notify::NotifySettings::default()).unwrap();
    vec![
        ("/api/about", json!({}), Some("viewer")),
        ("/api/alerts/act", json!({ "ids": [99], "act": { "act": "wake" } }), Some("operator")),
        ("/api/alerts/behind", json!({}), Some("viewer")),
        ("/api/alerts/behind/save", json!({ "id": 99, "behind": null }), Some("admin")),
        ("/api/alerts/list", json!({ "question": alerts }), Some("viewer")),
        ("/api/alerts/maintenance", json!({}), Some("viewer")),
        ("/api/alerts/maintenance/delete", json!({ "id": 99 }), Some("operator")),
        ("/api/alerts/maintenance/save", json!({ "form": maintenance }), Some("operator")),
        ("/api/alerts/rules", json!({}), Some("viewer")),
        ("/api/alerts/rules/delete", json!({ "id": 99 }), Some("admin")),
        ("/api/alerts/rules/host", json!({ "id": 1 }), Some("viewer")),
        ("/api/alerts/rules/replay", json!({ "form": rule, "days": 1 }), Some("viewer")),
        ("/api/alerts/rules/save", json!({ "form": rule }), Some("admin")),
        ("/api/alerts/steps", json!({ "id": 99 }), Some("viewer")),
        ("/api/deliveries", json!({ "filter": protocol::notify::DeliveryFilter::default() }), Some("viewer")),
        ("/api/deliveries/resend", json!({ "id": 99 }), Some("operator")),
        ("/api/heartbeat", json!({}), Some("viewer")),
        ("/api/heartbeat/save", json!({ "form": heartbeat }), Some("admin")),
        ("/api/history/events", json!({ "id": 1, "limit": 10 }), Some("viewer")),
        ("/api/history/hour", json!({ "id": 1 }), Some("viewer")),
        ("/api/history/marks", json!({ "hosts": [1], "from_ms": 0, "to_ms": 1 }), Some("viewer")),
        ("/api/history/processes", json!({ "id": 1, "from_ms": 0, "to_ms": 1 }), Some("viewer")),
        ("/api/history/query", json!({ "question": question }), Some("viewer")),
        ("/api/history/series", json!({ "id": 1, "from_ms": 0, "to_ms": 1 }), Some("viewer")),
        ("/api/hosts/create", json!({ "form": host }), Some("admin")),
        ("/api/hosts/create_batch", json!({ "form": batch, "lines": [] }), Some("admin")),
        ("/api/hosts/delete", json!({ "id": 99, "uninstall": false }), Some("admin")),
        ("/api/hosts/deploy", json!({ "id": 99 }), Some("admin")),
        ("/api/hosts/forget_key", json!({ "id": 99 }), Some("admin")),
        ("/api/hosts/get", json!({ "id": 1 }), Some("viewer")),
        ("/api/hosts/list", json!({}), Some("viewer")),
        ("/api/hosts/pause", json!({ "ids": [99], "paused": true }), Some("admin")),
        ("/api/hosts/preview_batch", json!({ "form": batch }), Some("admin")),
        ("/api/hosts/restrict", json!({ "id": 99 }), Some("admin")),
        ("/api/hosts/update", json!({ "id": 99, "form": host }), Some("admin")),
        ("/api/hosts/upgrade", json!({ "ids": [99] }), Some("admin")),
        ("/api/login", json!({ "form": { "user_name": "", "password": "" } }), None),
        ("/api/logout", json!({}), Some("viewer")),
        ("/api/me", json!({}), Some("viewer")),
        ("/api/notifiers", json!({}), Some("viewer")),
        ("/api/notifiers/delete", json!({ "id": 99 }), Some("admin")),
        ("/api/notifiers/preview", json!({ "form": notifier, "is_digest": false }), Some("admin")),
        ("/api/notifiers/save", json!({ "id": null, "form": notifier }), Some("admin")),
        ("/api/notifiers/test", json!({ "id": 99 }), Some("admin")),
        ("/api/notify/settings", json!({}), Some("viewer")),
        ("/api/notify/settings/save", json!({ "settings": notify }), Some("admin")),
        ("/api/routes", json!({}), Some("viewer")),
        ("/api/routes/delete", json!({ "id": 99 }), Some("admin")),
        ("/api/routes/order", json!({ "ids": [99] }), Some("admin")),
        ("/api/routes/save", json!({ "route": route }), Some("admin")),
        ("/api/setup", json!({ "form": { "token": "", "user_name": "", "password": "", "password_again": "" } }), None),
        ("/api/storage/get", json!({}), Some("viewer")),
        ("/api/storage/update", json!({ "form": storage }), Some("admin")),
    ]
}

// A runtime, because listing the pages runs the page once.
#[tokio::test]
async fn every_page_and_server_function_is_listed() {
    let mut pages: Vec<String> = leptos_axum::generate_route_list(app::App).iter().map(|route| route.path().to_owned()).collect();
    pages.sort();
    assert_eq!(pages, PAGES.map(|(route, _)| route));

    let mut registered: Vec<(String, Method)> =
        leptos::server_fn::axum::server_fn_paths().map(|(path, method)| (path.to_owned(), method)).collect();
    registered.sort_by_key(|(path, _)| path.clone());
    let listed: Vec<(String, Method)> = functions().into_iter().map(|(path, ..)| (path.to_owned(), Method::POST)).collect();
    assert_eq!(registered, listed, "server functions change something or may learn to, so each is a POST");
}

#[tokio::test]
async fn without_a_session_pages_lead_to_the_entrance_and_functions_are_refused() {
    let app = TestApp::start().await;
    for entrance in ["/setup", "/login"] {
        for path in PAGES.map(|(_, path)| path).into_iter().chain(["/nothing", "/hidden.txt", "/site/hidden.txt", "//", "/pkg", "/Login"]) {
            let response = app.get(path, None).await;
            if path == entrance {
                assert_eq!(response.status(), StatusCode::OK, "{path}");
            } else {
                assert_eq!((response.status(), location(&response).as_str()), (StatusCode::SEE_OTHER, entrance), "{path}");
            }
        }
        for (path, arguments, role) in functions() {
            let response = app.call(path, &arguments, None).await;
            match role {
                None => assert_ne!(response.status(), StatusCode::UNAUTHORIZED, "{path}"),
                Some(_) => assert_eq!(error_of(response).await, (StatusCode::UNAUTHORIZED, ApiError::Unauthorized), "{path}"),
            }
        }
        for path in ["/api/live", "/api", "/api/", "/api/nothing", "/api/login/"] {
            assert_eq!(error_of(app.get(path, None).await).await, (StatusCode::UNAUTHORIZED, ApiError::Unauthorized), "{path}");
        }
        let health = app.get("/healthz", None).await;
        assert_eq!((health.status(), health.text().await.unwrap().as_str()), (StatusCode::OK, "ok"));
        if entrance == "/setup" {
            app.set_up(&app.setup_token, "ann", "correct horse").await.error_for_status().unwrap();
        }
    }
}

#[tokio::test]
async fn each_role_may_do_what_it_may() {
    let (app, admin) = TestApp::start_set_up().await;
    let roles = [("viewer", app.user_with_role("viewer").await), ("operator", app.user_with_role("operator").await), ("admin", admin)];
    for (rank, (role, cookie)) in roles.iter().enumerate() {
        for (path, arguments, least) in functions() {
            // It would end the session that the next lines need; `sessions` tests it.
            if path == "/api/logout" {
                continue;
            }
            let needed = roles.iter().position(|(name, _)| Some(*name) == least).unwrap_or(0);
            let response = app.call(path, &arguments, Some(cookie)).await;
            let done = path == "/api/setup";
            assert_eq!(response.status() == StatusCode::FORBIDDEN, rank < needed || done, "{role} {path}: {}", response.status());
            assert!(!matches!(response.status().as_u16(), 401 | 500..), "{role} {path}: {}", response.status());
        }
        for (path, page) in PAGES.map(|(_, path)| (path, !matches!(path, "/login" | "/setup"))) {
            let response = app.get(path, Some(cookie)).await;
            if page {
                assert_eq!(response.status(), StatusCode::OK, "{role} {path}");
            } else {
                assert_eq!((response.status(), location(&response).as_str()), (StatusCode::SEE_OTHER, "/"), "{role} {path}");
            }
        }
    }
}

#[tokio::test]
async fn unknown_paths_and_wrong_methods() {
    let (app, cookie) = TestApp::start_set_up().await;
    for path in ["/nothing", "/hidden.txt", "/pkg/nothing.js", "/pkg/", "/hosts/1/2"] {
        assert_eq!(app.get(path, Some(&cookie)).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    assert!(app.get("/nothing", Some(&cookie)).await.text().await.unwrap().contains("<html"), "a person gets a page");
    assert_eq!(error_of(app.get("/api/nothing", Some(&cookie)).await).await, (StatusCode::NOT_FOUND, ApiError::NotFound));
    for (path, ..) in functions() {
        assert_eq!(app.get(path, Some(&cookie)).await.status(), StatusCode::METHOD_NOT_ALLOWED, "GET changes nothing: {path}");
    }
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        let request = app.request(method.clone(), "/hosts").header(ORIGIN, app.origin());
        let response = with_cookie(request, Some(&cookie)).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
}

#[tokio::test]
async fn static_files_are_compressed_and_revalidated() {
    let app = TestApp::start().await;
    let plain = app.get("/pkg/tactus.js", None).await;
    assert_eq!(text(plain.headers(), "cache-control"), "no-cache");
    let modified = text(plain.headers(), "last-modified");
    assert_eq!(plain.text().await.unwrap(), "plain");

    let compressed = app.request(Method::GET, "/pkg/tactus.js").header(ACCEPT_ENCODING, "gzip, br").send().await.unwrap();
    assert_eq!(text(compressed.headers(), "content-encoding"), "br");
    assert_eq!(text(compressed.headers(), "vary"), "accept-encoding");
    assert_eq!(compressed.text().await.unwrap(), "compressed");

    let again = app.request(Method::GET, "/pkg/tactus.js").header(IF_MODIFIED_SINCE, modified).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(app.get("/robots.txt", None).await.text().await.unwrap(), "robots");
}

#[tokio::test]
async fn no_path_leads_out_of_the_public_folders() {
    let app = TestApp::start().await;
    // By hand, because a client would tidy the path up first.
    for path in [
        "/pkg/../hidden.txt",
        "/pkg/..%2fhidden.txt",
        "/pkg/%2e%2e/hidden.txt",
        "/pkg//../../data/secret.key",
        "/pkg/%00",
        "/vendor/..\\hidden.txt",
    ] {
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer);
        assert!(!answer.starts_with("HTTP/1.1 200") && !answer.ends_with("hidden"), "{path}: {answer}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused() {
    let (app, cookie) = TestApp::start_set_up().await;
    let form = |length| json!({ "form": { "user_name": "x".repeat(length), "password": "x" } });
    assert_eq!(app.call("/api/login", &form(300 * 1_024), Some(&cookie)).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(app.call("/api/login", &form(200 * 1_024), Some(&cookie)).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
}
