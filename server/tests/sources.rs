//! A host read from one source after the other, against a real sshd and the agent's own server.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use agent::machine::Machine;
use agent::serve::{Feed, Secrets, serve};
use protocol::host::Source;
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use std::path::Path;
use std::time::Duration;
use support::collection::{Collection, login, nothing};
use support::is_root;
use support::sshd::{Sshd, User, output};
use tactus::collect::agent::AgentEndpoint;
use tactus::collect::{KeyChanged, Target};
use tokio::net::TcpListener;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

const TOKEN: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const PATIENCE: Duration = Duration::from_secs(30);

/// The agent's own server in this process, on this machine's real figures.
struct Agent {
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
        let mut agent = Self { endpoint, certificate, stop: CancellationToken::new() };
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
        let (feed, stop) = (Feed::new(), self.stop.clone());
        let (published, until) = (feed.clone(), self.stop.clone());
        tokio::spawn(async move { serve(listener, &secrets, feed, stop).await });
        tokio::spawn(async move {
            let mut machine = Machine::new(Path::new("/"));
            let mut beats = tokio::time::interval(Duration::from_millis(500));
            while until.run_until_cancelled(beats.tick()).await.is_some() {
                published.publish(machine.sample(now_ms()));
            }
        });
    }
}

fn now_ms() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64
}

/// Collects a host with an agent and a login.
fn collect(endpoint: &AgentEndpoint, sshd: &Sshd, user: &User, pinned: String) -> Collection {
    let ssh = tactus::ssh::Target { pinned_key: Some(pinned), ..login(sshd, user) };
    Collection::start(Target { agent: Some(endpoint.clone()), ssh: Some(ssh), ..nothing() })
}

/// Waits until a user has no process any more.
async fn nothing_runs(user: &User) {
    let gone = async {
        while std::process::Command::new("pgrep").args(["-u", &user.name]).output().unwrap().status.success() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, gone).await.unwrap_or_else(|_| panic!("left: {}", output("pgrep", &["-a", "-u", &user.name])));
}

#[tokio::test]
async fn an_agent_that_ends_is_replaced_by_the_shell_and_comes_back() {
    if !is_root() {
        return;
    }
    let mut sshd = Sshd::start("Banner /etc/issue");
    let user = sshd.add_user();
    let mut agent = Agent::start().await;
    let mut collection = collect(&agent.endpoint, &sshd, &user, sshd.fingerprint());
    let (reading, _) = collection.until(Source::Agent).await;
    assert_eq!(reading.latency_ms, None);
    agent.stop.cancel();
    let (reading, errors) = collection.until(Source::Ssh).await;
    assert!(!errors.is_empty(), "why is said");
    assert!(reading.latency_ms.is_some_and(|ms| ms > 0.0));
    let snapshot = reading.outcome.unwrap();
    assert!(snapshot.cpu.is_some(), "the first one has rates already");
    assert!(snapshot.memory.is_some() && snapshot.facts.is_some() && snapshot.processes.is_some());
    let with_mounts = async {
        loop {
            let (reading, _) = collection.until(Source::Ssh).await;
            if reading.outcome.is_ok_and(|snapshot| snapshot.disk_percent().is_some()) {
                break;
            }
        }
    };
    timeout(PATIENCE, with_mounts).await.expect("space is told, too");
    agent.listen().await;
    collection.until(Source::Agent).await;
    collection.end().await;
    nothing_runs(&user).await;
}

#[tokio::test]
async fn an_agent_behind_a_firewall_is_read_through_the_tunnel() {
    if !is_root() {
        return;
    }
    let mut sshd = Sshd::start("");
    let user = sshd.add_user();
    let agent = Agent::start().await;
    // Nobody listens there; on the host's own loopback the agent does.
    let endpoint = AgentEndpoint { address: "127.0.0.77".into(), ..agent.endpoint.clone() };
    let mut collection = collect(&endpoint, &sshd, &user, sshd.fingerprint());
    let (reading, errors) = collection.until(Source::Tunnel).await;
    assert!(reading.outcome.unwrap().memory.is_some());
    assert!(errors.iter().any(|error| error.starts_with("Agent:")), "{errors:?}");
    collection.end().await;
    nothing_runs(&user).await;
}

