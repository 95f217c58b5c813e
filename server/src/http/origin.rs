//! Requests that change something, and live sockets, must come from our own page.
//!
//! A browser names the page that sends a request in the `Origin` header, and a foreign page cannot change it. Requests without the header
//! are
//! refused as well: server functions have no other protection against forged requests.

use super::api::refuse;
use crate::config::{HttpConfig, PublicUrl};
use app::error::ApiError;
use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN, UPGRADE};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;

/// Answers 403 to a request that needs an own origin and has none.
pub(super) async fn check(State(config): State<HttpConfig>, request: Request, next: Next) -> Response {
    let harmless = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) && !request.headers().contains_key(UPGRADE);
    if harmless || is_own(request.headers(), config.public_url.as_ref()) {
        return next.run(request).await;
    }
    tracing::warn!(path = request.uri().path(), "a request without an own origin was refused");
    refuse(&ApiError::Forbidden)
}

/// Whether the one `Origin` header names the public address or, if none is configured, what the `Host` header names.
fn is_own(headers: &HeaderMap, public: Option<&PublicUrl>) -> bool {
    let mut origins = headers.get_all(ORIGIN).iter();
    let (Some(origin), None) = (origins.next(), origins.next()) else { return false };
    let Some(origin) = origin.to_str().ok().and_then(PublicUrl::parse) else { return false };
    match public {
        Some(public) => origin == *public,
        None => headers.get(HOST).and_then(|host| host.to_str().ok()).is_some_and(|host| names(host, &origin)),
    }
}

/// Whether a `Host` header names the host and port of `origin`. Whether the browser used TLS cannot be seen behind a proxy.
fn names(host: &str, origin: &PublicUrl) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let port = match authority.port() {
        Some(port) => port.as_u16(),
        None if origin.secure => 443,
        None => 80,
    };
    authority.host().eq_ignore_ascii_case(&origin.host) && port == origin.port
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn own_and_foreign_origins() {
        for (origin, host, public, expected) in [
            (Some("http://127.0.0.1:3000"), "127.0.0.1:3000", None, true),
            (Some("http://LOCALHOST:3000"), "localhost:3000", None, true),
            (Some("http://[::1]:3000"), "[::1]:3000", None, true),
            (Some("https://tactus.example.org"), "tactus.example.org", None, true),
            (Some("https://tactus.example.org"), "tactus.example.org:443", None, true),
            (Some("http://tactus.example.org"), "tactus.example.org:80", None, true),
            (Some("http://tactus.example.org"), "tactus.example.org:443", None, false),
            (Some("http://127.0.0.1:3001"), "127.0.0.1:3000", None, false),
            (Some("http://localhost:3000"), "127.0.0.1:3000", None, false),
            (Some("http://127.0.0.1:3000.evil.example"), "127.0.0.1:3000", None, false),
            (Some("http://127.0.0.1:3000@evil.example"), "127.0.0.1:3000", None, false),
            (Some("http://evil.example/127.0.0.1:3000"), "127.0.0.1:3000", None, false),
            (Some("ftp://127.0.0.1:3000"), "127.0.0.1:3000", None, false),
            (Some("null"), "127.0.0.1:3000", None, false),
            (Some("null"), "null", None, false),
            (Some(""), "", None, false),
            (None, "127.0.0.1:3000", None, false),
            (Some("https://tactus.example.org"), "10.0.0.1:3000", Some("https://tactus.example.org"), true),
            (Some("http://tactus.example.org"), "10.0.0.1:3000", Some("https://tactus.example.org"), false),
            (Some("http://10.0.0.1:3000"), "10.0.0.1:3000", Some("https://tactus.example.org"), false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, host.parse().unwrap());
            origin.map(|origin| headers.insert(ORIGIN, origin.parse().unwrap()));
            let public = public.map(|url| PublicUrl::parse(url).unwrap());
            assert_eq!(is_own(&headers, public.as_ref()), expected, "{origin:?} {host}");
        }
    }

    #[test]
    fn two_origins_are_none() {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, "localhost".parse().unwrap());
        headers.append(ORIGIN, "http://localhost".parse().unwrap());
        assert!(is_own(&headers, None));
        headers.append(ORIGIN, "http://localhost".parse().unwrap());
        assert!(!is_own(&headers, None));
    }
}
