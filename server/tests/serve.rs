//! The program itself: it starts, keeps its memory small, and stops when it is asked to.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

#[test]
fn starts_without_huge_pages_and_stops_on_sigterm() {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = Command::new(env!("CARGO_BIN_EXE_tactus"))
        .arg("serve")
        .env("TACTUS_LISTEN", "127.0.0.1:0")
        .env("TACTUS_DATA_DIR", folder.path())
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // Kept open until the end: the set-up token is still to be printed.
    let mut console = BufReader::new(centre.stdout.take().unwrap());
    let mut first = String::new();
    console.read_line(&mut first).unwrap();
    let status = fs::read_to_string(format!("/proc/{}/status", centre.id())).unwrap();
    let asked = Command::new("kill").arg(centre.id().to_string()).status().unwrap();
    let ended = centre.wait().unwrap();

    assert!(first.contains(" is ready: http://127.0.0.1:"), "{first}");
    // Kernels before 5.0 do not tell.
    if let Some(huge) = status.lines().find_map(|line| line.strip_prefix("THP_enabled:")) {
        assert_eq!(huge.trim(), "0");
    }
    assert!(asked.success() && ended.success(), "{ended}");
}
