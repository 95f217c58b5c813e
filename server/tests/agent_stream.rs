//! The centre's side of the agent's stream against the agent's own server.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use agent::serve::{Feed, Secrets, serve};
use protocol::host::Source;
use protocol::snapshot::{Cpu, Facts, Snapshot, TopProcesses};
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use std::time::Duration;
use tactus::collect::agent::{AgentEndpoint, AgentError, AgentStream};
use tactus::collect::{Scheduler, Target};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

const TOKEN: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

struct Agent {
    feed: Feed,
    endpoint: AgentEndpoint,
    certificate: rcgen::CertifiedKey<rcgen::KeyPair>,
    stop: CancellationToken,
}

impl Agent {
    async fn start() -> Self {
        let certificate = rcgen::generate_simple_self_signed(vec!["tactus-agent".into()]).unwrap();
        let endpoint = AgentEndpoint {
            address: "127.0.0.1".into(),
            port: 0,
            token: SecretString::from(TOKEN),
            certificate_sha256: Sha256::digest(certificate.cert.der()).into(),
        };
        let mut agent = Self { feed: Feed::new(), endpoint, certificate, stop: CancellationToken::new() };
        agent.listen().await;
        agent
    }

    /// Serves on the same port as before, or on a free one at first.
    async fn listen(&mut self) {
        self.stop = CancellationToken::new();
        let listener = TcpListener::bind(("127.0.0.1", self.endpoint.port)).await.unwrap();
        self.endpoint.port = listener.local_addr().unwrap().port();
        let secrets = Secrets {
            certificate_pem: self.certificate.cert.pem(),
            key_pem: self.certificate.signing_key.serialize_pem(),
            token_sha256: Sha256::digest(TOKEN.as_bytes()).into(),
        };
        let (feed, stop) = (self.feed.clone(), self.stop.clone());
        tokio::spawn(async move { serve(listener, &secrets, feed, stop).await });
    }
}

fn snapshot(beat: u64) -> Snapshot {
    Snapshot {
        protocol: protocol::PROTOCOL_VERSION,
        beat,
        cpu: Some(Cpu { total_percent: 12.5, ..Cpu::default() }),
        facts: Some(Facts { host_name: "web".into(), ..Facts::default() }),
        processes: Some(TopProcesses::default()),
        ..Snapshot::default()
    }
}

#[tokio::test]
async fn every_snapshot_is_complete_though_later_ones_travel_without_facts() {
    let agent = Agent::start().await;
    agent.feed.publish(snapshot(1));
    let mut stream = AgentStream::open(&agent.endpoint).await.unwrap();
    for beat in 1..4 {
        if beat > 1 {
            agent.feed.publish(snapshot(beat));
        }
        let received = stream.next().await.unwrap();
        assert_eq!((received.beat, received.facts.map(|facts| facts.host_name)), (beat, Some("web".into())));
    }
}

#[tokio::test]
async fn refuses_another_certificate_before_the_token_is_sent() {
    let mut agent = Agent::start().await;
    agent.endpoint.certificate_sha256[0] ^= 1;
    assert!(matches!(AgentStream::open(&agent.endpoint).await, Err(AgentError::WrongCertificate)));
}

#[tokio::test]
async fn a_wrong_token_and_a_closed_port_are_told_apart() {
    let mut agent = Agent::start().await;
    agent.endpoint.token = SecretString::from("0".repeat(64));
    assert!(matches!(AgentStream::open(&agent.endpoint).await, Err(AgentError::WrongToken)));
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    agent.endpoint.port = free;
    assert!(matches!(AgentStream::open(&agent.endpoint).await, Err(AgentError::Unreachable(_))));
}

#[tokio::test]
async fn something_else_on_the_port_is_never_mistaken_for_an_agent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut agent = Agent::start().await;
    agent.endpoint.port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut socket, b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
    });
    assert!(matches!(AgentStream::open(&agent.endpoint).await, Err(AgentError::Protocol(_) | AgentError::Unreachable(_))));
}

#[tokio::test]
async fn the_scheduler_comes_back_by_itself_after_the_agent_has_restarted() {
    let mut agent = Agent::start().await;
    agent.feed.publish(snapshot(1));
    let (readings, mut received) = mpsc::channel(64);
    let stop = CancellationToken::new();
    let (key_changes, _) = mpsc::channel(1);
    let scheduler = Scheduler::new(readings, tactus::collect::Logins::new(key_changes, true), std::sync::Arc::new(|_| false), stop.clone());
    scheduler.start(Target { host_id: 7, agent: Some(agent.endpoint.clone()), ssh: None, exporter: None, restricted: false });
    let first = received.recv().await.unwrap();
    assert_eq!((first.host_id, first.source, first.outcome.is_ok()), (7, Source::Agent, true));
    agent.stop.cancel();
    while received.recv().await.unwrap().outcome.is_ok() {}
    agent.listen().await;
    agent.feed.publish(snapshot(2));
    let back = async { while received.recv().await.unwrap().outcome.is_err() {} };
    tokio::time::timeout(Duration::from_secs(20), back).await.expect("the stream comes back");
    stop.cancel();
    tokio::time::timeout(Duration::from_secs(5), scheduler.finished()).await.expect("all tasks end");
}
