//! The routes and who may use them.

use super::connection::Place;
use super::exposition::{self, Format};
use super::feed::Feed;
use super::secrets::Secrets;
use super::stream;
use axum::extract::{Request, State, WebSocketUpgrade};
use axum::http::header::{ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONNECTION, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// What the routes need.
#[derive(Clone)]
pub(super) struct Service {
    pub feed: Feed,
    pub secrets: Arc<Secrets>,
    pub stop: CancellationToken,
}

/// All routes.
pub(super) fn router(service: Service) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .route("/stream", get(open_stream))
        .route_layer(from_fn_with_state(service.secrets.clone(), require_token))
        .route("/healthz", get(|| async { ([(CONNECTION, "close")], "ok") }))
        .with_state(service)
}

async fn require_token(State(secrets): State<Arc<Secrets>>, Extension(place): Extension<Place>, request: Request, next: Next) -> Response {
    let authorization = request.headers().get(AUTHORIZATION);
    if authorization.is_some_and(|value| secrets.accepts(value.as_bytes())) {
        place.authorise();
        return next.run(request).await;
    }
    // A stranger's connection ends with its answer.
    (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, "Bearer"), (CONNECTION, "close")], "a token is needed\n").into_response()
}

async fn metrics(State(service): State<Service>, headers: HeaderMap) -> Response {
    let Some(beat) = service.feed.latest() else {
        return (StatusCode::SERVICE_UNAVAILABLE, "no sample yet\n").into_response();
    };
    let format = Format::wanted(headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default());
    let body = match format {
        Format::Json => serde_json::to_string(&beat.snapshot),
        Format::Prometheus => Ok(exposition::text(&beat, false)),
        Format::OpenMetrics => Ok(exposition::text(&beat, true)),
    };
    match body {
        Ok(body) => ([(CONTENT_TYPE, format.content_type()), (CACHE_CONTROL, "no-store")], body).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn open_stream(State(service): State<Service>, Extension(place): Extension<Place>, upgrade: WebSocketUpgrade) -> Response {
    stream::sized(upgrade).on_upgrade(async move |socket| {
        stream::run(socket, service.feed.follow(), service.stop).await;
        drop(place);
    })
}
