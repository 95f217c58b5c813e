//! Table of contents: every route, and what each request passes first.

use super::{api, assets, caller, download, gate, headers, health, live, origin, pages};
use crate::auth::Accounts;
use crate::backend::HistoryRoom;
use crate::config::HttpConfig;
use crate::live::Hub;
use crate::store::Store;
use app::backend::Backend;
use axum::Router;
use axum::extract::FromRef;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{any, get};
use leptos::prelude::LeptosOptions;
use leptos_axum::LeptosRoutes;
use std::path::PathBuf;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tower_http::limit::RequestBodyLimitLayer;

/// Bytes that a request's body may have. The longest form holds one private key.
const BODY_LIMIT: usize = 256 * 1_024;

/// What the web side needs of the centre.
#[derive(Clone)]
pub struct Parts {
    pub config: HttpConfig,
    /// Static files; see [`crate::config::PathsConfig::site_dir`].
    pub site_dir: PathBuf,
    pub backend: Backend,
    pub accounts: Accounts,
    pub history: Arc<HistoryRoom>,
    pub hub: Hub,
    pub store: Store,
    /// Ends the live sockets when the centre stops.
    pub stop: CancellationToken,
}

/// State of all handlers.
#[derive(Clone, FromRef)]
pub(super) struct WebState {
    options: LeptosOptions,
    accounts: Accounts,
    hub: Hub,
    history: Arc<HistoryRoom>,
    store: Store,
    backend: Backend,
    stop: CancellationToken,
}

/// The whole web side.
pub fn router(parts: Parts) -> Router {
    let Parts { config, site_dir, backend, accounts, history, hub, store, stop } = parts;
    let options = pages::options(&site_dir);
    let state = WebState { options, accounts: accounts.clone(), hub, history, store, backend: backend.clone(), stop };
    Router::new()
        // Without a session: see `gate`.
        .route("/healthz", get(health::healthz))
        .merge(assets::routes(&site_dir))
        // With a session.
        .route("/api/live", get(live::live))
        .route("/api/history/download", get(download::download))
        // The page's routes and its server functions (app::api), each under the path that it names itself.
        .leptos_routes_with_context(&state, pages::list(), pages::context(backend), pages::shell(&state))
        .route("/api/{*path}", any(api::not_found))
        .fallback(pages::not_found)
        .with_state(state)
        // What a request passes, last line first.
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
        .layer(from_fn(api::finish))
        .layer(from_fn(api::give_status))
        .layer(from_fn_with_state(accounts.clone(), gate::admit))
        .layer(from_fn_with_state(config.clone(), origin::check))
        .layer(from_fn_with_state((config, accounts), caller::identify))
        .layer(from_fn(headers::secure))
}
