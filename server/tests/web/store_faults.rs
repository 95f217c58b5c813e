//! A disk that is full and a database that is locked: the live view goes on, it is said, and nothing is lost.

use crate::test_app::{Socket, TestApp, next_message};
use protocol::live::{OverviewFrame, ServerMessage};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tactus::clock::now_ms;
use tactus::store::{Store, WINDOW_MS};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

/// Beats of thirty seconds.
const THIRTY_SECONDS: usize = 60;

async fn next_frame(socket: &mut Socket) -> OverviewFrame {
    loop {
        if let ServerMessage::Overview(frame) = next_message(socket).await.expect("the feed goes on") {
            return frame;
        }
    }
}

/// Follows the feed until a frame says that the store works or fails; every beat must be there and live.
async fn until_failing(socket: &mut Socket, failing: bool) {
    let began = Instant::now();
    while next_frame(socket).await.store_failing != failing {
        assert!(began.elapsed() < Duration::from_secs(60), "failing did not become {failing}");
    }
}

/// Follows the feed until there are rates: they need a second sample after the start.
async fn until_rated(socket: &mut Socket) {
    let began = Instant::now();
    while next_frame(socket).await.hosts.first().is_none_or(|host| host.cpu_percent.is_none()) {
        assert!(began.elapsed() < Duration::from_secs(60), "no rates");
    }
}

async fn follow_live(socket: &mut Socket, beats: usize) {
    let mut before = next_frame(socket).await.seq;
    for _ in 0..beats {
        let frame = next_frame(socket).await;
        assert_eq!(frame.seq, before + 1, "a beat is missing");
        assert!(frame.hosts[0].cpu_percent.is_some() && frame.hosts[0].sampled_at_ms.is_some(), "{:?}", frame.hosts[0]);
        before = frame.seq;
    }
}

/// Waits until every window from `from_ms` on that has ended is stored; fails after `within`.
async fn until_complete(database: &Path, from_ms: i64, within: Duration) {
    let began = Instant::now();
    let store = Store::look_at(database).await.unwrap();
    loop {
        let to_ms = now_ms() / WINDOW_MS * WINDOW_MS - WINDOW_MS;
        let stored = store.rows(1, from_ms, to_ms).await.unwrap_or_default();
        let expected: Vec<i64> = (0..(to_ms - from_ms) / WINDOW_MS).map(|number| from_ms + number * WINDOW_MS).collect();
        let found: Vec<i64> = stored.iter().map(|row| row.at_ms).collect();
        if found == expected {
            break;
        }
        assert!(began.elapsed() < within, "expected {expected:?}, found {found:?}");
        tokio::task::yield_now().await;
    }
    store.close().await;
}

/// Start of the first window that is complete.
fn next_window() -> i64 {
    (now_ms() / WINDOW_MS + 1) * WINDOW_MS
}

#[tokio::test]
async fn a_database_that_another_program_locks_for_thirty_seconds() {
    let (app, cookie) = TestApp::start_set_up().await;
    let mut socket = app.open_live("", Some(&app.origin()), Some(&cookie)).await.unwrap();
    let from_ms = next_window();
    until_rated(&mut socket).await;
    follow_live(&mut socket, 4).await;
    let program = "import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
connection.execute('BEGIN EXCLUSIVE')
print('locked', flush=True)
sys.stdin.readline()
connection.execute('ROLLBACK')";
    let mut command = tokio::process::Command::new("python3");
    command.args(["-c", program]).arg(app.database_path()).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut locker = command.spawn().unwrap();
    let mut said = String::new();
    // The centre runs on this thread, too: it may just be writing, and must come to its end before the database can be locked.
    BufReader::new(locker.stdout.take().unwrap()).read_line(&mut said).await.unwrap();
    assert_eq!(said.trim(), "locked");
    let locked = Instant::now();
    until_failing(&mut socket, true).await;
    follow_live(&mut socket, THIRTY_SECONDS.saturating_sub(locked.elapsed().as_millis() as usize / 500)).await;
    locker.stdin.take().unwrap().write_all(b"\n").await.unwrap();
    assert!(locker.wait().await.unwrap().success());
    let freed = Instant::now();
    until_failing(&mut socket, false).await;
    until_complete(&app.database_path(), from_ms, Duration::from_secs(10).saturating_sub(freed.elapsed())).await;
    app.stop().await;
}

/// A file system of its own of a few MiB, unmounted when it is dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"]).arg(folder.path()).status().unwrap();
        assert!(mounted.success());
        Self(folder)
    }

    /// Leaves no byte.
    fn fill(&self) -> std::path::PathBuf {
        let path = self.0.path().join("filler");
        let mut file = std::fs::File::create(&path).unwrap();
        for size in [64 * 1_024, 4_096, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.0.path()).status();
    }
}

#[tokio::test]
async fn a_disk_that_is_full() {
    if !crate::test_app::is_root() {
        return;
    }
    let disk = SmallDisk::mount();
    let data_dir = disk.0.path().join("data");
    let app = TestApp::start_with(&[("DATA_DIR", data_dir.to_str().unwrap())]).await;
    let cookie = crate::test_app::cookie_of(&app.set_up(&app.setup_token, crate::test_app::USER, crate::test_app::PASSWORD).await);
    let mut socket = app.open_live("", Some(&app.origin()), Some(&cookie)).await.unwrap();
    let from_ms = next_window();
    until_rated(&mut socket).await;
    follow_live(&mut socket, 4).await;
    let filler = disk.fill();
    until_failing(&mut socket, true).await;
    follow_live(&mut socket, 40).await;
    std::fs::remove_file(filler).unwrap();
    let freed = Instant::now();
    until_failing(&mut socket, false).await;
    until_complete(&data_dir.join("tactus.db"), from_ms, Duration::from_secs(10).saturating_sub(freed.elapsed())).await;
    app.stop().await;
}
