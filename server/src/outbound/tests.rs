//! No spelling of a refused address leads to a connection.
#![allow(clippy::unwrap_used)]

use super::*;
use futures_util::future::BoxFuture;
use reqwest::Method;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

fn request(url: &str) -> Request {
    Request { method: Method::GET, url: url.into(), headers: Vec::new(), body: Vec::new(), allow_private: false, ca_pem: String::new() }
}

/// Names lead where they are told to; `count` is how often a name was asked for.
fn lookup(count: Arc<AtomicUsize>, answers: &'static [&'static [&'static str]]) -> Lookup {
    Arc::new(move |_, port| -> BoxFuture<'static, _> {
        let turn = count.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1);
        Box::pin(async move { Ok(answers[turn].iter().map(|text| SocketAddr::new(text.parse().unwrap(), port)).collect()) })
    })
}

/// Each would reach a listener on every address of this machine, or something worse.
const REFUSED: [&str; 66] = [
    "http://127.0.0.1:PORT/",
    "http://127.1:PORT/",
    "http://127.0.1:PORT/",
    "http://2130706433:PORT/",
    "http://0x7f000001:PORT/",
    "http://0x7f.0.0.1:PORT/",
    "http://0177.0.0.1:PORT/",
    "http://0177.0.0.0x1:PORT/",
    "http://017700000001:PORT/",
    "http://127.0.0.1.:PORT/",
    "http://127.255.255.254:PORT/",
    "http://%31%32%37.0.0.1:PORT/",
    "http://①②⑦.0.0.1:PORT/",
    "http://１２７。０。０。１:PORT/",
    "http://localhost:PORT/",
    "http://localhost.:PORT/",
    "http://LOCALHOST:PORT/",
    "http://ｌｏｃａｌｈｏｓｔ:PORT/",
    "http://[::1]:PORT/",
    "http://[0:0:0:0:0:0:0:1]:PORT/",
    "http://[::ffff:127.0.0.1]:PORT/",
    "http://[::ffff:7f00:1]:PORT/",
    "http://[::127.0.0.1]:PORT/",
    "http://[::ffff:0:127.0.0.1]:PORT/",
    "http://[64:ff9b::127.0.0.1]:PORT/",
    "http://[64:ff9b:1::127.0.0.1]:PORT/",
    "http://[2002:7f00:1::]:PORT/",
    "http://[2002:a9fe:a9fe::1]:PORT/",
    "http://[2001:0:7f00:1::1]:PORT/",
    "http://[2001:0:808:808::80ff:fffe]:PORT/",
    "http://0.0.0.0:PORT/",
    "http://0:PORT/",
    "http://0.1.2.3:PORT/",
    "http://[::]:PORT/",
    "http://169.254.169.254/latest/meta-data/",
    "http://169.254.1.1:PORT/",
    "http://2852039166/",
    "http://0xa9fea9fe/",
    "http://[::ffff:169.254.169.254]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[fd00:ec2::254]/",
    "http://100.100.100.200/",
    "http://100.64.0.1/",
    "http://100.127.255.254/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://172.31.255.254/",
    "http://192.168.1.1/",
    "http://[fd12:3456::1]/",
    "http://[fc00::1]/",
    "http://[fe80::1]/",
    "http://[febf::1]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://224.0.0.1/",
    "http://239.255.255.250/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://192.0.2.1/",
    "http://198.51.100.1/",
    "http://203.0.113.1/",
    "http://198.18.0.1/",
    "http://192.0.0.1/",
    "http://[2001:db8::1]/",
    "http://[3fff::1]/",
    "http://[100::1]/",
];

/// Are no URLs for us at all.
const NO_URL: [&str; 14] = [
    "",
    "127.0.0.1:PORT",
    "//127.0.0.1:PORT/",
    "ftp://127.0.0.1:PORT/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:PORT/",
    "data:,x",
    "unix:/run/x.sock",
    "http://",
    "http:///",
    "http://user@127.0.0.1:PORT/",
    "http://user:word@127.0.0.1:PORT/",
    "http://:word@127.0.0.1:PORT/",
    "javascript:alert(1)",
];

#[tokio::test]
async fn no_spelling_of_a_refused_address_connects() {
    let v4 = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let port = v4.local_addr().unwrap().port();
    // Some machines do not know `localhost.`, others do: here every name leads to this machine.
    let outbound = Outbound::with_lookup(false, lookup(Arc::default(), &[&["127.0.0.1"]]));
    for vector in REFUSED.iter().chain(&NO_URL) {
        let url = vector.replace("PORT", &port.to_string());
        let error = outbound.send(&request(&url)).await.unwrap_err();
        let wanted = if NO_URL.contains(vector) {
            matches!(error, OutboundError::NoUrl | OutboundError::Login)
        } else {
            matches!(error, OutboundError::Refused(_) | OutboundError::Loopback | OutboundError::Private)
        };
        assert!(wanted && error.is_permanent(), "{vector}: {error:?}");
    }
    // The first connection that the listener sees is our own, so that there was none before it.
    let ours = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let (_, first) = v4.accept().await.unwrap();
    assert_eq!(first, ours.local_addr().unwrap());
}

