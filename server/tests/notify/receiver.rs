//! A webhook's other side.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// What came and was accepted.
#[derive(Clone, Debug, PartialEq)]
pub struct Accepted {
    pub key: String,
    pub body: serde_json::Value,
}

#[derive(Default)]
struct Inside {
    /// Answers 503 while it is set.
    broken: AtomicBool,
    /// Never answers while it is set.
    stuck: AtomicBool,
    accepted: Mutex<Vec<Accepted>>,
    /// Keys of all requests, also of those that had no good answer.
    asked: Mutex<Vec<String>>,
    came: Notify,
}

/// A real HTTP server.
pub struct Receiver {
    pub url: String,
    inside: Arc<Inside>,
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook/secret-path-1", listener.local_addr().unwrap());
        let inside = Arc::new(Inside::default());
        let router = Router::new().fallback(accept).with_state(inside.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, inside }
    }

    pub fn set_broken(&self, broken: bool) {
        self.inside.broken.store(broken, Ordering::SeqCst);
    }

    pub fn set_stuck(&self, stuck: bool) {
        self.inside.stuck.store(stuck, Ordering::SeqCst);
    }

    pub fn accepted(&self) -> Vec<Accepted> {
        self.inside.accepted.lock().unwrap().clone()
    }

    pub fn asked(&self) -> Vec<String> {
        self.inside.asked.lock().unwrap().clone()
    }

    /// One field of all accepted messages, in their order.
    pub fn field(&self, name: &str) -> Vec<String> {
        self.accepted().iter().map(|accepted| accepted.body[name].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Waits for the next request that has come since the last time.
    pub async fn came(&self) {
        tokio::time::timeout(std::time::Duration::from_secs(30), self.inside.came.notified()).await.expect("nothing came");
    }
}

async fn accept(State(inside): State<Arc<Inside>>, headers: HeaderMap, body: Bytes) -> (StatusCode, &'static str) {
    let key = headers.get("idempotency-key").map(|key| key.to_str().unwrap().to_owned()).unwrap_or_default();
    inside.asked.lock().unwrap().push(key.clone());
    inside.came.notify_one();
    if inside.stuck.load(Ordering::SeqCst) {
        std::future::pending::<()>().await;
    }
    if inside.broken.load(Ordering::SeqCst) {
        return (StatusCode::SERVICE_UNAVAILABLE, "down for maintenance, /hook/secret-path-1");
    }
    inside.accepted.lock().unwrap().push(Accepted { key, body: serde_json::from_slice(&body).unwrap_or_default() });
    (StatusCode::OK, "thank you")
}
