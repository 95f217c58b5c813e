//! The program itself: it starts, keeps its memory small, and stops when it is asked to.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The program on this address, with a data folder of its own.
fn serve(folder: &Path, listen: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tactus"));
    command.arg("serve").env("TACTUS_LISTEN", listen).env("TACTUS_DATA_DIR", folder).current_dir(folder);
    command
}

fn ask_to_stop(centre: &Child) {
    assert!(Command::new("kill").arg(centre.id().to_string()).status().unwrap().success());
}

/// Status line of an answer.
fn get(address: SocketAddr, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    Ok(line)
}

#[test]
fn starts_without_huge_pages_and_stops_on_sigterm() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = serve(folder.path(), "127.0.0.1:0");
    let mut centre = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    // Kept open until the end: the set-up token is still to be printed.
    let mut console = BufReader::new(centre.stdout.take().unwrap());
    let mut first = String::new();
    console.read_line(&mut first).unwrap();
    let status = fs::read_to_string(format!("/proc/{}/status", centre.id())).unwrap();
    ask_to_stop(&centre);
    let ended = centre.wait().unwrap();

    assert!(first.contains(" is ready: http://127.0.0.1:"), "{first}");
    // Kernels before 5.0 do not tell.
    if let Some(huge) = status.lines().find_map(|line| line.strip_prefix("THP_enabled:")) {
        assert_eq!(huge.trim(), "0");
    }
    assert!(ended.success(), "{ended}");
}

/// As under `tactus serve 2>&1 | head -1`, or when the terminal is closed.
#[test]
fn a_console_that_is_gone_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = serve(folder.path(), &address.to_string());
    command.env("TACTUS_LOG", "debug").stdout(writer.try_clone().unwrap()).stderr(writer);
    let mut centre = command.spawn().unwrap();
    let began = Instant::now();
    let answered = loop {
        if let Ok(line) = get(address, "/healthz") {
            break line;
        }
        assert_eq!(centre.try_wait().unwrap(), None, "it has ended");
        assert!(began.elapsed() < Duration::from_secs(60), "it does not answer");
        std::thread::sleep(Duration::from_millis(10));
    };
    ask_to_stop(&centre);
    let ended = centre.wait().unwrap();

    assert_eq!(answered, "HTTP/1.1 200 OK\r\n");
    assert!(ended.success(), "{ended}");
}
