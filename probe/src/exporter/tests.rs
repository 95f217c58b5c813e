//! Answers of a real exporter, of other things, and of hostile ones.
#![allow(clippy::unwrap_used)]

use super::*;

const FIRST: &str = include_str!("../../tests/data/node_exporter-1.txt");
const SECOND: &str = include_str!("../../tests/data/node_exporter-2.txt");

const LEAST: &str = "node_exporter_build_info{version=\"1\"} 1\nnode_cpu_seconds_total{cpu=\"0\",mode=\"idle\"} 1\n";

/// Snapshot of the second text, one second after the first.
fn between(first: &str, second: &str) -> Snapshot {
    let mut machine = ExporterMachine::default();
    assert_eq!(machine.take(first.as_bytes(), 0).unwrap(), None);
    machine.take(second.as_bytes(), 1_000).unwrap().unwrap()
}

#[test]
fn a_real_exporter() {
    let snapshot = between(FIRST, SECOND);
    let facts = snapshot.facts.unwrap();
    assert_eq!((facts.os.as_str(), facts.architecture.as_str(), facts.cores), ("Debian GNU/Linux 12 (bookworm)", "x86_64", 2));
    assert_eq!((facts.host_name.as_str(), facts.reader_version.as_str()), ("vm", "node_exporter 1.5.0"));
    let memory = snapshot.memory.unwrap();
    assert_eq!((memory.total, memory.swap_total), (25_276_502_016, 0));
    assert!(memory.available > 24_000_000_000 && memory.available < memory.total && memory.cached > 0);
    let mounts: Vec<(&str, u64, u64)> =
        snapshot.mounts.iter().map(|mount| (mount.mount_point.as_str(), mount.total_bytes, mount.inodes_total)).collect();
    assert_eq!(mounts, [("/", 270_553_174_016, 16_777_216)]);
    assert_eq!(snapshot.mounts[0].used_bytes, 32_767_979_520);
    let cpu = snapshot.cpu.unwrap();
    assert_eq!(cpu.cores_percent.len(), 2);
    assert!((0.0..50.0).contains(&cpu.total_percent), "{}", cpu.total_percent);
    assert_eq!(snapshot.disks.iter().map(|disk| disk.device.as_str()).collect::<Vec<_>>(), ["vda"]);
    let eth0 = snapshot.nics.iter().find(|nic| nic.name == "eth0").unwrap();
    assert!(eth0.in_bytes_total >= 2_172_748_509 && eth0.in_bytes_per_s.is_some());
    assert!(snapshot.nics.iter().all(|nic| nic.name != "lo"));
    assert_eq!(snapshot.load.map(|load| load.fifteen), Some(0.3));
    assert_eq!(snapshot.tcp.map(|tcp| tcp.in_use), Some(4));
    assert_eq!(snapshot.uptime_s, Some(13_749 + 1));
    assert!(snapshot.pressure.unwrap().cpu_some_percent.is_some());
    assert!(snapshot.process_count.is_none() && snapshot.processes.is_none());
}

#[test]
fn rates_of_two_answers() {
    let text = |time: u64, idle: f64, user: f64, bytes: u64, waited: f64| {
        format!(
            "{LEAST}node_time_seconds {time}\nnode_cpu_seconds_total{{cpu=\"0\",mode=\"idle\"}} {idle}\n\
             node_cpu_seconds_total{{cpu=\"0\",mode=\"user\"}} {user}\nnode_network_receive_bytes_total{{device=\"eth0\"}} {bytes}\n\
             node_disk_io_time_seconds_total{{device=\"sda\"}} {waited}\nnode_disk_io_time_seconds_total{{device=\"sda1\"}} {waited}\n\
             node_pressure_io_waiting_seconds_total {waited}\nnode_hwmon_temp_celsius{{chip=\"c0\",sensor=\"temp1\"}} 42.5\n\
             node_hwmon_chip_names{{chip=\"c0\",chip_name=\"coretemp\"}} 1\n"
        )
    };
    let snapshot = between(&text(100, 10.0, 5.0, 1_000, 1.0), &text(102, 11.5, 5.5, 5_000, 2.0));
    assert_eq!(snapshot.sampled_at_ms, 102_000);
    assert_eq!(snapshot.cpu.unwrap().total_percent, 25.0);
    assert_eq!(snapshot.nics[0].in_bytes_per_s, Some(2_000.0));
    assert_eq!(snapshot.disks.len(), 1, "a partition is no disk of its own");
    assert_eq!(snapshot.disks[0].busy_percent, Some(50.0));
    assert_eq!(snapshot.pressure.unwrap().io_some_percent, Some(50.0));
    assert_eq!((snapshot.temperatures[0].sensor.as_str(), snapshot.temperatures[0].celsius), ("coretemp temp1", 42.5));
}

