//! A host that is read through a real node_exporter.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use protocol::host::Source;
use rcgen::{CertifiedKey, KeyPair};
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use support::collection::{Collection, login, nothing};
use support::sshd::Sshd;
use support::{is_root, skip};
use tactus::collect::Target;
use tactus::collect::exporter::{ExporterEndpoint, ExporterStream, ScrapeError};

const PASSWORD: &str = "exporter-pw";
/// bcrypt of the password, as node_exporter wants it.
const PASSWORD_HASH: &str = "$2b$04$abcdefghijklmnopqrstuuiEfVVf/c/Q6BEM1LFcIg76/KfAzxV96";

/// A node_exporter of the test's own.
struct Exporter {
    port: u16,
    child: Child,
}

impl Exporter {
    /// `None`, said loudly, where there is none on this machine. `config` is a web configuration.
    fn start(config: Option<&Path>) -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new("prometheus-node-exporter");
        command.arg(format!("--web.listen-address=127.0.0.1:{port}")).stdout(Stdio::null()).stderr(Stdio::null());
        if let Some(config) = config {
            command.arg(format!("--web.config.file={}", config.display()));
        }
        let Ok(child) = command.spawn() else {
            skip("needs prometheus-node-exporter");
            return None;
        };
        let exporter = Self { port, child };
        let deadline = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < deadline, "node_exporter does not listen");
            std::thread::sleep(Duration::from_millis(10));
        }
        Some(exporter)
    }

    fn endpoint(&self) -> ExporterEndpoint {
        ExporterEndpoint { address: "127.0.0.1".into(), port: self.port, certificate_sha256: None, login: None }
    }
}

impl Drop for Exporter {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A web configuration with TLS and a login; answers the certificate's hash, too.
fn web_config(folder: &Path) -> (std::path::PathBuf, String) {
    let CertifiedKey { cert, signing_key }: CertifiedKey<KeyPair> = rcgen::generate_simple_self_signed(vec!["exporter".into()]).unwrap();
    std::fs::write(folder.join("cert.pem"), cert.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), signing_key.serialize_pem()).unwrap();
    let text = format!(
        "tls_server_config:\n  cert_file: {0}/cert.pem\n  key_file: {0}/key.pem\nbasic_auth_users:\n  ada: {PASSWORD_HASH}\n",
        folder.display()
    );
    std::fs::write(folder.join("web.yml"), text).unwrap();
    let hash = Sha256::digest(cert.der()).iter().map(|byte| format!("{byte:02x}")).collect();
    (folder.join("web.yml"), hash)
}

#[tokio::test]
async fn a_node_exporter_is_read_before_the_shell_and_replaced_by_it() {
    if !is_root() {
        return;
    }
    let Some(exporter) = Exporter::start(None) else { return };
    let mut sshd = Sshd::start("");
    let user = sshd.add_user();
    let ssh = tactus::ssh::Target { pinned_key: Some(sshd.fingerprint()), ..login(&sshd, &user) };
    let mut collection = Collection::start(Target { ssh: Some(ssh), exporter: Some(exporter.endpoint()), ..nothing() });
    let (reading, _) = collection.until(Source::NodeExporter).await;
    assert!(reading.latency_ms.is_some());
    let snapshot = reading.outcome.unwrap();
    assert!(
        snapshot.cpu.is_some()
            && snapshot.memory.is_some()
            && snapshot.disk_percent().is_some()
            && snapshot.network_bytes_per_s().0.is_some()
    );
    assert!(snapshot.facts.unwrap().reader_version.starts_with("node_exporter "));
    drop(exporter);
    let (reading, errors) = collection.until(Source::Ssh).await;
    assert!(reading.outcome.unwrap().cpu.is_some());
    assert!(errors.iter().any(|error| error.starts_with("NodeExporter: ")), "{errors:?}");
    collection.end().await;
}

#[tokio::test]
async fn tls_and_login_of_a_node_exporter() {
    let folder = tempfile::tempdir().unwrap();
    let (config, hash) = web_config(folder.path());
    let Some(exporter) = Exporter::start(Some(&config)) else { return };
    let right = ExporterEndpoint {
        certificate_sha256: Some(hash.clone()),
        login: Some(("ada".into(), SecretString::from(PASSWORD))),
        ..exporter.endpoint()
    };
    let mut stream = ExporterStream::new(&right).unwrap();
    let (first, _) = stream.next(true).await.unwrap();
    let (second, took) = stream.next(true).await.unwrap();
    assert!(second.sampled_at_ms > first.sampled_at_ms && took < Duration::from_secs(3));

    let wrong_password = ExporterEndpoint { login: Some(("ada".into(), SecretString::from("wrong"))), ..right.clone() };
    let error = ExporterStream::new(&wrong_password).unwrap().next(true).await.unwrap_err();
    assert!(matches!(error, ScrapeError::Refused(status) if status == 401), "{error}");
    let other = hash.replace(['0', '1', '2', '3'], "4");
    let wrong_certificate = ExporterEndpoint { certificate_sha256: Some(other), ..right.clone() };
    let error = ExporterStream::new(&wrong_certificate).unwrap().next(true).await.unwrap_err();
    assert!(matches!(error, ScrapeError::Unreachable(_)), "{error}");
    let malformed = ExporterEndpoint { certificate_sha256: Some("zz".into()), ..right };
    assert!(matches!(ExporterStream::new(&malformed).err(), Some(ScrapeError::MalformedPin)));
}

/// Endless, silent, foreign and malformed answers end in an error soon, and none fills the memory.
#[tokio::test]
async fn hostile_answers_are_errors() {
    use std::io::{Read, Write};
    let endless = || "x".repeat(64 * 1024);
    for (name, head, body) in [
        ("endless", "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n", Some(endless())),
        ("silent", "", None),
        ("foreign", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello", None),
        ("redirect", "HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n", None),
        ("no HTTP", "SSH-2.0-x\r\n\r\n", None),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for socket in listener.incoming() {
                let Ok(mut socket) = socket else { return };
                let mut request = [0; 1024];
                let _ = socket.read(&mut request);
                let _ = socket.write_all(head.as_bytes());
                while let Some(body) = &body {
                    if socket.write_all(body.as_bytes()).is_err() {
                        break;
                    }
                }
                std::thread::sleep(Duration::from_secs(20));
            }
        });
        let endpoint = ExporterEndpoint { address: "127.0.0.1".into(), port, certificate_sha256: None, login: None };
        let began = Instant::now();
        let error = ExporterStream::new(&endpoint).unwrap().next(true).await.unwrap_err();
        assert!(began.elapsed() < Duration::from_secs(10), "{name}: {error}");
        assert_eq!(matches!(error, ScrapeError::TooLarge(_)), name == "endless", "{name}: {error}");
        assert_eq!(matches!(error, ScrapeError::Unreadable(_)), name == "foreign", "{name}: {error}");
        assert_eq!(matches!(error, ScrapeError::Refused(_)), name == "redirect", "{name}: {error}");
    }
}
