//! Prometheus' text formats with node_exporter's names, so that existing dashboards work.
//!
//! Sources: <https://prometheus.io/docs/instrumenting/exposition_formats/> (0.0.4), <https://openmetrics.io> (1.0.0), and the
//! names that node_exporter 1.5 prints.

use probe::{CpuTimes, Observation};
use protocol::snapshot::Snapshot;
use std::fmt::Write;

/// Ticks per second of CPU times.
const TICKS_PER_S: f64 = 100.0;

/// A text format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Text,
    OpenMetrics,
}

impl Format {
    /// The format that an `Accept` header asks for; `None` for JSON.
    pub fn wanted_by(accept: &str) -> Option<Self> {
        match accept {
            accept if accept.contains("application/openmetrics-text") => Some(Self::OpenMetrics),
            accept if accept.contains("text/plain") => Some(Self::Text),
            _ => None,
        }
    }

    /// Value of the `Content-Type` header.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }
}

/// Writes all metrics.
pub fn render(snapshot: &Snapshot, observation: Option<&Observation>, format: Format) -> String {
    let mut page = Page { text: String::with_capacity(16 * 1_024), format };
    gauges(&mut page, snapshot);
    if let Some(observation) = observation {
        counters(&mut page, observation);
    }
    if format == Format::OpenMetrics {
        page.text.push_str("# EOF\n");
    }
    page.text
}

type Sample<'a> = (Vec<(&'static str, &'a str)>, f64);

struct Page {
    text: String,
    format: Format,
}

impl Page {
    fn gauge<'a>(&mut self, name: &str, samples: impl IntoIterator<Item = Sample<'a>>) {
        self.family(name, "gauge", name, samples);
    }

    fn value(&mut self, name: &str, value: Option<f64>) {
        self.gauge(name, value.map(|value| (vec![], value)));
    }

    /// `name` ends in `_total`; OpenMetrics names the family without it.
    fn counter<'a>(&mut self, name: &str, samples: impl IntoIterator<Item = Sample<'a>>) {
        let family = if self.format == Format::OpenMetrics { name.trim_end_matches("_total") } else { name };
        self.family(family, "counter", name, samples);
    }

    fn family<'a>(&mut self, family: &str, kind: &str, name: &str, samples: impl IntoIterator<Item = Sample<'a>>) {
        let mut samples = samples.into_iter().peekable();
        if samples.peek().is_none() {
            return;
        }
        // Writing to a String does not fail.
        let _ = writeln!(self.text, "# TYPE {family} {kind}");
        for (labels, value) in samples {
            self.text.push_str(name);
            for (index, (label, text)) in labels.iter().enumerate() {
                let _ = write!(self.text, "{}{label}=\"", if index == 0 { '{' } else { ',' });
                for character in text.chars() {
                    match character {
                        '\\' => self.text.push_str("\\\\"),
                        '"' => self.text.push_str("\\\""),
                        '\n' => self.text.push_str("\\n"),
                        character => self.text.push(character),
                    }
                }
                self.text.push('"');
            }
            let _ = writeln!(self.text, "{} {value}", if labels.is_empty() { "" } else { "}" });
        }
    }
}

