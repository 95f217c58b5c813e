//! The program as systemd and people run it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use protocol::snapshot::Snapshot;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Command, Output, Stdio};

fn agent() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tactus-agent"));
    command.env_remove("CREDENTIALS_DIRECTORY");
    command
}

fn run(command: &mut Command) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

fn secrets() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["tactus-agent".into()]).unwrap();
    std::fs::write(folder.path().join("certificate.pem"), made.cert.pem()).unwrap();
    std::fs::write(folder.path().join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    std::fs::write(folder.path().join("token-sha256"), "00".repeat(32)).unwrap();
    folder
}

#[test]
fn once_prints_a_complete_snapshot() {
    let (code, stdout, _) = run(agent().arg("once"));
    assert_eq!((code, stdout.lines().count()), (0, 1));
    let snapshot: Snapshot = serde_json::from_str(&stdout).unwrap();
    assert!(snapshot.cpu.is_some() && snapshot.facts.is_some() && snapshot.processes.is_some());
}

#[test]
fn says_its_version() {
    let (code, stdout, _) = run(agent().arg("--version"));
    assert_eq!((code, stdout.trim()), (0, format!("tactus-agent {}", agent::VERSION).as_str()));
}

#[test]
fn a_taken_port_and_missing_secrets_are_said() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = secrets();
    let (code, _, stderr) = run(agent().args(["serve", "--listen", &address, "--secrets"]).arg(folder.path()));
    assert_eq!(code, 1);
    assert!(stderr.contains(&format!("cannot listen on {address}")) && stderr.contains("in use"), "{stderr}");
    std::fs::remove_file(folder.path().join("key.pem")).unwrap();
    let (code, _, stderr) = run(agent().args(["serve", "--listen", "127.0.0.1:0", "--secrets"]).arg(folder.path()));
    assert_eq!(code, 1);
    assert!(stderr.contains("key.pem"), "{stderr}");
    let (code, _, stderr) = run(agent().args(["serve", "--listen", "127.0.0.1:0"]));
    assert_eq!(code, 2);
    assert!(stderr.contains("--secrets"), "{stderr}");
}

#[test]
fn ends_with_success_on_either_signal() {
    for signal in ["TERM", "INT"] {
        let folder = secrets();
        let mut command = agent();
        // As systemd hands the secrets over.
        command.args(["serve", "--listen", "127.0.0.1:0"]).env("CREDENTIALS_DIRECTORY", folder.path()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.contains("serves on 127.0.0.1:"), "{line}");
        assert!(Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(0), "{signal}");
    }
}
