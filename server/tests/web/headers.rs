//! Every answer carries the security headers, errors and redirects too; inline scripts carry the policy's nonce.

use crate::test_app::{TestApp, text, with_cookie};
use reqwest::header::{HeaderMap, ORIGIN, UPGRADE};
use reqwest::{Method, StatusCode};
use std::collections::HashSet;

fn nonce_of(headers: &HeaderMap) -> String {
    let policy = text(headers, "content-security-policy");
    policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn every_answer_carries_the_headers() {
    let (app, cookie) = TestApp::start_set_up().await;
    let get = |path: &str| app.request(Method::GET, path);
    let post = |path: &str| app.request(Method::POST, path).header(ORIGIN, app.origin());
    let inside = |request| with_cookie(request, Some(&cookie));
    let mut nonces = HashSet::new();
    for (request, status) in [
        (get("/login"), 200),
        (inside(get("/")), 200),
        (inside(get("/hosts")), 200),
        (inside(get("/wall")), 200),
        (get("/healthz"), 200),
        (get("/pkg/tactus.js"), 200),
        (inside(post("/api/me").body("{}").header("content-type", "application/json")), 200),
        (get("/"), 303),
        (inside(get("/login")), 303),
        (get("/api/live"), 401),
        (app.request(Method::POST, "/api/login"), 403),
        (get("/api/live").header(UPGRADE, "websocket"), 403),
        (inside(get("/nothing")), 404),
        (inside(get("/api/nothing")), 404),
        (get("/pkg/nothing.js"), 404),
        (inside(get("/api/me")), 405),
        (inside(post("/api/me").body("x".repeat(300 * 1_024))), 413),
        (inside(app.request(Method::OPTIONS, "/api/me")), 405),
    ] {
        let request = request.build().unwrap();
        let what = format!("{} {}", request.method(), request.url().path());
        let response = app.client.execute(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::from_u16(status).unwrap(), "{what}");
        let headers = response.headers();
        for (name, expected) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", if what.starts_with("GET /pkg") { "no-cache" } else { "no-store" }),
        ] {
            assert_eq!(text(headers, name), expected, "{what} {status} {name}");
            assert_eq!(headers.get_all(name).iter().count(), 1, "{what} {status} {name}");
        }
        assert!(text(headers, "permissions-policy").contains("camera=()"), "{what}");
        let nonce = nonce_of(headers);
        assert!(nonce.len() >= 22, "{what}: 128 bits in base64");
        let expected = format!(
            "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; \
             connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        );
        assert_eq!(text(headers, "content-security-policy"), expected, "{what}");
        assert!(nonces.insert(nonce), "{what}: a nonce is used once");
    }
}

#[tokio::test]
async fn pages_obey_their_own_policy() {
    let (app, cookie) = TestApp::start_set_up().await;
    for (path, cookie) in [
        ("/login", None),
        ("/", Some(&cookie)),
        ("/hosts", Some(&cookie)),
        ("/hosts/1", Some(&cookie)),
        ("/wall", Some(&cookie)),
        ("/nothing", Some(&cookie)),
    ] {
        let response = app.get(path, cookie.map(String::as_str)).await;
        let nonce = nonce_of(response.headers());
        let html = response.text().await.unwrap();
        // An empty script runs nothing; leptos_i18n writes one.
        let scripts =
            html.split("<script").skip(1).filter_map(|rest| rest.split_once('>')).filter(|(_, code)| !code.starts_with("</script"));
        let inline: Vec<&str> = scripts.map(|(tag, _)| tag).filter(|tag| !tag.contains(" src=")).collect();
        assert!(!inline.is_empty(), "{path}: the hydration script is inline");
        for tag in inline {
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{path}: <script{tag}>");
        }
        for forbidden in [" style=\"", " onclick=", " onload=", "javascript:"] {
            assert!(!html.contains(forbidden), "{path} contains {forbidden}");
        }
        for tag in html.split("<style").skip(1).map(|rest| rest.split('>').next().unwrap()) {
            assert!(tag.contains(&nonce), "{path}: <style{tag}>");
        }
    }
}
