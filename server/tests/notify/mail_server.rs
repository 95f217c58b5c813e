//! Starts aiosmtpd, a real SMTP server.

use super::support::skip;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// A mail that the server has accepted.
#[derive(Debug, Deserialize)]
pub struct Mail {
    pub from: String,
    pub to: Vec<String>,
    /// Headers and body as they came.
    pub text: String,
    pub tls: bool,
    pub login: bool,
}

impl Mail {
    /// One header, unfolded.
    pub fn header(&self, name: &str) -> String {
        let head = self.text.replace("\r\n", "\n").replace("\n ", " ");
        let line =
            head.lines().take_while(|line| !line.is_empty()).find_map(|line| line.strip_prefix(&format!("{name}: ")).map(str::to_owned));
        line.unwrap_or_else(|| panic!("no {name} in {head}"))
    }
}

pub struct MailServer {
    pub port: u16,
    lines: Lines<BufReader<ChildStdout>>,
    child: Child,
    /// In PEM form.
    pub ca: String,
    certificate: TempDir,
}

/// Where `cargo xtask test` puts Python with aiosmtpd; says so if it is not there.
pub fn python() -> Option<PathBuf> {
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/python/bin/python");
    let python = std::env::var_os("TACTUS_TEST_PYTHON").map_or(usual, PathBuf::from);
    if !python.exists() {
        skip("needs aiosmtpd in target/python, see cargo xtask test");
        return None;
    }
    Some(python)
}

impl MailServer {
    /// Starts a server with a certificate for `localhost` by an authority of its own. `options` are those of the script.
    pub async fn start(options: Value) -> Option<Self> {
        let python = python()?;
        let folder = tempfile::tempdir().unwrap();
        let ca = write_certificate(folder.path());
        let (port, lines, child) = launch(&python, &folder, options).await;
        Some(Self { port, lines, child, ca, certificate: folder })
    }

    /// Ends the server; nothing listens on its port then.
    pub async fn stop(&mut self) {
        self.child.kill().await.unwrap();
    }

    /// Starts it again on the same port, with the same certificate.
    pub async fn start_again(&mut self, mut options: Value) {
        options["port"] = json!(self.port);
        (self.port, self.lines, self.child) = launch(&python().unwrap(), &self.certificate, options).await;
    }

    /// The next mail.
    pub async fn mail(&mut self) -> Mail {
        let line = timeout(Duration::from_secs(20), self.lines.next_line()).await.expect("no mail").unwrap().unwrap();
        serde_json::from_str(&line).unwrap()
    }

    /// Ends the server and answers the mails that nobody has looked at.
    pub async fn rest(mut self) -> Vec<Mail> {
        self.stop().await;
        let mut mails = Vec::new();
        while let Some(line) = self.lines.next_line().await.unwrap() {
            mails.push(serde_json::from_str(&line).unwrap());
        }
        mails
    }
}

async fn launch(python: &Path, folder: &TempDir, mut options: Value) -> (u16, Lines<BufReader<ChildStdout>>, Child) {
    let usual = json!({
        "port": 0, "security": "starttls", "user": "", "password": "",
        "certificate": folder.path().join("cert.pem"), "key": folder.path().join("key.pem"),
    });
    for (name, value) in usual.as_object().unwrap() {
        let options = options.as_object_mut().unwrap();
        options.entry(name).or_insert(value.clone());
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/notify/smtp_server.py");
    let mut command = Command::new(python);
    command
        .arg("-W")
        .arg("ignore")
        .arg(script)
        .arg(options.to_string())
        .stdout(Stdio::piped())
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let port = timeout(Duration::from_secs(20), lines.next_line()).await.expect("the server does not start").unwrap().expect("it ended");
    (port.parse().unwrap(), lines, child)
}

/// Writes `cert.pem` and `key.pem` and answers the authority's certificate.
fn write_certificate(folder: &Path) -> String {
    let ca_key = KeyPair::generate().unwrap();
    let mut ca = CertificateParams::new(Vec::new()).unwrap();
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca_pem = ca.self_signed(&ca_key).unwrap().pem();
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &Issuer::new(ca, ca_key)).unwrap();
    std::fs::write(folder.join("cert.pem"), leaf.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), key.serialize_pem()).unwrap();
    ca_pem
}
