//! Servers that lie, stall or talk too much: each ends an installation soon, with its own reason, and learns no password.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use protocol::deploy::{DeployFailure, DeployStep};
use russh::keys::PrivateKey;
use russh::keys::ssh_key::private::Ed25519Keypair;
use russh::server::{Auth, Config, Handler};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use support::{Told, with_key, with_password};
use tactus::deploy::{Artifacts, install};
use tactus::ssh::Target;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

/// The longest that a hung server may keep a step.
const STEP_LIMIT: Duration = Duration::from_secs(10);

/// Starts a server that treats each connection in its own way; returns its port.
async fn serve<F: Future<Output = ()> + Send + 'static>(treat: impl Fn(TcpStream) -> F + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(treat(stream));
        }
    });
    port
}

/// Installs and expects a failure; returns how long it took.
async fn fails(target: &Target, step: DeployStep, failure: &DeployFailure) -> Duration {
    let directory = tempfile::tempdir().unwrap();
    let artifacts = Artifacts::load(directory.path()).unwrap();
    let (told, start) = (Told::default(), Instant::now());
    let outcome = install(7, target, &artifacts, &|progress| told.hear(progress), CancellationToken::new()).await;
    assert_eq!(outcome.err().as_ref(), Some(failure));
    told.assert_failed(step, failure);
    assert!(start.elapsed() <= STEP_LIMIT, "{failure}: {:?}", start.elapsed());
    start.elapsed()
}

fn login(port: u16) -> Target {
    with_password("127.0.0.1", port, "ada", "canary")
}

#[tokio::test]
async fn a_closed_port_and_a_name_that_does_not_exist() {
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let refused = DeployFailure::ConnectionRefused { address: "127.0.0.1".into(), port };
    fails(&login(port), DeployStep::Connect, &refused).await;
    // No resolver is asked for a label of more than 63 characters.
    let address = "x".repeat(64);
    let unknown = DeployFailure::AddressNotFound { address: address.clone() };
    fails(&with_password(&address, 22, "ada", "canary"), DeployStep::Connect, &unknown).await;
}

#[tokio::test]
async fn a_host_that_does_not_answer_is_unreachable() {
    // Nobody accepts and the queue is full: the kernel drops what comes next, as a firewall or a dead host would.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut queued = Vec::new();
    while let Ok(Ok(stream)) = tokio::time::timeout(Duration::from_millis(500), TcpStream::connect(address)).await {
        queued.push(stream);
        assert!(queued.len() < 64, "the queue never fills");
    }
    let failure = DeployFailure::Unreachable { address: "127.0.0.1".into(), port: address.port() };
    fails(&login(address.port()), DeployStep::Connect, &failure).await;
}

#[tokio::test]
async fn addresses_that_are_never_hosts() {
    let reason = DeployFailure::Unexpected { reason: "an address of this kind cannot be a monitored host".into() };
    for address in ["169.254.169.254", "::ffff:169.254.169.254", "fe80::1", "0.0.0.0", "224.0.0.1", "2852039166"] {
        fails(&with_password(address, 22, "ada", "canary"), DeployStep::Connect, &reason).await;
    }
}

#[tokio::test]
async fn connections_that_close_before_the_greeting() {
    let port = serve(|stream| async { drop(stream) }).await;
    fails(&login(port), DeployStep::Connect, &DeployFailure::ClosedBeforeBanner).await;
    let busy = serve(|mut stream| async move { stream.write_all(b"Exceeded MaxStartups\r\n").await.unwrap() }).await;
    fails(&login(busy), DeployStep::Connect, &DeployFailure::ClosedBeforeBanner).await;
}

#[tokio::test]
async fn servers_of_something_else() {
    let http = serve(|mut stream| async move {
        let mut request = [0; 64];
        let _ = stream.read(&mut request).await;
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await;
    });
    let port = http.await;
    let took = fails(&login(port), DeployStep::Connect, &DeployFailure::NotSsh { port }).await;
    assert!(took < Duration::from_secs(2), "{took:?}");
    let mail = serve(|mut stream| async move {
        let _ = stream.write_all(b"220 mail.example ESMTP\r\n").await;
        drop(stream);
    });
    let port = mail.await;
    fails(&login(port), DeployStep::Connect, &DeployFailure::NotSsh { port }).await;
}

#[tokio::test]
async fn an_endless_greeting() {
    let port = serve(|mut stream| async move { while stream.write_all(&[b'x'; 4096]).await.is_ok() {} }).await;
    let took = fails(&login(port), DeployStep::Connect, &DeployFailure::NotSsh { port }).await;
    assert!(took < Duration::from_secs(2), "{took:?}");
    let lines = serve(|mut stream| async move { while stream.write_all(b"welcome\r\n").await.is_ok() {} }).await;
    fails(&login(lines), DeployStep::Connect, &DeployFailure::NotSsh { port: lines }).await;
}