#[tokio::test]
async fn another_host_key_is_told_and_no_password_is_sent() {
    if !is_root() {
        return;
    }
    let mut sshd = Sshd::start("");
    let user = sshd.add_user();
    let agent = Agent::start().await;
    let expected = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned();
    let mut collection = collect(&agent.endpoint, &sshd, &user, expected.clone());
    let change = timeout(PATIENCE, collection.key_changes.recv()).await.unwrap().unwrap();
    assert_eq!(change, KeyChanged { host_id: 7, expected, found: sshd.fingerprint() });
    collection.end().await;
    assert!(!sshd.log().contains("userauth-request"), "{}", sshd.log());
}

#[tokio::test]
async fn every_kind_of_host_key_and_logins_by_question() {
    if !is_root() {
        return;
    }
    for (extra, kind) in [
        ("HostKeyAlgorithms rsa-sha2-512", "rsa"),
        ("HostKeyAlgorithms ecdsa-sha2-nistp256", "ecdsa"),
        ("PasswordAuthentication no\nKbdInteractiveAuthentication yes\nUsePAM yes", "ed25519"),
    ] {
        let mut sshd = Sshd::start_with_key(extra, kind);
        let user = sshd.add_user();
        let agent = Agent::start().await;
        let endpoint = AgentEndpoint { address: "127.0.0.77".into(), ..agent.endpoint.clone() };
        let mut collection = collect(&endpoint, &sshd, &user, sshd.fingerprint());
        collection.until(Source::Tunnel).await;
        collection.end().await;
    }
}

/// Without a warm session nobody logs in while the agent answers; when it does not, the way around it is found all the same.
#[tokio::test]
async fn a_cold_login_comes_only_when_it_is_needed() {
    if !is_root() {
        return;
    }
    let mut sshd = Sshd::start("");
    let user = sshd.add_user();
    let agent = Agent::start().await;
    let ssh = tactus::ssh::Target { pinned_key: Some(sshd.fingerprint()), ..login(&sshd, &user) };
    let mut collection = Collection::start_with(Target { agent: Some(agent.endpoint.clone()), ssh: Some(ssh), ..nothing() }, false);
    collection.until(Source::Agent).await;
    // The login that the start may have begun is over, and its session is given up.
    nothing_runs(&user).await;
    for _ in 0..4 {
        collection.until(Source::Agent).await;
    }
    nothing_runs(&user).await;
    let before = sshd.log().matches("Accepted password").count();
    agent.stop.cancel();
    collection.until(Source::Ssh).await;
    assert_eq!(sshd.log().matches("Accepted password").count(), before + 1);
    collection.end().await;
}

/// A host whose shell is not ours: endless, silent, garbage. Each is an error soon, and none fills the memory.
#[tokio::test]
async fn hostile_shells_are_errors() {
    if !is_root() {
        return;
    }
    let keeper = Sshd::start("");
    let before = resident_kib();
    for (name, script) in [
        ("endless line", "tr '\\0' x </dev/zero"),
        ("endless lines", "yes /proc/stat:cpu 1 2 3"),
        ("noise", "cat /dev/urandom"),
        ("silence", "exec sleep 1000"),
        ("a frame without end", "echo @begin:; yes /proc/net/dev:x"),
        ("a frame of nonsense", "while read -r l; do printf '@begin:\\n/proc/uptime:nan 1\\n/proc/stat:cpu  -1 x\\n@end:\\n'; done"),
        ("nothing", "exit 0"),
    ] {
        let program = keeper.write_program(&format!("#!/bin/sh\n{script}\n"));
        let mut sshd = Sshd::start(&format!("ForceCommand {}", program.display()));
        let user = sshd.add_user();
        let ssh = tactus::ssh::Target { pinned_key: Some(sshd.fingerprint()), ..login(&sshd, &user) };
        let mut collection = Collection::start(Target { ssh: Some(ssh), ..nothing() });
        let failed = async {
            loop {
                let reading = collection.readings.recv().await.unwrap();
                match reading.outcome {
                    // Before the first login there is nothing to read by.
                    Err(error) if error.to_string().starts_with("no SSH session") => {}
                    Err(error) => return error.to_string(),
                    Ok(snapshot) => panic!("{name}: {snapshot:?}"),
                }
            }
        };
        let error = timeout(Duration::from_secs(10), failed).await.unwrap_or_else(|_| panic!("{name}: no error in 10 s"));
        assert!(!error.is_empty(), "{name}");
        collection.end().await;
    }
    let grown_kib = resident_kib().saturating_sub(before);
    assert!(grown_kib < 48 * 1024, "grown by {grown_kib} KiB");
}

/// Resident memory of this process.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    status.lines().find_map(|line| line.strip_prefix("VmRSS:")).and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap()
}
