//! The service as its clients see it: real TLS, real HTTP, real WebSocket.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use agent::serve::{Feed, Secrets, serve};
use futures_util::{SinkExt, StreamExt};
use protocol::codec::decode_snapshot;
use protocol::snapshot::{Cpu, Facts, Snapshot, TopProcesses};
use rustls::RootCertStore;
use rustls::pki_types::{CertificateDer, ServerName};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_util::sync::CancellationToken;

const TOKEN: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// Enough for any machine; every wait ends as soon as its condition holds.
const LONG: Duration = Duration::from_secs(30);

struct Agent {
    feed: Feed,
    port: u16,
    certificate: CertificateDer<'static>,
    stop: CancellationToken,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Agent {
    async fn start() -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["tactus-agent".into()]).unwrap();
        let secrets = Secrets {
            certificate_pem: made.cert.pem(),
            key_pem: made.signing_key.serialize_pem(),
            token_sha256: Sha256::digest(TOKEN.as_bytes()).into(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, feed, stop) = (listener.local_addr().unwrap().port(), Feed::new(), CancellationToken::new());
        let (its_feed, until) = (feed.clone(), stop.clone());
        let serving = tokio::spawn(async move { serve(listener, &secrets, its_feed, until).await });
        Self { feed, port, certificate: made.cert.der().clone(), stop, serving }
    }

    async fn connect(&self) -> TlsStream<TcpStream> {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = config.with_root_certificates(roots).with_no_client_auth();
        let tcp = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("tactus-agent").unwrap(), tcp).await.unwrap()
    }

    /// Sends bytes and reads until the agent closes; what it says and whether it closed.
    async fn talk(&self, bytes: &[u8]) -> String {
        let mut connection = self.connect().await;
        // The agent may have had enough before all is sent.
        let _ = connection.write_all(bytes).await;
        let mut answer = Vec::new();
        let _ = timeout(LONG, connection.read_to_end(&mut answer)).await.expect("the agent closes the connection");
        String::from_utf8_lossy(&answer).into_owned()
    }

    async fn get(&self, path: &str, headers: &str) -> (String, String) {
        let answer = self.talk(format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}\r\n").as_bytes()).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no HTTP answer: {answer:?}"));
        (head.to_ascii_lowercase(), body.to_owned())
    }

    async fn stream(&self, token: &str) -> Result<WebSocketStream<TlsStream<TcpStream>>, Error> {
        let mut request = "wss://tactus-agent/stream".into_client_request().unwrap();
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        tokio_tungstenite::client_async(request, self.connect().await).await.map(|(socket, _)| socket)
    }
}

/// Sends a request and reads its answer to the end, over a connection that stays open.
async fn ask(connection: &mut TlsStream<TcpStream>, request: &str) -> String {
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    loop {
        answer.push(char::from(timeout(LONG, connection.read_u8()).await.expect("an answer comes").unwrap()));
        if let Some((head, body)) = answer.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
            if body.len() == length.parse::<usize>().unwrap() {
                return answer;
            }
        }
    }
}

fn bearer(token: &str) -> String {
    format!("authorization: Bearer {token}\r\n")
}

fn snapshot(beat: u64) -> Snapshot {
    Snapshot {
        protocol: protocol::PROTOCOL_VERSION,
        beat,
        cpu: Some(Cpu { total_percent: 12.5, cores_percent: vec![Some(1.0), None], ..Cpu::default() }),
        facts: Some(Facts { host_name: "web".into(), ..Facts::default() }),
        processes: Some(TopProcesses::default()),
        ..Snapshot::default()
    }
}

