//! Every notifier that speaks HTTP, against a receiver that notes each byte.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod answers;
mod requests;

use super::{Fields, Notifier, build};
use crate::notify::{Message, Telling};
use crate::outbound::Outbound;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use protocol::host::Level;
use protocol::notify::{FieldKind, NotifierKind};
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// 2026-07-02 13:46:40 UTC.
pub const NOW_MS: i64 = 1_783_000_000_000;

/// One request as it came.
#[derive(Clone, Debug)]
pub struct Heard {
    pub method: Method,
    /// With the query.
    pub path: String,
    pub headers: HeaderMap,
    pub body: String,
}

impl Heard {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

/// What a receiver answers: status, `Retry-After` (if not empty) and body.
pub type Script = (u16, &'static str, &'static str);

/// A real HTTP server that gives one answer and notes what came.
pub struct Receiver {
    pub base: String,
    heard: Arc<Mutex<Vec<Heard>>>,
}

impl Receiver {
    pub async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let router = Router::new().fallback(note).with_state((script, heard.clone()));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { base, heard }
    }

    /// The only request that came.
    pub fn heard(&self) -> Heard {
        let heard = self.heard.lock().unwrap();
        assert_eq!(heard.len(), 1);
        heard[0].clone()
    }
}

type Noted = State<(Script, Arc<Mutex<Vec<Heard>>>)>;

async fn note(State((script, heard)): Noted, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let (status, retry_after, answer) = script;
    let path = uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    heard.lock().unwrap().push(Heard { method, path, headers, body: String::from_utf8(body.to_vec()).unwrap() });
    let status = StatusCode::from_u16(status).unwrap();
    if retry_after.is_empty() { (status, answer).into_response() } else { (status, [("retry-after", retry_after)], answer).into_response() }
}

pub fn message() -> Message {
    Message {
        key: "k-1".into(),
        telling: Telling::Fired,
        level: Level::Critical,
        subject: "[严重] web-1 CPU <93.4%>".into(),
        body: "级别：严重 & \"hot\"\n时间：now\n".into(),
        texts: BTreeMap::from([("json".into(), "{\"host\":\"web-1\"}".into()), ("parameters".into(), "{\"host\": \"web 1\"}\n".into())]),
        incident: "tactus/web-1/cpu/17/5".into(),
        host: "web-1".into(),
        kind: "cpu".into(),
        at_ms: NOW_MS,
        link: Some("https://t.example/alerts?id=17".into()),
    }
}

/// A notifier whose base URL leads to `base`, filled in with `pairs`; secrets go where the form says.
pub fn notifier(kind: NotifierKind, base: &str, pairs: &[(&str, &str)]) -> Box<dyn Notifier> {
    let (mut values, mut secrets) = (BTreeMap::new(), BTreeMap::new());
    for (name, value) in pairs.iter().copied().chain([("url", base)]) {
        let field = kind.field(name).unwrap_or_else(|| panic!("{kind:?} has no field {name}"));
        if field.secret {
            secrets.insert(name.to_owned(), SecretString::from(value));
        } else {
            values.insert(name.to_owned(), value.to_owned());
        }
    }
    for field in kind.fields().filter(|field| field.required) {
        let given = values.contains_key(field.name) || secrets.contains_key(field.name);
        assert!(given || matches!(field.kind, FieldKind::Url), "{kind:?} needs {}", field.name);
    }
    build(kind, Fields::new(kind, values, secrets), Outbound::new(true))
}
