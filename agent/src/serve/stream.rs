//! One client of the stream: one message a beat, a client that does not read is closed.

use super::feed::Beat;
use super::limits::{PING_EVERY, SILENCE_LIMIT, WRITE_TIMEOUT};
use axum::body::Bytes;
use axum::extract::WebSocketUpgrade;
use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use std::sync::Arc;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};
use tokio_util::sync::CancellationToken;

/// Sets the buffers of a socket: clients send nothing but control frames, and each message is flushed at once.
pub(super) fn sized(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    upgrade.read_buffer_size(512).write_buffer_size(0).max_write_buffer_size(1024 * 1024).max_message_size(1024).max_frame_size(1024)
}

/// Sends every beat to `socket` until the client goes, falls silent or does not read, or the agent stops.
pub(super) async fn run(mut socket: WebSocket, mut beats: watch::Receiver<Option<Arc<Beat>>>, stop: CancellationToken) {
    let mut last = None;
    let mut heard = Instant::now();
    let mut ping = interval_at(heard + PING_EVERY, PING_EVERY);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The snapshot that is there already goes out at once.
    beats.mark_changed();
    loop {
        let message = tokio::select! {
            changed = beats.changed() => {
                if changed.is_err() {
                    break;
                }
                let Some(beat) = beats.borrow_and_update().clone() else { continue };
                let message = beat.message(last);
                last = Some(beat.number);
                Message::Binary(message)
            }
            received = socket.recv() => match received {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => {
                    heard = Instant::now();
                    continue;
                }
            },
            _ = ping.tick() => {
                if heard.elapsed() > SILENCE_LIMIT {
                    return;
                }
                Message::Ping(Bytes::new())
            }
            () = stop.cancelled() => break,
        };
        if !matches!(timeout(WRITE_TIMEOUT, socket.send(message)).await, Ok(Ok(()))) {
            return;
        }
    }
    let farewell = Message::Close(Some(CloseFrame { code: close_code::AWAY, reason: "the agent stops".into() }));
    // Whether the client still reads this does not matter any more.
    let _ = timeout(WRITE_TIMEOUT, socket.send(farewell)).await;
}