fn gauges(page: &mut Page, snapshot: &Snapshot) {
    page.value("node_time_seconds", Some(snapshot.sampled_at_ms as f64 / 1e3));
    page.value("node_load1", snapshot.load.map(|load| f64::from(load.one)));
    page.value("node_load5", snapshot.load.map(|load| f64::from(load.five)));
    page.value("node_load15", snapshot.load.map(|load| f64::from(load.fifteen)));
    if let Some(memory) = snapshot.memory {
        for (name, bytes) in [
            ("MemTotal", memory.total),
            ("MemAvailable", memory.available),
            ("MemFree", memory.free),
            ("Buffers", memory.buffers),
            ("Cached", memory.cached),
            ("SwapTotal", memory.swap_total),
            ("SwapFree", memory.swap_total.saturating_sub(memory.swap_used)),
        ] {
            page.value(&format!("node_memory_{name}_bytes"), Some(bytes as f64));
        }
    }
    let mounts = |value: fn(&protocol::snapshot::Mount) -> u64| {
        snapshot.mounts.iter().map(move |mount| {
            let labels = vec![
                ("device", mount.device.as_str()),
                ("fstype", mount.file_system.as_str()),
                ("mountpoint", mount.mount_point.as_str()),
            ];
            (labels, value(mount) as f64)
        })
    };
    page.gauge("node_filesystem_size_bytes", mounts(|mount| mount.total_bytes));
    page.gauge("node_filesystem_free_bytes", mounts(|mount| mount.total_bytes.saturating_sub(mount.used_bytes)));
    page.gauge("node_filesystem_avail_bytes", mounts(|mount| mount.available_bytes));
    page.gauge("node_filesystem_files", mounts(|mount| mount.inodes_total));
    page.gauge("node_filesystem_files_free", mounts(|mount| mount.inodes_total.saturating_sub(mount.inodes_used)));
    page.value("node_sockstat_TCP_inuse", snapshot.tcp.map(|tcp| f64::from(tcp.in_use)));
    page.value("node_sockstat_TCP_tw", snapshot.tcp.map(|tcp| f64::from(tcp.time_wait)));
    page.value("node_sockstat_TCP_orphan", snapshot.tcp.map(|tcp| f64::from(tcp.orphaned)));
    page.value("node_processes_pids", snapshot.process_count.map(f64::from));
    page.gauge(
        "node_thermal_zone_temp",
        snapshot.temperatures.iter().map(|temperature| (vec![("type", temperature.sensor.as_str())], f64::from(temperature.celsius))),
    );
    if let Some(facts) = &snapshot.facts {
        page.value("node_boot_time_seconds", Some(facts.booted_at_ms as f64 / 1e3).filter(|seconds| *seconds > 0.0));
        let labels = vec![
            ("machine", facts.architecture.as_str()),
            ("nodename", facts.host_name.as_str()),
            ("release", facts.kernel.as_str()),
            ("sysname", "Linux"),
        ];
        page.gauge("node_uname_info", [(labels, 1.0)]);
        page.gauge("tactus_agent_build_info", [(vec![("version", facts.reader_version.as_str())], 1.0)]);
    }
}

fn counters(page: &mut Page, observation: &Observation) {
    let modes: [(&str, fn(&CpuTimes) -> u64); 8] = [
        ("idle", |times| times.idle),
        ("iowait", |times| times.iowait),
        ("irq", |times| times.irq),
        ("nice", |times| times.nice),
        ("softirq", |times| times.softirq),
        ("steal", |times| times.steal),
        ("system", |times| times.system),
        ("user", |times| times.user),
    ];
    let cores: Vec<(String, CpuTimes)> = observation.cores.iter().map(|(number, times)| (number.to_string(), *times)).collect();
    let times = cores.iter().flat_map(|(core, times)| {
        modes.iter().map(move |(mode, ticks)| (vec![("cpu", core.as_str()), ("mode", *mode)], ticks(times) as f64 / TICKS_PER_S))
    });
    page.counter("node_cpu_seconds_total", times);
    let disks = |value: fn(&probe::DiskCounters) -> f64| {
        observation.disks.iter().map(move |disk| (vec![("device", disk.device.as_str())], value(disk)))
    };
    page.counter("node_disk_reads_completed_total", disks(|disk| disk.reads as f64));
    page.counter("node_disk_read_bytes_total", disks(|disk| disk.read_bytes as f64));
    page.counter("node_disk_writes_completed_total", disks(|disk| disk.writes as f64));
    page.counter("node_disk_written_bytes_total", disks(|disk| disk.write_bytes as f64));
    page.counter("node_disk_io_time_seconds_total", disks(|disk| disk.busy_ms as f64 / 1e3));
    let nics = |value: fn(&probe::NicCounters) -> u64| {
        observation.nics.iter().map(move |nic| (vec![("device", nic.name.as_str())], value(nic) as f64))
    };
    page.counter("node_network_receive_bytes_total", nics(|nic| nic.in_bytes));
    page.counter("node_network_receive_packets_total", nics(|nic| nic.in_packets));
    page.counter("node_network_receive_errs_total", nics(|nic| nic.in_errors));
    page.counter("node_network_receive_drop_total", nics(|nic| nic.in_drops));
    page.counter("node_network_transmit_bytes_total", nics(|nic| nic.out_bytes));
    page.counter("node_network_transmit_packets_total", nics(|nic| nic.out_packets));
    page.counter("node_network_transmit_errs_total", nics(|nic| nic.out_errors));
    page.counter("node_network_transmit_drop_total", nics(|nic| nic.out_drops));
    let totals = observation.pressure.totals;
    for (name, total) in [
        ("cpu_waiting", totals.cpu_some),
        ("memory_waiting", totals.memory_some),
        ("memory_stalled", totals.memory_full),
        ("io_waiting", totals.io_some),
        ("io_stalled", totals.io_full),
    ] {
        let seconds = total.map(|microseconds| (vec![], microseconds as f64 / 1e6));
        page.counter(&format!("node_pressure_{name}_seconds_total"), seconds);
    }
}
