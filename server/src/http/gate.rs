//! Denied by default: without a session only what is listed here answers. What a session's role may do is decided by `backend`.

use super::api::{is_api, refuse};
use super::assets::{FILES, FOLDERS};
use crate::auth::Accounts;
use app::backend::Caller;
use app::error::ApiError;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

const LOGIN_PAGE: &str = "/login";
const SETUP_PAGE: &str = "/setup";

/// Everything but static files that answers without a session.
const OPEN: [&str; 5] = [LOGIN_PAGE, SETUP_PAGE, "/healthz", "/api/login", "/api/setup"];

/// Lets a request pass, or sends a person to the page where they can get in and a program away with 401.
pub(super) async fn admit(State(accounts): State<Accounts>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let known = request.extensions().get::<Caller>().is_some_and(|caller| caller.session.is_some());
    let entrance = if accounts.has_administrator() { LOGIN_PAGE } else { SETUP_PAGE };
    let elsewhere = match path {
        LOGIN_PAGE | SETUP_PAGE if known => Some("/"),
        LOGIN_PAGE | SETUP_PAGE if path != entrance => Some(entrance),
        _ if known || is_open(path) => None,
        _ if is_api(path) => return refuse(&ApiError::Unauthorized),
        _ => Some(entrance),
    };
    match elsewhere {
        Some(page) => Redirect::to(page).into_response(),
        None => next.run(request).await,
    }
}

/// Whether a path answers without a session.
fn is_open(path: &str) -> bool {
    let Some(name) = path.strip_prefix('/') else { return false };
    let in_folder = name.split_once('/').is_some_and(|(folder, _)| FOLDERS.contains(&folder));
    OPEN.contains(&path) || FILES.contains(&name) || in_folder
}
