//! Payloads of agents that are out there: every reader to come must understand them as they were meant.
//!
//! Never change a golden file; a new version of the payload gets a new one. Written once with `TACTUS_WRITE_GOLDEN=1`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use protocol::codec::{decode_snapshot, encode_snapshot};
use protocol::snapshot::{Cpu, Disk, Facts, Load, Memory, Mount, Nic, Pressure, Process, Snapshot, TcpSockets, Temperature, TopProcesses};
use serde_json::Value;
use std::path::{Path, PathBuf};

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

fn read(name: &str, now: &[u8]) -> Vec<u8> {
    if std::env::var_os("TACTUS_WRITE_GOLDEN").is_some() && !golden(name).exists() {
        std::fs::write(golden(name), now).unwrap();
    }
    std::fs::read(golden(name)).unwrap()
}

/// Every field of version 1 with a value of its own.
fn complete() -> Snapshot {
    let process = |pid, name: &str| Process { pid, name: name.into(), cpu_percent: 150.5, memory_bytes: 1 << 33, threads: 12 };
    Snapshot {
        protocol: 1,
        sampled_at_ms: 1_795_468_869_500,
        beat: 4_000_000_000,
        cpu: Some(Cpu {
            total_percent: 42.5,
            user_percent: 30.25,
            system_percent: 8.0,
            iowait_percent: 1.5,
            steal_percent: 4.25,
            cores_percent: vec![Some(80.0), None, Some(5.0)],
        }),
        load: Some(Load { one: 0.5, five: 1.25, fifteen: 2.0 }),
        memory: Some(Memory {
            total: 64 << 30,
            available: 40 << 30,
            free: 20 << 30,
            buffers: 1 << 30,
            cached: 19 << 30,
            swap_total: 8 << 30,
            swap_used: 1 << 20,
        }),
        mounts: vec![Mount {
            mount_point: "/数据".into(),
            device: "/dev/nvme0n1p2".into(),
            file_system: "xfs".into(),
            total_bytes: 1 << 40,
            used_bytes: 1 << 39,
            available_bytes: 1 << 38,
            inodes_total: 1 << 20,
            inodes_used: 77,
        }],
        disks: vec![Disk {
            device: "nvme0n1".into(),
            read_bytes_per_s: Some(1_024.0),
            write_bytes_per_s: None,
            reads_per_s: Some(2.0),
            writes_per_s: Some(0.0),
            busy_percent: Some(99.5),
        }],
        nics: vec![Nic {
            name: "eth0".into(),
            in_bytes_per_s: Some(125_000_000.0),
            out_bytes_per_s: Some(64.0),
            in_packets_per_s: Some(90_000.0),
            out_packets_per_s: Some(1.0),
            faults_per_s: None,
            in_bytes_total: u64::MAX,
            out_bytes_total: 5,
        }],
        uptime_s: Some(86_400),
        process_count: Some(312),
        tcp: Some(TcpSockets { in_use: 100, time_wait: 20, orphaned: 3 }),
        temperatures: vec![Temperature { sensor: "coretemp Package id 0".into(), celsius: 61.5 }],
        pressure: Some(Pressure {
            cpu_some_percent: Some(16.5),
            memory_some_percent: Some(0.0),
            memory_full_percent: None,
            io_some_percent: Some(2.5),
            io_full_percent: Some(1.0),
        }),
        processes: Some(TopProcesses { by_cpu: vec![process(77, "postgres")], by_memory: vec![process(1, "systemd")] }),
        facts: Some(Facts {
            host_name: "db-1".into(),
            os: "Debian GNU/Linux 12 (bookworm)".into(),
            kernel: "6.1.0-30-amd64".into(),
            architecture: "x86_64".into(),
            cpu_model: "AMD EPYC 9654".into(),
            cores: 192,
            memory_total: 64 << 30,
            booted_at_ms: 1_795_382_469_000,
            reader_version: "0.1.0".into(),
        }),
    }
}

#[test]
fn a_complete_snapshot_of_version_1() {
    let bytes = read("agent-v1-complete.msgpack", &encode_snapshot(&complete()).unwrap());
    assert_eq!(decode_snapshot(&bytes).unwrap(), complete());
    let json = read("agent-v1-complete.json", &serde_json::to_vec_pretty(&complete()).unwrap());
    assert_eq!(serde_json::from_slice::<Snapshot>(&json).unwrap(), complete());
}

