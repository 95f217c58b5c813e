//! What the page's server functions have in common: status codes, time limit, unknown paths.

use crate::backend::internal;
use app::error::ApiError;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Json, Response};
use leptos::server_fn::error::SERVER_FN_ERROR_HEADER;
use std::time::Duration;

/// How long the centre may take to begin an answer. Taking an agent off a slow host is the longest.
const ANSWER_WITHIN: Duration = Duration::from_secs(90);

/// Bytes of the longest error that is looked into.
const LONGEST_ERROR: usize = 64 * 1_024;

/// Whether a path belongs to programs rather than people.
pub(super) fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// An error as the page's server functions send it, with its status.
pub(super) fn refuse(error: &ApiError) -> Response {
    let mut response = (status_of(error), Json(error)).into_response();
    if let ApiError::Throttled { wait_s } = error {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(*wait_s));
    }
    response
}

/// Answers an unknown path below `/api`.
pub(super) async fn not_found() -> Response {
    refuse(&ApiError::NotFound)
}

/// Gives the errors of server functions, which all leave them with status 500, the status that they mean.
pub(super) async fn give_status(mut request: Request, next: Next) -> Response {
    if !is_api(request.uri().path()) {
        return next.run(request).await;
    }
    // A caller that accepts HTML would be redirected to its referrer instead of getting the answer.
    request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
    let response = next.run(request).await;
    if !response.headers().contains_key(SERVER_FN_ERROR_HEADER) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, LONGEST_ERROR).await else { return refuse(&ApiError::Unavailable) };
    if let Ok(error) = serde_json::from_slice::<ApiError>(&bytes) {
        return refuse(&error);
    }
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Response::from_parts(parts, Body::from(bytes))
}

/// Brings what has begun to its end, even if the browser goes away or does not want to wait: a host that is half deleted helps nobody. A
/// panic becomes an answer, too.
pub(super) async fn finish(request: Request, next: Next) -> Response {
    match tokio::time::timeout(ANSWER_WITHIN, tokio::spawn(next.run(request))).await {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => refuse(&internal(&error)),
        Err(_) => refuse(&ApiError::Unavailable),
    }
}

fn status_of(error: &ApiError) -> StatusCode {
    match error {
        ApiError::Unauthorized => StatusCode::UNAUTHORIZED,
        ApiError::Forbidden => StatusCode::FORBIDDEN,
        ApiError::NotFound => StatusCode::NOT_FOUND,
        ApiError::Invalid(_) | ApiError::WrongFields(_) => StatusCode::UNPROCESSABLE_ENTITY,
        ApiError::Throttled { .. } => StatusCode::TOO_MANY_REQUESTS,
        ApiError::Deploy(_) => StatusCode::BAD_GATEWAY,
        ApiError::Busy => StatusCode::CONFLICT,
        ApiError::Unavailable | ApiError::Network => StatusCode::SERVICE_UNAVAILABLE,
        ApiError::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