#[tokio::test]
async fn private_addresses_need_leave_and_others_get_none_by_it() {
    let outbound = Outbound::new(false);
    for (host, allowed) in [
        ("10.1.2.3", true),
        ("172.20.0.1", true),
        ("192.168.0.9", true),
        ("fd12::1", true),
        ("[fd12::1]", true),
        ("::ffff:10.0.0.1", true),
        ("fd00:ec2::254", false),
        ("169.254.169.254", false),
        ("100.100.100.200", false),
        ("127.0.0.1", false),
    ] {
        assert_eq!(outbound.resolve(host, 80, true).await.is_ok(), allowed, "{host}");
        assert!(outbound.resolve(host, 80, false).await.is_err(), "{host}");
    }
    for public in ["1.1.1.1", "100.63.255.255", "172.32.0.1", "2606:4700::1111", "64:ff9b::1.1.1.1", "2002:101:101::1"] {
        assert_eq!(place_of(public.parse::<IpAddr>().unwrap()), Place::Public, "{public}");
    }
}

#[tokio::test]
async fn a_name_is_asked_once_and_one_bad_address_refuses_it() {
    let count = Arc::new(AtomicUsize::new(0));
    let outbound = Outbound::with_lookup(false, lookup(count.clone(), &[&["1.1.1.1", "127.0.0.1"]]));
    assert_eq!(outbound.send(&request("http://rebind.example/")).await, Err(OutboundError::Loopback));
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

/// Answers one request with `response` and gives back what came.
async fn serve(listener: TcpListener, response: String) -> String {
    let (mut socket, _) = listener.accept().await.unwrap();
    let mut request = vec![0; 4_096];
    let count = socket.read(&mut request).await.unwrap();
    // The other side may have heard enough.
    let _ = socket.write_all(response.as_bytes()).await;
    String::from_utf8_lossy(&request[..count]).into_owned()
}

#[tokio::test]
async fn the_connection_goes_to_the_address_that_was_judged() {
    // The second answer, which nobody may ask for, would lead nowhere.
    let count = Arc::new(AtomicUsize::new(0));
    let outbound = Outbound::with_lookup(true, lookup(count.clone(), &[&["127.0.0.1"], &["192.0.2.1"]]));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://name.example:{}/a?b", listener.local_addr().unwrap().port());
    let served = tokio::spawn(serve(listener, "HTTP/1.1 429 Slow\r\nretry-after: 7\r\ncontent-length: 2\r\n\r\nno".into()));
    let answer = outbound.send(&request(&url)).await.unwrap();
    assert_eq!((answer.status, answer.retry_after.unwrap().as_secs(), answer.text().as_str()), (429, 7, "no"));
    let heard = served.await.unwrap();
    assert!(heard.starts_with("GET /a?b HTTP/1.1\r\n") && heard.contains("host: name.example:"), "{heard}");
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn redirects_are_not_followed_and_long_answers_are_cut() {
    let outbound = Outbound::new(true);
    let sink = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let to = sink.local_addr().unwrap();
    let long = "x".repeat(200_000);
    for (head, status, length) in [(format!("302 Found\r\nlocation: http://{to}/"), 302, 65_536), ("200 OK".to_owned(), 200, 65_536)] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let served = tokio::spawn(serve(listener, format!("HTTP/1.1 {head}\r\ncontent-length: 200000\r\n\r\n{long}")));
        let answer = outbound.send(&request(&url)).await.unwrap();
        assert_eq!((answer.status, answer.body.len()), (status, length));
        served.await.unwrap();
    }
    let ours = TcpStream::connect(to).await.unwrap();
    assert_eq!(sink.accept().await.unwrap().1, ours.local_addr().unwrap(), "the redirect was followed");
}

#[tokio::test]
async fn errors_hold_no_url_and_know_whether_they_last() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let error = Outbound::new(true).send(&request(&format!("http://{closed}/token-1234"))).await.unwrap_err();
    assert!(matches!(error, OutboundError::NoConnection(_)) && !error.is_permanent(), "{error:?}");
    assert!(!error.to_string().contains("token-1234"));
    let header = Request { headers: vec![("x".into(), "a\r\nb: c".into())], ..request(&format!("http://{closed}/")) };
    assert_eq!(Outbound::new(true).send(&header).await, Err(OutboundError::Header("x".into())));
}

#[tokio::test]
async fn only_known_authorities_are_trusted() {
    use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
    let ca_key = KeyPair::generate().unwrap();
    let mut ca = CertificateParams::new(Vec::new()).unwrap();
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca_pem = ca.self_signed(&ca_key).unwrap().pem();
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec!["name.example".to_owned()]).unwrap().signed_by(&key, &Issuer::new(ca, ca_key)).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let key = rustls_pki_types::PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![leaf.der().clone()], key).unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            // Some turn away at the sight of the certificate.
            let Ok(mut stream) = acceptor.accept(socket).await else { continue };
            let mut request = vec![0; 4_096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(b"HTTP/1.1 204 Fine\r\nconnection: close\r\n\r\n").await;
        }
    });
    let outbound = Outbound::with_lookup(true, lookup(Arc::default(), &[&["127.0.0.1"]]));
    let asked = |host: &str, ca_pem: &str| Request { ca_pem: ca_pem.into(), ..request(&format!("https://{host}:{port}/")) };
    let send = async |request: Request| outbound.send(&request).await.map(|answer| answer.status);
    assert_eq!(send(asked("name.example", &ca_pem)).await, Ok(204));
    for (host, ca_pem) in [("name.example", ""), ("other.example", ca_pem.as_str())] {
        let error = send(asked(host, ca_pem)).await.unwrap_err();
        assert!(matches!(&error, OutboundError::NoConnection(said) if said.contains("certificate")), "{error:?}");
    }
    assert_eq!(send(asked("name.example", "x")).await, Err(OutboundError::Certificates));
}