#[test]
fn a_snapshot_with_nothing_but_its_beat() {
    let empty = Snapshot { protocol: 1, sampled_at_ms: 5, beat: 1, ..Snapshot::default() };
    let bytes = read("agent-v1-empty.msgpack", &encode_snapshot(&empty).unwrap());
    assert_eq!(decode_snapshot(&bytes).unwrap(), empty);
    assert!(bytes.len() < 64, "gaps take no room: {} bytes", bytes.len());
}

/// Whether `now` has everything that `then` has, with the same values. It may have more.
fn holds(now: &Value, then: &Value) -> bool {
    match (now, then) {
        (Value::Object(now), Value::Object(then)) => {
            then.iter().all(|(name, value)| now.get(name).is_some_and(|other| holds(other, value)))
        }
        (Value::Array(now), Value::Array(then)) => now.len() == then.len() && now.iter().zip(then).all(|(now, then)| holds(now, then)),
        _ => now == then,
    }
}

#[test]
fn what_this_build_writes_a_reader_of_version_1_understands() {
    let then: Value = serde_json::from_slice(&std::fs::read(golden("agent-v1-complete.json")).unwrap()).unwrap();
    let now = serde_json::to_value(complete()).unwrap();
    assert!(holds(&now, &then), "a field was renamed, retyped or dropped: {now}");
    let mut renamed = now;
    renamed["cpu"]["total"] = renamed["cpu"]["total_percent"].take();
    assert!(!holds(&renamed, &then));
}

#[test]
fn a_later_agent_may_say_more() {
    let json = std::fs::read_to_string(golden("agent-v1-complete.json")).unwrap();
    let later = json.replacen('{', "{\"gpus\": [{\"name\": \"x\"}], \"protocol_minor\": 3,", 1).replace("\"one\"", "\"zero\": 7, \"one\"");
    assert_eq!(serde_json::from_str::<Snapshot>(&later).unwrap(), complete());
}

/// What an agent of a later version sends: fields that this build does not know, in every part, and a higher version.
fn later() -> Value {
    let mut later = serde_json::to_value(complete()).unwrap();
    later["protocol"] = 2.into();
    later["gpus"] = serde_json::json!([{ "name": "H100", "busy_percent": 12.5 }]);
    for part in ["cpu", "load", "memory", "tcp", "pressure", "facts"] {
        later[part]["a_later_field"] = serde_json::json!({ "deep": [1, "two", null] });
    }
    for list in ["mounts", "disks", "nics", "temperatures"] {
        later[list][0]["a_later_field"] = "x".into();
    }
    later
}

/// A new agent and an old centre: what the centre knows it reads, whatever else there is.
#[test]
fn a_snapshot_of_a_later_version() {
    let bytes = read("agent-v2-more.msgpack", &rmp_serde::to_vec_named(&later()).unwrap());
    assert_eq!(decode_snapshot(&bytes).unwrap(), Snapshot { protocol: 2, ..complete() });
}

/// An old agent and a new centre: what the agent does not know yet is a gap.
#[test]
fn a_snapshot_of_an_earlier_version() {
    let mut earlier = serde_json::to_value(complete()).unwrap();
    for part in ["pressure", "temperatures", "processes", "tcp"] {
        earlier.as_object_mut().unwrap().remove(part);
    }
    earlier["cpu"].as_object_mut().unwrap().remove("steal_percent");
    let bytes = read("agent-v0-less.msgpack", &rmp_serde::to_vec_named(&earlier).unwrap());
    let snapshot = decode_snapshot(&bytes).unwrap();
    assert_eq!((snapshot.pressure, snapshot.processes, snapshot.tcp), (None, None, None));
    assert_eq!(snapshot.cpu, Some(Cpu { steal_percent: 0.0, ..complete().cpu.unwrap() }));
    assert_eq!((snapshot.memory, snapshot.facts), (complete().memory, complete().facts));
}

/// A payload that cannot be understood any more is an error, so that the centre reads the host in another way, and no wrong figure.
#[test]
fn a_field_of_another_type_is_an_error() {
    let mut foreign = later();
    foreign["cpu"]["total_percent"] = "high".into();
    assert!(decode_snapshot(&rmp_serde::to_vec_named(&foreign).unwrap()).is_err());
}

#[test]
fn garbage_is_an_error_and_no_panic() {
    let whole = encode_snapshot(&complete()).unwrap();
    for length in 0..whole.len() {
        assert!(decode_snapshot(&whole[..length]).is_err(), "cut at {length}");
    }
    for bytes in [&b"\xc1"[..], b"\xdd\xff\xff\xff\xff", b"\xdf\xff\xff\xff\xff", b"\x81\xa3cpu\xa3abc", b"{}"] {
        assert!(decode_snapshot(bytes).is_err(), "{bytes:?}");
    }
}
