//! The page, rendered by Leptos.

use super::headers::page_nonce;
use super::router::WebState;
use app::backend::Backend;
use axum::body::Body;
use axum::extract::{FromRef, State};
use axum::http::request::Parts;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use leptos::prelude::{AnyView, IntoAny, LeptosOptions, provide_context, use_context};
use leptos_axum::{AxumRouteListing, generate_route_list, render_app_async_with_context};
use std::path::Path;

/// Options of the page: the names that the build gives to its files.
pub(super) fn options(site_dir: &Path) -> LeptosOptions {
    LeptosOptions::builder().output_name("tactus").site_root(site_dir.to_string_lossy()).site_pkg_dir("pkg").build()
}

/// Every route of the page.
pub(super) fn list() -> Vec<AxumRouteListing> {
    generate_route_list(app::App)
}

/// What pages and server functions find in their context.
pub(super) fn context(backend: Backend) -> impl Fn() + Clone + Send + Sync + 'static {
    move || {
        provide_context(backend.clone());
        // Replaces the nonce that Leptos made by the one in the header.
        if let Some(nonce) = use_context::<Parts>().and_then(|parts| page_nonce(&parts.extensions)) {
            provide_context(nonce);
        }
    }
}

/// The document around the page.
pub(super) fn shell(state: &WebState) -> impl Fn() -> AnyView + Clone + Send + Sync + 'static {
    let options = LeptosOptions::from_ref(state);
    move || app::shell(options.clone()).into_any()
}

/// The page's own "not found".
pub(super) async fn not_found(State(state): State<WebState>, request: Request<Body>) -> Response {
    let render = render_app_async_with_context(context(Backend::from_ref(&state)), shell(&state));
    let mut response = render(request).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}