async fn next(socket: &mut WebSocketStream<TlsStream<TcpStream>>) -> Snapshot {
    loop {
        match timeout(LONG, socket.next()).await.expect("a message comes").unwrap().unwrap() {
            Message::Binary(bytes) => return decode_snapshot(&bytes).unwrap(),
            Message::Ping(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn only_the_token_opens_metrics_and_stream() {
    let agent = Agent::start().await;
    agent.feed.publish(snapshot(1));
    let upgrade = "upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    for path in ["/metrics", "/stream"] {
        for headers in
            [String::new(), bearer(""), bearer(&TOKEN[1..]), bearer(&"0".repeat(64)), format!("authorization: Basic {TOKEN}\r\n")]
        {
            let (head, body) = agent.get(path, &format!("{headers}{upgrade}")).await;
            assert!(head.starts_with("http/1.1 401"), "{path} {headers}: {head}");
            assert!(head.contains("www-authenticate: bearer"), "{head}");
            assert!(!body.contains("web"), "{body}");
        }
    }
    assert!(agent.get("/metrics", &bearer(TOKEN)).await.0.starts_with("http/1.1 200"));
    let (head, body) = agent.get("/healthz", "").await;
    assert!(head.starts_with("http/1.1 200") && body == "ok", "{head} {body}");
    assert!(matches!(agent.stream(&"0".repeat(64)).await, Err(Error::Http(answer)) if answer.status() == 401));
}

#[tokio::test]
async fn metrics_in_the_format_that_is_asked_for() {
    let agent = Agent::start().await;
    let (head, _) = agent.get("/metrics", &bearer(TOKEN)).await;
    assert!(head.starts_with("http/1.1 503"), "before the first sample: {head}");
    agent.feed.publish(Snapshot { load: Some(Default::default()), ..snapshot(7) });
    let (head, body) = agent.get("/metrics", &bearer(TOKEN)).await;
    assert!(head.contains("content-type: application/json") && head.contains("cache-control: no-store"), "{head}");
    let decoded: Snapshot = serde_json::from_str(&body).unwrap();
    assert_eq!(decoded, Snapshot { load: Some(Default::default()), ..snapshot(7) });
    for (accept, content_type, end) in [
        ("text/plain;version=0.0.4", "content-type: text/plain; version=0.0.4; charset=utf-8", "\n"),
        (
            "application/openmetrics-text;version=1.0.0",
            "content-type: application/openmetrics-text; version=1.0.0; charset=utf-8",
            "# EOF\n",
        ),
    ] {
        let (head, body) = agent.get("/metrics", &format!("{}accept: {accept}\r\n", bearer(TOKEN))).await;
        assert!(head.contains(content_type), "{head}");
        assert!(body.contains("node_load1 0\n") && body.ends_with(end), "{body}");
    }
}

#[tokio::test]
async fn the_stream_begins_complete_and_goes_on_without_what_has_not_changed() {
    let agent = Agent::start().await;
    agent.feed.publish(snapshot(1));
    let mut early = agent.stream(TOKEN).await.unwrap();
    assert_eq!(next(&mut early).await, snapshot(1));
    agent.feed.publish(snapshot(2));
    assert_eq!(next(&mut early).await, Snapshot { facts: None, processes: None, ..snapshot(2) });
    let mut late = agent.stream(TOKEN).await.unwrap();
    assert_eq!(next(&mut late).await, snapshot(2), "another client gets all at first");
    let renamed = Snapshot { facts: Some(Facts { host_name: "web-2".into(), ..Facts::default() }), ..snapshot(3) };
    agent.feed.publish(renamed.clone());
    for socket in [&mut early, &mut late] {
        assert_eq!(next(socket).await, Snapshot { processes: None, ..renamed.clone() });
    }
}

#[tokio::test]
async fn a_stream_that_was_opened_before_the_first_sample_gets_it() {
    let agent = Agent::start().await;
    let mut socket = agent.stream(TOKEN).await.unwrap();
    agent.feed.publish(snapshot(1));
    assert_eq!(next(&mut socket).await, snapshot(1));
}

#[tokio::test]
async fn what_is_no_request_is_closed_and_others_are_served_all_the_same() {
    let agent = Agent::start().await;
    agent.feed.publish(snapshot(1));
    let huge_header = format!("GET /metrics HTTP/1.1\r\nx: {}\r\n\r\n", "a".repeat(1024 * 1024));
    let many_headers = format!("GET /metrics HTTP/1.1\r\n{}\r\n", "x: y\r\n".repeat(1_000));
    let huge_line = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(1024 * 1024));
    for hostile in [
        b"\x00\xff\xfe garbage\r\n\r\n".as_slice(),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET /metrics HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
        b"GET http://[::1 HTTP/1.1\r\n\r\n",
        huge_header.as_bytes(),
        many_headers.as_bytes(),
        huge_line.as_bytes(),
    ] {
        let answer = agent.talk(hostile).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    for (request, status) in [("/", "404"), ("/metrics/../../etc/passwd", "404"), ("/%2e%2e/etc/shadow", "404"), ("/stream", "400")] {
        let (head, _) = agent.get(request, &bearer(TOKEN)).await;
        assert!(head.starts_with(&format!("http/1.1 {status}")), "{request}: {head}");
    }
    let post = format!("POST /metrics HTTP/1.1\r\nhost: x\r\n{}connection: close\r\ncontent-length: 5\r\n\r\nhello", bearer(TOKEN));
    assert!(agent.talk(post.as_bytes()).await.starts_with("HTTP/1.1 405"));
    // Something else than TLS.
    let mut plain = TcpStream::connect(("127.0.0.1", agent.port)).await.unwrap();
    plain.write_all(b"GET /metrics HTTP/1.1\r\n\r\n").await.unwrap();
    let _ = timeout(LONG, plain.read_to_end(&mut Vec::new())).await.expect("the agent closes it");
    assert!(agent.get("/metrics", &bearer(TOKEN)).await.0.starts_with("http/1.1 200"));
}

#[tokio::test]
async fn a_message_that_is_too_long_ends_its_stream_only() {
    let agent = Agent::start().await;
    agent.feed.publish(snapshot(1));
    let (mut loud, mut quiet) = (agent.stream(TOKEN).await.unwrap(), agent.stream(TOKEN).await.unwrap());
    next(&mut loud).await;
    next(&mut quiet).await;
    let _ = loud.send(Message::Binary(vec![0; 1024 * 1024].into())).await;
    let ended = async { while let Some(Ok(_)) = loud.next().await {} };
    timeout(LONG, ended).await.expect("the agent closes it");
    agent.feed.publish(snapshot(2));
    assert_eq!(next(&mut quiet).await.beat, 2);
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_until_one_ends() {
    let agent = Agent::start().await;
    agent.feed.publish(snapshot(1));
    let mut streams = Vec::new();
    for _ in 0..32 {
        let mut socket = agent.stream(TOKEN).await.unwrap();
        next(&mut socket).await;
        streams.push(socket);
    }
    let headers = bearer(TOKEN);
    let mut waiting = std::pin::pin!(agent.get("/metrics", &headers));
    assert!(timeout(Duration::from_millis(300), waiting.as_mut()).await.is_err(), "all places are taken");
    drop(streams.pop());
    assert!(timeout(LONG, waiting).await.expect("a place is free").0.starts_with("http/1.1 200"));
}

/// Lets the agent's clock run while nobody answers it. Only timers pass: nothing is waited for.
async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::sleep(time).await;
    tokio::time::resume();
}

#[tokio::test]
async fn a_client_that_does_not_read_is_closed_and_one_that_does_is_not() {
    let agent = Agent::start().await;
    agent.feed.publish(snapshot(1));
    let mut deaf = agent.stream(TOKEN).await.unwrap();
    next(&mut deaf).await;
    pass(Duration::from_secs(60)).await;
    let mut last = None;
    let ended = async {
        while let Some(Ok(message)) = deaf.next().await {
            last = Some(message);
        }
    };
    timeout(LONG, ended).await.expect("the agent closes it");
    assert!(matches!(last, Some(Message::Ping(_))), "it was asked whether it lives: {last:?}");
    let mut alive = agent.stream(TOKEN).await.unwrap();
    next(&mut alive).await;
    for beat in 2..10 {
        pass(Duration::from_secs(11)).await;
        agent.feed.publish(snapshot(beat));
        // Reading answers the pings.
        assert_eq!(next(&mut alive).await.beat, beat);
        alive.flush().await.unwrap();
    }
}

#[tokio::test]
async fn strangers_are_closed_soon_and_known_clients_may_rest() {
    let agent = Agent::start().await;
    agent.feed.publish(snapshot(1));
    let (mut stranger, mut known) = (agent.connect().await, agent.connect().await);
    let request = format!("GET /metrics HTTP/1.1\r\nhost: x\r\n{}\r\n", bearer(TOKEN));
    assert!(ask(&mut known, &request).await.starts_with("HTTP/1.1 200"));
    pass(Duration::from_secs(30)).await;
    let closed = timeout(LONG, stranger.read(&mut [0; 1])).await.expect("the agent closes it");
    assert!(!matches!(closed, Ok(1..)), "{closed:?}");
    pass(Duration::from_secs(30)).await;
    assert!(ask(&mut known, &request).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn stops_at_once_and_says_good_bye() {
    let agent = Agent::start().await;
    agent.feed.publish(snapshot(1));
    let mut socket = agent.stream(TOKEN).await.unwrap();
    next(&mut socket).await;
    let _idle = agent.connect().await;
    agent.stop.cancel();
    let farewell = timeout(LONG, socket.next()).await.unwrap().unwrap().unwrap();
    assert!(matches!(farewell, Message::Close(Some(frame)) if frame.reason.as_str() == "the agent stops"), "a close frame");
    timeout(Duration::from_secs(5), agent.serving).await.expect("it ends within 5 s").unwrap().unwrap();
    assert!(TcpStream::connect(("127.0.0.1", agent.port)).await.is_err());
}

#[tokio::test]
async fn unusable_secrets_are_an_error_without_the_secret() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let secrets = Secrets { certificate_pem: String::new(), key_pem: "PRIVATE".into(), token_sha256: [0; 32] };
    let error = serve(listener, &secrets, Feed::new(), CancellationToken::new()).await.unwrap_err();
    assert!(!format!("{error:?} {error}").contains("PRIVATE"));
}