#[test]
fn something_else_answers() {
    for (text, error) in [
        ("", ExporterError::NotNodeExporter),
        ("<html>", ExporterError::NotNodeExporter),
        ("node_exporter_build_info{version=\"1\"} 1\n", ExporterError::NotNodeExporter),
        ("node_cpu_seconds_total{cpu=\"0\",mode=\"idle\"} 1\n", ExporterError::NotNodeExporter),
        (&format!("{LEAST}tactus_agent_info{{version=\"1\"}} 1\n"), ExporterError::OurAgent),
    ] {
        assert_eq!(ExporterMachine::default().take(text.as_bytes(), 0), Err(error), "{text}");
    }
}

#[test]
fn labels_and_their_escapes() {
    let label = |line: &str| series_of(line).next().map(|series| (series.label("a").to_owned(), series.value));
    for (line, expected) in [
        ("x{a=\"b\"} 1", Some(("b".to_owned(), 1.0))),
        ("x{c=\"}\",a=\"b,c=\\\"d\\\"\\\\\\n\",} 2 1700000000", Some(("b,c=\"d\"\\\n".to_owned(), 2.0))),
        ("x 1e3", Some((String::new(), 1_000.0))),
        ("x{a=\"b\"} NaN", None),
        ("x{a=\"b\"} +Inf", None),
        ("x{a=\"b} 1", None),
        ("x{a=\"b\\", None),
        ("x{a} 1", None),
        ("x", None),
        ("", None),
    ] {
        assert_eq!(label(line), expected, "{line}");
    }
}

#[test]
fn hostile_texts_are_gaps_and_no_panic() {
    let mut huge = String::from(LEAST);
    for number in 0..60_000 {
        huge.push_str(&format!("node_network_receive_bytes_total{{device=\"eth{number}\"}} 1\n"));
    }
    let extremes = ["-1", "1e300", "18446744073709551616", "NaN", "-Inf"].map(|value| {
        [
            "cpu_seconds_total{cpu=\"0\",mode=\"user\"}",
            "cpu_seconds_total{cpu=\"4294967295\",mode=\"user\"}",
            "memory_MemTotal_bytes",
            "time_seconds",
            "boot_time_seconds",
            "load1",
            "filesystem_size_bytes{mountpoint=\"/\"}",
            "disk_read_bytes_total{device=\"sda\"}",
            "pressure_io_waiting_seconds_total",
            "sockstat_TCP_inuse",
        ]
        .map(|name| format!("node_{name} {value}\n"))
        .concat()
    });
    for text in extremes.iter().map(|text| format!("{LEAST}{text}")).chain([huge]) {
        let mut machine = ExporterMachine::default();
        machine.take(text.as_bytes(), 0).unwrap();
        let snapshot = machine.take(text.as_bytes(), 1_000).unwrap().unwrap();
        assert!(snapshot.nics.len() <= MAX_DEVICES);
        assert!(snapshot.cpu.is_none_or(|cpu| cpu.cores_percent.len() <= 1));
    }
    assert!(ExporterMachine::default().take(b"\xff\xfe{\"", 0).is_err());
}
