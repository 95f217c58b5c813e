//! Names, labels and units as node_exporter has them.

use super::writer::Kind::{Counter, Gauge};
use super::writer::Writer;
use probe::{CpuCounters, DiskCounters, Jiffies, MemoryInfo, NicCounters, Observation, PressureInfo, Sensor, SensorKind, Sockets};
use protocol::snapshot::{Facts, Mount, Snapshot};

/// Writes everything; without `observation` there are no counters.
pub(super) fn write(writer: &mut Writer, snapshot: &Snapshot, observation: Option<&Observation>) {
    writer.single("node_time_seconds", Gauge, "System time in seconds since 1970.", Some(snapshot.sampled_at_ms as f64 / 1e3));
    if let Some(load) = snapshot.load {
        for (name, help, value) in [
            ("node_load1", "1m load average.", load.one),
            ("node_load5", "5m load average.", load.five),
            ("node_load15", "15m load average.", load.fifteen),
        ] {
            // By way of the decimal digits: 0.2_f32 is 0.20000000298 as f64.
            writer.single(name, Gauge, help, decimal(value));
        }
    }
    if let Some(observation) = observation {
        observation.cpu.iter().for_each(|cpu| processors(writer, cpu));
        observation.memory.iter().for_each(|info| memory(writer, info));
        disks(writer, &observation.disks);
        network(writer, &observation.nics);
        sockets(writer, &observation.sockets);
        pressure(writer, &observation.pressure);
        sensors(writer, &observation.sensors);
    }
    file_systems(writer, &snapshot.mounts);
    writer.single("tactus_processes", Gauge, "Number of processes.", snapshot.process_count.map(f64::from));
    snapshot.facts.iter().for_each(|facts| names(writer, facts));
}

fn decimal(value: f32) -> Option<f64> {
    value.to_string().parse().ok()
}

fn processors(writer: &mut Writer, cpu: &CpuCounters) {
    type Mode = (&'static str, fn(&Jiffies) -> u64);
    const MODES: [Mode; 8] = [
        ("idle", |time| time.idle),
        ("iowait", |time| time.iowait),
        ("irq", |time| time.irq),
        ("nice", |time| time.nice),
        ("softirq", |time| time.softirq),
        ("steal", |time| time.steal),
        ("system", |time| time.system),
        ("user", |time| time.user),
    ];
    let name = "node_cpu_seconds_total";
    writer.family(name, Counter, "Seconds the CPUs spent in each mode.");
    for (number, time) in &cpu.cores {
        let number = number.to_string();
        for (mode, ticks) in MODES {
            // The kernel reports hundredths of a second.
            writer.sample(name, &[("cpu", &number), ("mode", mode)], ticks(time) as f64 / 100.0);
        }
    }
    writer.single("node_boot_time_seconds", Gauge, "Node boot time, in unixtime.", Some(cpu.booted_at_s as f64));
    writer.single("node_context_switches_total", Counter, "Total number of context switches.", Some(cpu.context_switches as f64));
    writer.single("node_forks_total", Counter, "Total number of forks.", Some(cpu.forks as f64));
    writer.single("node_intr_total", Counter, "Total number of interrupts serviced.", cpu.interrupts.map(|count| count as f64));
    writer.single("node_procs_running", Gauge, "Number of processes in runnable state.", cpu.running.map(f64::from));
    writer.single("node_procs_blocked", Gauge, "Number of processes blocked waiting for I/O to complete.", cpu.blocked.map(f64::from));
}

fn memory(writer: &mut Writer, info: &MemoryInfo) {
    for (line, value) in &info.lines {
        // `Active(anon)` becomes Active_anon; the counts of huge pages have no unit.
        let plain: String = line.chars().filter(|letter| *letter != ')').map(|letter| if letter == '(' { '_' } else { letter }).collect();
        if !plain.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_') {
            continue;
        }
        let unit = if plain.starts_with("HugePages_") { "" } else { "_bytes" };
        let name = format!("node_memory_{plain}{unit}");
        writer.single(&name, Gauge, "Memory information field of /proc/meminfo.", Some(*value as f64));
    }
}

fn disks(writer: &mut Writer, disks: &[DiskCounters]) {
    type Field = (&'static str, &'static str, fn(&DiskCounters) -> f64);
    const COUNTERS: [Field; 10] = [
        ("node_disk_reads_completed_total", "Reads completed.", |disk| disk.reads as f64),
        ("node_disk_reads_merged_total", "Reads merged.", |disk| disk.reads_merged as f64),
        ("node_disk_read_bytes_total", "Bytes read.", |disk| disk.read_bytes as f64),
        ("node_disk_read_time_seconds_total", "Seconds spent by all reads.", |disk| disk.read_ms as f64 / 1e3),
        ("node_disk_writes_completed_total", "Writes completed.", |disk| disk.writes as f64),
        ("node_disk_writes_merged_total", "Writes merged.", |disk| disk.writes_merged as f64),
        ("node_disk_written_bytes_total", "Bytes written.", |disk| disk.written_bytes as f64),
        ("node_disk_write_time_seconds_total", "Seconds spent by all writes.", |disk| disk.write_ms as f64 / 1e3),
        ("node_disk_io_time_seconds_total", "Seconds spent doing I/Os.", |disk| disk.busy_ms as f64 / 1e3),
        ("node_disk_io_time_weighted_seconds_total", "Weighted seconds spent doing I/Os.", |disk| disk.weighted_ms as f64 / 1e3),
    ];
    if disks.is_empty() {
        return;
    }
    for (name, help, value) in COUNTERS {
        writer.family(name, Counter, help);
        disks.iter().for_each(|disk| writer.sample(name, &[("device", &disk.device)], value(disk)));
    }
    let name = "node_disk_io_now";
    writer.family(name, Gauge, "I/Os in progress.");
    disks.iter().for_each(|disk| writer.sample(name, &[("device", &disk.device)], disk.in_progress as f64));
}

