//! The scripts under real shells, and frames that no honest host sends.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::shell::{FrameReader, LOOP, SPACE, parse_space};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};

/// Shells that hosts have, each with how it is started. A machine without one skips it loudly, except where everything is required.
const SHELLS: [&[&str]; 3] = [&["dash", "-c"], &["bash", "-c"], &["busybox", "sh", "-c"]];

fn start(shell: &[&str], script: &str) -> Option<Child> {
    let (program, arguments) = shell.split_first().unwrap();
    let started = Command::new(program).args(arguments).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    if started.is_err() {
        assert!(std::env::var_os("TACTUS_REQUIRE_REAL").is_none(), "{program} is not installed");
        eprintln!("SKIPPED: {program} is not installed");
    }
    started.ok()
}

fn ask(child: &mut Child, reader: &mut FrameReader, asked: Ask) -> Frame {
    child.stdin.as_mut().unwrap().write_all(asked.line().as_bytes()).unwrap();
    let mut bytes = [0; 8_192];
    loop {
        let length = child.stdout.as_mut().unwrap().read(&mut bytes).unwrap();
        assert!(length > 0, "the loop ended");
        if let Some(frame) = reader.take(&bytes[..length]).unwrap() {
            return frame;
        }
    }
}

#[test]
fn every_shell_reads_this_machine_and_ends_with_its_input() {
    for shell in SHELLS {
        let Some(mut child) = start(shell, LOOP) else { continue };
        let (mut reader, mut machine) = (FrameReader::default(), ShellMachine::default());
        assert_eq!(machine.take(&ask(&mut child, &mut reader, Ask::Facts), Ask::Facts, 1_000_000), None, "no rates yet");
        let second = ask(&mut child, &mut reader, Ask::Slow);
        // As if a second had passed on the way: the kernel's uptime counts.
        let snapshot = machine.take(&second, Ask::Slow, 1_000_050);
        // Two frames within a hundredth of a second have no rates; the kernel counts no finer.
        let snapshot = snapshot.expect("a second frame is a snapshot");
        let facts = snapshot.facts.clone().unwrap();
        assert_eq!(facts.kernel, std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap().trim(), "{shell:?}");
        assert_eq!(facts.architecture, std::env::consts::ARCH);
        assert!(facts.cores > 0 && !facts.os.is_empty() && facts.memory_total > 0);
        assert!(snapshot.memory.is_some() && snapshot.load.is_some() && snapshot.uptime_s.is_some() && snapshot.tcp.is_some());
        assert!(snapshot.process_count.unwrap() > 1);
        assert!(snapshot.processes.unwrap().by_memory.iter().all(|process| !process.name.is_empty()));
        assert!(machine.mount_points().any(|point| point == "/"), "{shell:?}");
        drop(child.stdin.take());
        assert!(child.wait().unwrap().success(), "{shell:?}");
    }
}

#[test]
fn every_shell_tells_the_space_that_statvfs_tells() {
    for shell in SHELLS {
        let Some(mut child) = start(shell, SPACE) else { continue };
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(b"/\n/no such place; touch /tmp/tactus-canary\n/proc/self\n").unwrap();
        drop(stdin);
        let lines: Vec<String> = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap).collect();
        assert_eq!(lines.len(), 4, "{lines:?}");
        assert_eq!((lines[0].as_str(), lines[2].as_str()), ("@begin:", "@none:"), "{shell:?}");
        let space = parse_space(&lines[1]).unwrap();
        let blocks = |name: &str| -> u64 {
            let said = Command::new("df").args(["-B1", &format!("--output={name}"), "/"]).output().unwrap();
            String::from_utf8(said.stdout).unwrap().lines().nth(1).unwrap().trim().parse().unwrap()
        };
        assert_eq!(space.blocks * space.block_bytes, blocks("size"), "{shell:?}");
        assert!(!std::path::Path::new("/tmp/tactus-canary").exists());
    }
}

fn frame(text: &str) -> Frame {
    let mut reader = FrameReader::default();
    reader.take(format!("@begin:\n{text}@end:\n").as_bytes()).unwrap().unwrap()
}

#[test]
fn rates_follow_the_kernels_clock_and_not_the_way_of_the_frames() {
    let text = |uptime: &str, bytes: u64, idle: u64| {
        format!(
            "/proc/uptime:{uptime} 1\n/proc/stat:cpu  {idle} 0 0 {idle} 0 0 0 0 0 0\n/proc/stat:cpu0 {idle} 0 0 {idle} 0 0 0 0 0 0\n/proc/stat:ctxt 1\n/proc/stat:btime 77\n/proc/stat:processes 1\n/proc/net/dev:Inter-|\n/proc/net/dev: face |\n\
             /proc/net/dev:  eth0: {bytes} 0 0 0 0 0 0 0 {bytes} 0 0 0 0 0 0 0\n"
        )
    };
    let mut machine = ShellMachine::default();
    assert_eq!(machine.take(&frame(&text("100.00", 1_000, 50)), Ask::Fast, 500_000), None);
    // 300 ms later than it should, but a second after the first by the machine itself.
    let snapshot = machine.take(&frame(&text("101.00", 3_000, 150)), Ask::Fast, 501_300).unwrap();
    assert_eq!(snapshot.nics[0].in_bytes_per_s, Some(2_000.0));
    assert_eq!(snapshot.cpu.unwrap().total_percent, 50.0);
    assert_eq!(snapshot.sampled_at_ms, 501_000);
    // Restarted: no rate, no spike.
    let snapshot = machine.take(&frame(&text("5.00", 10, 1)), Ask::Fast, 560_000).unwrap();
    assert_eq!((snapshot.nics[0].in_bytes_per_s, snapshot.cpu), (None, None));
}

#[test]
fn hostile_frames_are_gaps() {
    let mut machine = ShellMachine::default();
    for text in ["", "x\n", "/proc/uptime:nan 1\n", "/proc/uptime:-5 1\n", "/proc/uptime:\u{fffd}\n", ":\n::\n@:\n"] {
        assert_eq!(machine.take(&frame(text), Ask::Facts, 0), None, "{text}");
    }
    let text = "/proc/uptime:1e10 1\n/proc/stat:cpu 99999999999999999999\n1/stat:1 (x\n/sys/class/hwmon//temp_input:5\n/proc/self/mountinfo:garbage\n";
    for asked in [Ask::Facts, Ask::Slow, Ask::Fast] {
        machine.take(&frame(text), asked, i64::MAX / 2);
    }
    assert_eq!(machine.mount_points().count(), 0);
}
