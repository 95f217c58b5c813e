//! What the centre must offer to the page. The traits live here and their implementation in `server`, because `server`
//! depends on `app`; one cloneable [`Backend`] travels through Leptos' context.

mod accounts;
mod alerts;
mod history;
mod hosts;
mod notify;

pub use accounts::AccountsBackend;
pub use alerts::AlertsBackend;
pub use history::HistoryBackend;
pub use hosts::HostsBackend;
pub use notify::NotifyBackend;

use crate::error::ApiError;
use crate::views::Role;
use leptos::prelude::{expect_context, use_context};
use std::net::IpAddr;
use std::sync::Arc;

/// Everything that server functions can call.
#[derive(Clone)]
pub struct Backend {
    pub accounts: Arc<dyn AccountsBackend>,
    pub hosts: Arc<dyn HostsBackend>,
    pub alerts: Arc<dyn AlertsBackend>,
    pub history: Arc<dyn HistoryBackend>,
    pub notify: Arc<dyn NotifyBackend>,
}

/// Who calls. Put into each request's extensions by the centre before any handler runs.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Address of the browser (or of a trusted proxy's client).
    pub peer: IpAddr,
    /// Whether the browser reached the centre over TLS, by itself or through a trusted proxy.
    pub secure: bool,
    pub session: Option<Session>,
}

/// A live session.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: i64,
    pub user_id: i64,
    pub user_name: String,
    pub role: Role,
}

/// Value of a `Set-Cookie` header.
#[derive(Clone, Debug)]
pub struct SetCookie(pub String);

/// Backend and caller of the request at hand. Must be called before the first `.await`.
///
/// # Errors
/// [`ApiError::Unauthorized`] when the request did not pass the centre's authentication layer.
pub(crate) fn from_context() -> Result<(Backend, Caller), ApiError> {
    let caller = use_context::<http::request::Parts>().and_then(|parts| parts.extensions.get::<Caller>().cloned());
    Ok((expect_context::<Backend>(), caller.ok_or(ApiError::Unauthorized)?))
}

/// Sends a cookie with the answer.
///
/// # Errors
/// [`ApiError::Internal`] when the cookie is no valid header value.
pub(crate) fn send_cookie(cookie: &SetCookie) -> Result<(), ApiError> {
    let value = http::HeaderValue::from_str(&cookie.0).map_err(|_| ApiError::Internal { reference: "cookie".into() })?;
    expect_context::<leptos_axum::ResponseOptions>().append_header(http::header::SET_COOKIE, value);
    Ok(())
}