#[tokio::test]
async fn silence_and_a_byte_a_second() {
    let silent = serve(|stream| async move {
        let _open = stream;
        std::future::pending::<()>().await;
    });
    let silent = login(silent.await);
    let slow = serve(|mut stream| async move {
        for byte in "SSH-2.0-very-slow-server\r\n".bytes() {
            let _ = stream.write_all(&[byte]).await;
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
    let slow = login(slow.await);
    let no_keys = serve(|mut stream| async move {
        let _ = stream.write_all(b"SSH-2.0-silent\r\n").await;
        std::future::pending::<()>().await;
    });
    let no_keys = login(no_keys.await);
    let late = |seconds| DeployFailure::TimedOut { seconds };
    let (late_greeting, late_keys, not_ssh) = (late(6), late(8), DeployFailure::NotSsh { port: slow.port });
    tokio::join!(
        fails(&silent, DeployStep::Connect, &late_greeting),
        fails(&slow, DeployStep::Connect, &not_ssh),
        fails(&no_keys, DeployStep::HostKey, &late_keys),
    );
}

#[tokio::test]
async fn a_server_that_never_ends_is_hung_up_on() {
    let (hung_up, heard) = tokio::sync::oneshot::channel();
    let hung_up = std::sync::Mutex::new(Some(hung_up));
    let port = serve(move |mut stream| {
        let hung_up = hung_up.lock().unwrap().take();
        async move {
            let _ = stream.write_all(b"SSH-2.0-sticky\r\n").await;
            // Reads what it is sent and never answers; the read ends when the other side hangs up.
            let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
            let _ = hung_up.unwrap().send(());
        }
    });
    let target = login(port.await);
    fails(&target, DeployStep::HostKey, &DeployFailure::TimedOut { seconds: 8 }).await;
    tokio::time::timeout(Duration::from_secs(2), heard).await.expect("the connection is still open").unwrap();
}

#[tokio::test]
async fn noise_instead_of_keys() {
    for noise in [vec![0; 100_000], vec![0xff; 100_000], b"\x00\x00\x00\x0c\x0a\x14hello world".to_vec()] {
        let port = serve(move |mut stream| {
            let noise = noise.clone();
            async move {
                let _ = stream.write_all(b"SSH-2.0-noisy\r\n").await;
                let _ = stream.write_all(&noise).await;
            }
        });
        let target = login(port.await);
        let (told, start) = (Told::default(), Instant::now());
        let artifacts = Artifacts::load(std::path::Path::new("/nonexistent")).unwrap();
        let outcome = install(7, &target, &artifacts, &|progress| told.hear(progress), CancellationToken::new()).await;
        let failure = outcome.err().unwrap();
        assert!(matches!(failure, DeployFailure::Disconnected | DeployFailure::Unexpected { .. }), "{failure}");
        told.assert_failed(DeployStep::HostKey, &failure);
        assert!(start.elapsed() <= STEP_LIMIT);
    }
}

#[tokio::test]
async fn a_key_that_cannot_be_read_reaches_no_host() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    for (text, failure) in [
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n", DeployFailure::MalformedKey),
        ("not a key; touch /tmp/x", DeployFailure::MalformedKey),
        ("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n", DeployFailure::WrongPassphrase),
    ] {
        fails(&with_key("127.0.0.1", port, "ada", text, Some("canary")), DeployStep::Authenticate, &failure).await;
    }
    let nobody = tokio::time::timeout(Duration::from_millis(100), listener.accept()).await;
    assert!(nobody.is_err(), "the host was reached");
}

/// Counts what it is told before anybody is let in.
struct Listening {
    attempts: Arc<AtomicUsize>,
}

impl Handler for Listening {
    type Error = russh::Error;

    async fn auth_password(&mut self, _user: &str, _password: &str) -> Result<Auth, Self::Error> {
        self.attempts.fetch_add(1, Ordering::SeqCst);
        Ok(Auth::reject())
    }

    async fn auth_none(&mut self, _user: &str) -> Result<Auth, Self::Error> {
        self.attempts.fetch_add(1, Ordering::SeqCst);
        Ok(Auth::reject())
    }
}

async fn serve_ssh(attempts: Arc<AtomicUsize>) -> u16 {
    let key = PrivateKey::from(Ed25519Keypair::from_seed(&rand::random()));
    let config = Arc::new(Config { keys: vec![key], auth_rejection_time: Duration::ZERO, ..Config::default() });
    serve(move |stream| {
        let (config, attempts) = (config.clone(), attempts.clone());
        async move {
            if let Ok(session) = russh::server::run_stream(config, stream, Listening { attempts }).await {
                let _ = session.await;
            }
        }
    })
    .await
}

#[tokio::test]
async fn another_host_key_gets_no_login_attempt() {
    let attempts = Arc::new(AtomicUsize::new(0));
    let port = serve_ssh(attempts.clone()).await;
    let pinned = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned();
    for target in
        [Target { pinned_key: Some(pinned.clone()), ..login(port) }, Target { expected_fingerprint: Some(pinned.clone()), ..login(port) }]
    {
        let (told, artifacts) = (Told::default(), Artifacts::load(std::path::Path::new("/nonexistent")).unwrap());
        let outcome = install(7, &target, &artifacts, &|progress| told.hear(progress), CancellationToken::new()).await;
        match outcome.err().unwrap() {
            DeployFailure::HostKeyChanged { expected, found } => {
                assert_eq!(expected, pinned);
                assert!(found.starts_with("SHA256:") && found != pinned, "{found}");
            }
            other => panic!("{other}"),
        }
        assert_eq!(told.failed_step(), Some(DeployStep::HostKey));
    }
    assert_eq!(attempts.load(Ordering::SeqCst), 0);
    // The same server counts an attempt when its key is not pinned yet, so the zero above means something.
    fails(&login(port), DeployStep::Authenticate, &DeployFailure::WrongPassword).await;
    assert_eq!(attempts.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_stop_ends_at_once() {
    let port = serve(|stream| async move {
        let _open = stream;
        std::future::pending::<()>().await;
    });
    let (target, told, cancel) = (login(port.await), Told::default(), CancellationToken::new());
    let artifacts = Artifacts::load(std::path::Path::new("/nonexistent")).unwrap();
    let start = Instant::now();
    let report = |progress: &_| {
        told.hear(progress);
        cancel.cancel();
    };
    let outcome = install(7, &target, &artifacts, &report, cancel.clone()).await;
    assert_eq!(outcome.err(), Some(DeployFailure::Cancelled));
    assert!(told.last().finished && start.elapsed() < Duration::from_secs(2));
}
