//! One browser's socket.

use super::{Frame, Hub};
use crate::clock::now_ms;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::response::Response;
use futures_util::StreamExt;
use protocol::beat::BEAT_MS;
use protocol::live::{BINARY_SUBPROTOCOL, ClientMessage, Hello, JSON_SUBPROTOCOL, ServerMessage, Topic};
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_stream::StreamMap;
use tokio_stream::wrappers::BroadcastStream;
use tokio_util::sync::CancellationToken;

/// A subscription is a few bytes.
const MAX_CLIENT_MESSAGE: usize = 1024;
/// axum's defaults are 128 KiB for each direction of each socket.
const BUFFER: usize = 4 * 1024;
const MAX_UNSENT: usize = 512 * 1024;
/// A client that takes nothing for so long is closed.
const STALLED: Duration = Duration::from_secs(5);
/// Keeps proxies from closing the connection and finds half-open ones.
const PING_EVERY: Duration = Duration::from_secs(15);
/// Most hosts that one client can watch.
const MAX_HOSTS: usize = 16;

/// Why a socket ends.
enum End {
    /// The client went away or does not take anything.
    Gone,
    /// Its session has ended, or the centre stops.
    Ended,
    /// It sent something that is no subscription.
    Misbehaved,
}

/// Answers the upgrade and serves the socket until the client leaves or `ended`. `held` is dropped when the socket is closed.
pub fn upgrade(hub: Hub, upgrade: WebSocketUpgrade, topics: Vec<Topic>, ended: CancellationToken, held: impl Send + 'static) -> Response {
    upgrade
        .protocols([BINARY_SUBPROTOCOL, JSON_SUBPROTOCOL])
        .max_message_size(MAX_CLIENT_MESSAGE)
        .max_frame_size(MAX_CLIENT_MESSAGE)
        .read_buffer_size(BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(MAX_UNSENT)
        .on_upgrade(move |socket| async move {
            let _held = held;
            let json = socket.protocol().is_some_and(|protocol| protocol == JSON_SUBPROTOCOL);
            let mut client = Client::new(hub, socket, json);
            let code = match client.serve(topics, &ended).await {
                End::Gone => return,
                End::Ended => close_code::AWAY,
                End::Misbehaved => close_code::POLICY,
            };
            let close = Message::Close(Some(CloseFrame { code, reason: "".into() }));
            let _ = timeout(STALLED, client.socket.send(close)).await;
        })
}

struct Client {
    hub: Hub,
    socket: WebSocket,
    json: bool,
    overview: Option<(broadcast::Receiver<Frame>, watch::Receiver<Option<Frame>>)>,
    hosts: StreamMap<Topic, BroadcastStream<Frame>>,
}

impl Client {
    fn new(hub: Hub, socket: WebSocket, json: bool) -> Self {
        Self { hub, socket, json, overview: None, hosts: StreamMap::new() }
    }

    async fn serve(&mut self, topics: Vec<Topic>, ended: &CancellationToken) -> End {
        // Events first, so that none is lost between the hello and the first wait.
        let mut events = self.hub.subscribe_events();
        let mut alerts = self.hub.subscribe_alerts();
        alerts.mark_changed();
        let hello =
            Hello { protocol: protocol::PROTOCOL_VERSION, version: env!("CARGO_PKG_VERSION").into(), at_ms: now_ms(), beat_ms: BEAT_MS };
        let Ok(hello) = Frame::new(ServerMessage::Hello(hello)) else { return End::Gone };
        if let Err(end) = self.send(&hello).await {
            return end;
        }
        for topic in topics {
            self.subscribe(topic);
        }
        let mut ping = interval(PING_EVERY);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ping.reset();
        loop {
            let served = tokio::select! {
                biased;
                () = ended.cancelled() => Err(End::Ended),
                event = events.recv() => match event {
                    Ok(frame) => self.send(&frame).await,
                    Err(RecvError::Lagged(_)) => Ok(()),
                    Err(RecvError::Closed) => Err(End::Ended),
                },
                Some(board) = next_board(&mut alerts) => self.send(&board).await,
                frame = next_overview(&mut self.overview) => match frame {
                    Some(frame) => self.send(&frame).await,
                    None => Ok(()),
                },
                Some((_, frame)) = self.hosts.next() => match frame {
                    Ok(frame) => self.send(&frame).await,
                    // It was too slow: the next frame is complete again.
                    Err(_) => Ok(()),
                },
                received = self.socket.recv() => match received {
                    Some(Ok(Message::Text(text))) => self.obey(&text),
                    Some(Ok(Message::Binary(_))) => Err(End::Misbehaved),
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
                    Some(Ok(Message::Close(_)) | Err(_)) | None => Err(End::Gone),
                },
                _ = ping.tick() => self.send_message(Message::Ping(Default::default())).await,
            };
            if let Err(end) = served {
                return end;
            }
        }
    }

    fn obey(&mut self, text: &str) -> Result<(), End> {
        match serde_json::from_str(text) {
            Ok(ClientMessage::Subscribe(topic)) => self.subscribe(topic),
            Ok(ClientMessage::Unsubscribe(Topic::Overview)) => self.overview = None,
            Ok(ClientMessage::Unsubscribe(topic)) => drop(self.hosts.remove(&topic)),
            Err(_) => return Err(End::Misbehaved),
        }
        Ok(())
    }

    fn subscribe(&mut self, topic: Topic) {
        match topic {
            Topic::Overview if self.overview.is_none() => {
                let mut inventory = self.hub.subscribe_inventory();
                // The inventory of this moment counts as a change, so that it is sent at once.
                inventory.mark_changed();
                self.overview = Some((self.hub.subscribe_overview(), inventory));
            }
            Topic::Host(id) if self.hosts.len() < MAX_HOSTS && !self.hosts.contains_key(&topic) => {
                self.hosts.insert(topic, BroadcastStream::new(self.hub.subscribe_host(id)));
            }
            Topic::Overview | Topic::Host(_) => {}
        }
    }

    async fn send(&mut self, frame: &Frame) -> Result<(), End> {
        let message = if self.json { Message::Text(frame.json()) } else { Message::Binary(frame.binary()) };
        self.send_message(message).await
    }

    async fn send_message(&mut self, message: Message) -> Result<(), End> {
        match timeout(STALLED, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(End::Gone),
        }
    }
}

/// How the alerts stand when that changes; `None` before the centre has judged anything.
async fn next_board(alerts: &mut watch::Receiver<Option<Frame>>) -> Option<Frame> {
    match alerts.changed().await {
        Ok(()) => alerts.borrow_and_update().clone(),
        Err(_) => std::future::pending().await,
    }
}

/// The next frame of the overview or a changed inventory; `None` when this client has skipped some. Waits for ever without a
/// subscription.
async fn next_overview(overview: &mut Option<(broadcast::Receiver<Frame>, watch::Receiver<Option<Frame>>)>) -> Option<Frame> {
    let Some((frames, inventory)) = overview else { return std::future::pending().await };
    tokio::select! {
        biased;
        changed = inventory.changed() => match changed {
            Ok(()) => inventory.borrow_and_update().clone(),
            Err(_) => std::future::pending().await,
        },
        frame = frames.recv() => match frame {
            Ok(frame) => Some(frame),
            Err(RecvError::Lagged(_)) => None,
            Err(RecvError::Closed) => std::future::pending().await,
        },
    }
}
