//! Who asks: address, TLS, session.

use super::api::refuse;
use crate::auth::Accounts;
use crate::clock::now_ms;
use crate::config::HttpConfig;
use app::backend::Caller;
use app::error::ApiError;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use axum::middleware::Next;
use axum::response::Response;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Puts the [`Caller`] into the request's extensions.
pub(super) async fn identify(State((config, accounts)): State<(HttpConfig, Accounts)>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map_or(Ipv4Addr::UNSPECIFIED.into(), |info| info.0.ip());
    let mut caller = locate(&config, peer, request.headers());
    // Without a cookie there is nothing to look up, and a database that does not answer must not take the login page away.
    let cookies = request.headers().get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join("; ");
    caller.session = match accounts.resolve(&cookies, caller.secure, now_ms()).await {
        Ok(session) => session,
        Err(error) => {
            tracing::error!(%error, "sessions cannot be looked up");
            return refuse(&ApiError::Unavailable);
        }
    };
    request.extensions_mut().insert(caller);
    next.run(request).await
}

/// Address and TLS of the browser, through trusted proxies. The last address that no trusted proxy has is the browser's: what stands
/// before it could be anybody's invention.
fn locate(config: &HttpConfig, peer: IpAddr, headers: &HeaderMap) -> Caller {
    let trusted = |address: &IpAddr| config.trusted_proxies.contains(address);
    let peer = peer.to_canonical();
    let forwarded = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    let hops: Vec<&str> = forwarded.collect();
    let mut browser = peer;
    for hop in hops.into_iter().rev() {
        let Some(before) = trusted(&browser).then(|| hop.trim().parse().ok()).flatten() else { break };
        browser = IpAddr::to_canonical(&before);
    }
    let last_scheme = headers.get_all("x-forwarded-proto").iter().next_back().and_then(|value| value.to_str().ok());
    let forwarded_tls =
        last_scheme.and_then(|value| value.split(',').next_back()).is_some_and(|value| value.trim().eq_ignore_ascii_case("https"));
    let public_tls = config.public_url.as_ref().is_some_and(|url| url.secure);
    Caller { peer: browser, secure: public_tls || (trusted(&peer) && forwarded_tls), session: None }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::config::PublicUrl;

    #[test]
    fn proxies_are_believed_only_if_trusted() {
        for (peer, forwarded, scheme, expected, secure) in [
            ("10.0.0.1", None, None, "10.0.0.1", false),
            ("10.0.0.1", Some("192.0.2.1"), Some("https"), "192.0.2.1", true),
            ("::ffff:10.0.0.1", Some("192.0.2.1"), Some("HTTPS"), "192.0.2.1", true),
            ("10.0.0.1", Some("6.6.6.6, 192.0.2.1"), Some("http"), "192.0.2.1", false),
            ("10.0.0.1", Some("6.6.6.6, 192.0.2.1, 10.0.0.2"), None, "192.0.2.1", false),
            ("10.0.0.1", Some("10.0.0.2"), None, "10.0.0.2", false),
            ("10.0.0.1", Some("garbage"), None, "10.0.0.1", false),
            ("10.0.0.1", Some("192.0.2.1, garbage"), None, "10.0.0.1", false),
            ("10.0.0.1", None, Some("https, http"), "10.0.0.1", false),
            ("192.0.2.9", Some("6.6.6.6"), Some("https"), "192.0.2.9", false),
        ] {
            let config =
                HttpConfig { trusted_proxies: vec!["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()], ..HttpConfig::default() };
            let mut headers = HeaderMap::new();
            forwarded.map(|value: &str| headers.insert("x-forwarded-for", value.parse().unwrap()));
            scheme.map(|value: &str| headers.insert("x-forwarded-proto", value.parse().unwrap()));
            let caller = locate(&config, peer.parse().unwrap(), &headers);
            assert_eq!((caller.peer.to_string().as_str(), caller.secure), (expected, secure), "{peer} {forwarded:?} {scheme:?}");
        }
    }

    #[test]
    fn a_public_url_with_tls_makes_secure_cookies() {
        let config = HttpConfig { public_url: PublicUrl::parse("https://tactus.example.org"), ..HttpConfig::default() };
        assert!(locate(&config, Ipv4Addr::LOCALHOST.into(), &HeaderMap::new()).secure);
    }
}
