//! Both texts, word for word where it matters, and checked against their grammar.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::super::Feed;
use super::*;
use crate::machine::Machine;
use probe::{NicCounters, Observation, Sensor, SensorKind, Sockets, Texts};
use protocol::snapshot::{Facts, Load, Mount, Snapshot};
use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

fn beat(snapshot: Snapshot, observation: Option<Observation>) -> Arc<Beat> {
    let feed = Feed::new();
    feed.publish_observed(snapshot, observation.map(Arc::new));
    feed.latest().unwrap()
}

#[test]
fn the_accept_header_decides() {
    use Format::{Json, OpenMetrics, Prometheus};
    let prometheus_2 = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
    for (accept, format) in [
        ("", Json),
        ("*/*", Json),
        ("application/json", Json),
        ("text/html,application/xhtml+xml,*/*;q=0.8", Json),
        ("application/json, text/plain, */*", Json),
        ("text/plain", Prometheus),
        ("Text/Plain;version=0.0.4", Prometheus),
        (prometheus_2, OpenMetrics),
    ] {
        assert_eq!(Format::wanted(accept), format, "{accept}");
    }
}

#[test]
fn names_labels_units_and_escapes() {
    let observation = Observation {
        nics: vec![NicCounters { name: "eth0".into(), in_bytes: u64::MAX, ..NicCounters::default() }],
        sensors: [41.5, 42.0]
            .map(|celsius| Sensor { kind: SensorKind::Hwmon, chip: "nvme".into(), label: "Composite".into(), celsius })
            .into(),
        sockets: Sockets { figures: vec![("TCP".into(), "inuse".into(), 5), ("bad name".into(), "x".into(), 5)] },
        ..Observation::parse(
            0,
            &Texts {
                stat: b"cpu  9 0 0 9 0 0 0 0 0 0\ncpu2 105 0 0 9 0 0 0 0 0 0\nintr 77 1\nctxt 5\nbtime 1700000000\nprocesses 9\n",
                meminfo: b"MemTotal: 2 kB\nActive(anon): 1 kB\nHugePages_Total: 3\n",
                diskstats: b" 8 0 sda 1 2 3 1500 5 6 7 8 9 10 11\n",
                pressure_io: b"some avg10=0.00 avg60=0.00 avg300=0.00 total=1500000\n",
                ..Texts::default()
            },
        )
    };
    let mount = Mount {
        mount_point: "/a\"b\\c\nd".into(),
        device: "/dev/vda".into(),
        file_system: "ext4".into(),
        total_bytes: 100,
        used_bytes: 30,
        available_bytes: 60,
        ..Mount::default()
    };
    let snapshot = Snapshot {
        sampled_at_ms: 1_700_000_000_500,
        load: Some(Load { one: 0.2, five: 1.0, fifteen: f32::NAN }),
        mounts: vec![mount],
        facts: Some(Facts { host_name: "web".into(), kernel: "6.1".into(), architecture: "x86_64".into(), ..Facts::default() }),
        ..Snapshot::default()
    };
    let beat = beat(snapshot, Some(observation));
    let text = text(&beat, false);
    for line in [
        "node_time_seconds 1700000000.5",
        "node_load1 0.2",
        "node_cpu_seconds_total{cpu=\"2\",mode=\"user\"} 1.05",
        "# TYPE node_cpu_seconds_total counter",
        "node_boot_time_seconds 1700000000",
        "node_intr_total 77",
        "node_memory_MemTotal_bytes 2048",
        "node_memory_Active_anon_bytes 1024",
        "node_memory_HugePages_Total 3",
        "node_disk_read_bytes_total{device=\"sda\"} 1536",
        "node_disk_read_time_seconds_total{device=\"sda\"} 1.5",
        "node_network_receive_bytes_total{device=\"eth0\"} 18446744073709552000",
        "node_sockstat_TCP_inuse 5",
        "node_pressure_io_waiting_seconds_total 1.5",
        "node_hwmon_temp_celsius{chip=\"nvme\",sensor=\"Composite\"} 41.5",
        "node_filesystem_free_bytes{device=\"/dev/vda\",fstype=\"ext4\",mountpoint=\"/a\\\"b\\\\c\\nd\"} 70",
        "node_filesystem_avail_bytes{device=\"/dev/vda\",fstype=\"ext4\",mountpoint=\"/a\\\"b\\\\c\\nd\"} 60",
        "node_uname_info{machine=\"x86_64\",nodename=\"web\",release=\"6.1\",sysname=\"Linux\"} 1",
    ] {
        assert!(text.lines().any(|other| other == line), "{line} is not in\n{text}");
    }
    assert!(!text.contains("node_load15 ") && !text.contains("} 42\n") && !text.contains("bad name"), "{text}");
    assert!(!text.contains("EOF"));
    let open = super::text(&beat, true);
    assert!(open.contains("# TYPE node_cpu_seconds counter\nnode_cpu_seconds_total{"), "{open}");
    assert!(open.ends_with("\n# EOF\n"));
}

/// Every sample belongs to the family above it, no family and no series comes twice.
fn check_grammar(text: &str, open_metrics: bool) {
    let (mut family, mut families, mut series) = (String::new(), HashSet::new(), HashSet::new());
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').unwrap();
            assert!(families.insert(name.to_owned()), "{name} comes twice");
            family = if open_metrics && kind == "counter" { format!("{name}_total") } else { name.to_owned() };
            assert!(kind != "counter" || family.ends_with("_total"), "{name}");
        } else if !line.starts_with('#') {
            let (identity, value) = line.rsplit_once(' ').unwrap();
            assert_eq!(identity.split('{').next().unwrap(), family, "{line}");
            assert!(value.parse::<f64>().unwrap().is_finite(), "{line}");
            assert!(series.insert(identity.to_owned()), "{identity} comes twice");
        }
    }
    assert!(series.len() > 50, "{} series", series.len());
}

#[test]
fn this_machine_in_both_formats() {
    let mut machine = Machine::new(Path::new("/"));
    machine.sample(1_000);
    let snapshot = machine.sample(1_500);
    let feed = Feed::new();
    feed.publish_observed(snapshot, machine.observation());
    let beat = feed.latest().unwrap();
    for open_metrics in [false, true] {
        check_grammar(&text(&beat, open_metrics), open_metrics);
    }
}

#[test]
fn without_counters_the_gauges_are_left() {
    let snapshot = Snapshot { load: Some(Load::default()), ..Snapshot::default() };
    let text = text(&beat(snapshot, None), false);
    assert!(text.contains("node_load1 0\n") && !text.contains("_total"), "{text}");
}