fn network(writer: &mut Writer, nics: &[NicCounters]) {
    type Field = (&'static str, &'static str, fn(&NicCounters) -> u64);
    const COUNTERS: [Field; 8] = [
        ("node_network_receive_bytes_total", "Bytes received.", |nic| nic.in_bytes),
        ("node_network_receive_packets_total", "Packets received.", |nic| nic.in_packets),
        ("node_network_receive_errs_total", "Errors while receiving.", |nic| nic.in_errors),
        ("node_network_receive_drop_total", "Received packets dropped.", |nic| nic.in_drops),
        ("node_network_transmit_bytes_total", "Bytes sent.", |nic| nic.out_bytes),
        ("node_network_transmit_packets_total", "Packets sent.", |nic| nic.out_packets),
        ("node_network_transmit_errs_total", "Errors while sending.", |nic| nic.out_errors),
        ("node_network_transmit_drop_total", "Packets dropped while sending.", |nic| nic.out_drops),
    ];
    if nics.is_empty() {
        return;
    }
    for (name, help, value) in COUNTERS {
        writer.family(name, Counter, help);
        nics.iter().for_each(|nic| writer.sample(name, &[("device", &nic.name)], value(nic) as f64));
    }
}

fn sockets(writer: &mut Writer, sockets: &Sockets) {
    for (protocol, figure, value) in &sockets.figures {
        let name = format!("node_sockstat_{protocol}_{figure}");
        if name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_') {
            writer.single(&name, Gauge, "Socket figure of /proc/net/sockstat.", Some(*value as f64));
        }
    }
}

fn pressure(writer: &mut Writer, pressure: &PressureInfo) {
    for (name, help, stall) in [
        ("node_pressure_cpu_waiting_seconds_total", "Seconds in which processes waited for CPU time.", pressure.cpu.some),
        ("node_pressure_memory_waiting_seconds_total", "Seconds in which processes waited for memory.", pressure.memory.some),
        ("node_pressure_memory_stalled_seconds_total", "Seconds in which no process went on for want of memory.", pressure.memory.full),
        ("node_pressure_io_waiting_seconds_total", "Seconds in which processes waited for I/O.", pressure.io.some),
        ("node_pressure_io_stalled_seconds_total", "Seconds in which no process went on for want of I/O.", pressure.io.full),
    ] {
        writer.single(name, Counter, help, stall.map(|stall| stall.total_us as f64 / 1e6));
    }
}

fn sensors(writer: &mut Writer, sensors: &[Sensor]) {
    for (kind, name, chip, label, help) in [
        (SensorKind::Hwmon, "node_hwmon_temp_celsius", "chip", "sensor", "Hardware monitor for temperature."),
        (SensorKind::ThermalZone, "node_thermal_zone_temp", "type", "zone", "Zone temperature in Celsius."),
    ] {
        let mut seen: Vec<(&str, &str)> = Vec::new();
        for sensor in sensors.iter().filter(|sensor| sensor.kind == kind) {
            let identity = (sensor.chip.as_str(), sensor.label.as_str());
            // Two chips of one kind may have the same labels; a series must not come twice.
            if seen.contains(&identity) {
                continue;
            }
            if seen.is_empty() {
                writer.family(name, Gauge, help);
            }
            seen.push(identity);
            writer.sample(name, &[(chip, identity.0), (label, identity.1)], decimal(sensor.celsius).unwrap_or(f64::NAN));
        }
    }
}

fn file_systems(writer: &mut Writer, mounts: &[Mount]) {
    type Field = (&'static str, &'static str, fn(&Mount) -> u64);
    const GAUGES: [Field; 5] = [
        ("node_filesystem_size_bytes", "Filesystem size in bytes.", |mount| mount.total_bytes),
        ("node_filesystem_free_bytes", "Filesystem free space in bytes.", |mount| mount.total_bytes.saturating_sub(mount.used_bytes)),
        ("node_filesystem_avail_bytes", "Filesystem space available to non-root users in bytes.", |mount| mount.available_bytes),
        ("node_filesystem_files", "Filesystem total file nodes.", |mount| mount.inodes_total),
        ("node_filesystem_files_free", "Filesystem total free file nodes.", |mount| mount.inodes_total.saturating_sub(mount.inodes_used)),
    ];
    if mounts.is_empty() {
        return;
    }
    for (name, help, value) in GAUGES {
        writer.family(name, Gauge, help);
        for mount in mounts {
            let labels = [("device", &*mount.device), ("fstype", &*mount.file_system), ("mountpoint", &*mount.mount_point)];
            writer.sample(name, &labels, value(mount) as f64);
        }
    }
}

fn names(writer: &mut Writer, facts: &Facts) {
    let name = "node_uname_info";
    writer.family(name, Gauge, "Labeled system information as provided by the uname system call.");
    let labels = [("machine", &*facts.architecture), ("nodename", &*facts.host_name), ("release", &*facts.kernel), ("sysname", "Linux")];
    writer.sample(name, &labels, 1.0);
    let name = "node_os_info";
    writer.family(name, Gauge, "Name of the operating system.");
    writer.sample(name, &[("pretty_name", &facts.os)], 1.0);
    let name = "tactus_agent_info";
    writer.family(name, Gauge, "Version of the agent.");
    writer.sample(name, &[("version", &facts.reader_version)], 1.0);
}
