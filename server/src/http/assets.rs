//! Static files, compressed when they were built.

use super::router::WebState;
use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, VARY};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use std::path::Path;
use tower_http::services::{ServeDir, ServeFile};

/// Folders below the site folder that everybody may read: they are the same for all.
pub(super) const FOLDERS: [&str; 2] = ["pkg", "vendor"];

/// Single files that browsers ask for by themselves.
pub(super) const FILES: [&str; 3] = ["favicon.ico", "favicon.svg", "robots.txt"];

/// Routes of all static files.
pub(super) fn routes(site_dir: &Path) -> Router<WebState> {
    let router = FOLDERS.iter().fold(Router::new(), |router, folder| {
        let files = ServeDir::new(site_dir.join(folder)).append_index_html_on_directories(false).precompressed_br();
        router.nest_service(&format!("/{folder}"), files)
    });
    let router = FILES.iter().fold(router, |router, file| router.route_service(&format!("/{file}"), ServeFile::new(site_dir.join(file))));
    router.layer(from_fn(|request, next: Next| async { revalidate(next.run(request).await) }))
}

/// Names of files do not change with their contents, so browsers ask each time and get "not modified".
fn revalidate(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept-encoding"));
    response
}
