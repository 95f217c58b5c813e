//! `/healthz`, `/metrics`, `/stream`.

use super::feed::{Feed, Published};
use super::prometheus::{self, Format};
use super::secrets::is_token;
use axum::Router;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use protocol::codec::encode_snapshot;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// A follower that takes nothing for so long is closed.
const STALLED: Duration = Duration::from_secs(5);
/// axum's defaults are 128 KiB for each direction.
const BUFFER: usize = 4 * 1_024;
const MAX_UNSENT: usize = 1_024 * 1_024;
/// Followers have nothing to say.
const MAX_INCOMING: usize = 1_024;

#[derive(Clone)]
struct Shared {
    feed: Feed,
    stop: CancellationToken,
}

/// All routes; all but `/healthz` need the token.
pub fn router(token_sha256: [u8; 32], feed: Feed, stop: CancellationToken) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .route("/stream", get(stream))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(from_fn_with_state(token_sha256, admit))
        .route("/healthz", get(|| async { "ok" }))
        .with_state(Shared { feed, stop })
}

async fn admit(State(token_sha256): State<[u8; 32]>, request: Request, next: Next) -> Response {
    let header = request.headers().get(AUTHORIZATION).map(|value| value.as_bytes()).unwrap_or_default();
    let token = header.strip_prefix(b"Bearer ").unwrap_or_default();
    if is_token(token, &token_sha256) {
        return next.run(request).await;
    }
    (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, "Bearer")]).into_response()
}

async fn metrics(State(shared): State<Shared>, headers: HeaderMap) -> Response {
    let Some(last) = shared.feed.last() else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match Format::wanted_by(accept) {
        Some(format) => {
            let text = prometheus::render(&last.snapshot, last.observation.as_deref(), format);
            ([(CONTENT_TYPE, format.content_type())], text).into_response()
        }
        None => axum::Json(&last.snapshot).into_response(),
    }
}

async fn stream(State(shared): State<Shared>, upgrade: WebSocketUpgrade) -> Response {
    upgrade
        .max_message_size(MAX_INCOMING)
        .max_frame_size(MAX_INCOMING)
        .read_buffer_size(BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(MAX_UNSENT)
        .on_upgrade(move |socket| follow(socket, shared))
}

async fn follow(mut socket: WebSocket, shared: Shared) {
    let mut beats = shared.feed.follow();
    beats.mark_changed();
    let mut last: Option<u64> = None;
    loop {
        tokio::select! {
            () = shared.stop.cancelled() => return,
            changed = beats.changed() => {
                if changed.is_err() {
                    return;
                }
                let beat = beats.borrow_and_update().clone();
                let Some(beat) = beat else { continue };
                let message = Message::Binary(payload(&beat, last));
                last = Some(beat.number);
                if !matches!(timeout(STALLED, socket.send(message)).await, Ok(Ok(()))) {
                    return;
                }
            }
            received = socket.recv() => match received {
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                // Nobody has anything to say to an agent.
                _ => return,
            },
        }
    }
}

/// The shared encoding for a follower that has the beat before, a complete one for all others.
fn payload(beat: &Arc<Published>, last: Option<u64>) -> axum::body::Bytes {
    if last.is_some_and(|last| last + 1 == beat.number) {
        beat.sparse.clone()
    } else {
        encode_snapshot(&beat.snapshot).unwrap_or_default().into()
    }
}
