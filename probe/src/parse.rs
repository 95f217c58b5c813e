//! One function for each text.

use crate::{CpuTimes, DiskCounters, NicCounters, PressureTotals};
use procfs_core::net::InterfaceDeviceStatus;
use procfs_core::process::MountInfos;
use procfs_core::{DiskStats, FromRead, LoadAverage, Meminfo, Uptime};
use protocol::snapshot::{Load, Memory, Pressure, TcpSockets, Temperature};
use std::collections::HashSet;

/// Bytes of a sector in `/proc/diskstats`, whatever the device's own are (Linux, Documentation/block/stat.rst).
const SECTOR_BYTES: u64 = 512;

/// File systems that hold no data of their own, or the same as another.
const PSEUDO_FILE_SYSTEMS: [&str; 34] = [
    "autofs", "bdev", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "cpuset", "debugfs", "devfs", "devpts", "devtmpfs", "efivarfs",
    "fuse.gvfsd-fuse", "fuse.lxcfs", "fuse.portal", "fusectl", "hugetlbfs", "iso9660", "mqueue", "nsfs", "pipefs", "proc", "pstore", "ramfs",
    "rootfs", "rpc_pipefs", "securityfs", "selinuxfs", "sockfs", "squashfs", "sysfs", "tmpfs", "tracefs",
];

pub(crate) struct Stat {
    pub total: Option<CpuTimes>,
    pub cores: Vec<(u32, CpuTimes)>,
    pub booted_at_s: Option<u64>,
}

/// `/proc/stat` by hand: procfs-core drops the numbers of the cores, and cores come and go.
pub(crate) fn stat(text: &str) -> Stat {
    let mut stat = Stat { total: None, cores: Vec::new(), booted_at_s: None };
    for line in text.lines() {
        let mut words = line.split_ascii_whitespace();
        match words.next() {
            Some("cpu") => stat.total = cpu_times(words),
            Some("btime") => stat.booted_at_s = words.next().and_then(|word| word.parse().ok()),
            Some(word) => {
                let number = word.strip_prefix("cpu").and_then(|number| number.parse().ok());
                if let (Some(number), Some(times)) = (number, cpu_times(words)) {
                    stat.cores.push((number, times));
                }
            }
            None => {}
        }
    }
    stat
}

/// Guest time is part of user time already, so it is left out.
fn cpu_times<'a>(mut words: impl Iterator<Item = &'a str>) -> Option<CpuTimes> {
    let mut next = || words.next().and_then(|word| word.parse::<u64>().ok());
    let (user, nice, system, idle) = (next()?, next()?, next()?, next()?);
    let mut newer = || next().unwrap_or(0);
    Some(CpuTimes { user, nice, system, idle, iowait: newer(), irq: newer(), softirq: newer(), steal: newer() })
}

pub(crate) fn load(text: &str) -> Option<Load> {
    let load = LoadAverage::from_read(text.as_bytes()).ok()?;
    Some(Load { one: load.one, five: load.five, fifteen: load.fifteen })
}

pub(crate) fn memory(text: &str) -> Option<Memory> {
    let memory = Meminfo::from_read(text.as_bytes()).ok().filter(|memory| memory.mem_total > 0)?;
    let reclaimable = memory.s_reclaimable.unwrap_or(0);
    // Kernels before 3.14 do not estimate it.
    let available = memory.mem_available.unwrap_or(memory.mem_free.saturating_add(memory.buffers).saturating_add(memory.cached));
    Some(Memory {
        total: memory.mem_total,
        // In LXC the total is the container's, the rest may be the machine's.
        available: available.min(memory.mem_total),
        free: memory.mem_free.min(memory.mem_total),
        buffers: memory.buffers,
        cached: memory.cached.saturating_add(reclaimable),
        swap_total: memory.swap_total,
        swap_used: memory.swap_total.saturating_sub(memory.swap_free),
    })
}

pub(crate) fn disks(text: &str, whole: &[String]) -> Vec<DiskCounters> {
    let Ok(DiskStats(disks)) = DiskStats::from_read(text.as_bytes()) else { return Vec::new() };
    let virtual_disk = |name: &str| ["loop", "ram", "zram", "fd", "sr"].iter().any(|prefix| name.starts_with(prefix));
    let mut disks: Vec<DiskCounters> = disks
        .into_iter()
        .filter(|disk| !virtual_disk(&disk.name) && (whole.is_empty() || whole.contains(&disk.name)))
        .map(|disk| DiskCounters {
            device: disk.name,
            reads: disk.reads,
            read_bytes: disk.sectors_read.saturating_mul(SECTOR_BYTES),
            writes: disk.writes,
            write_bytes: disk.sectors_written.saturating_mul(SECTOR_BYTES),
            busy_ms: disk.time_in_progress,
        })
        .collect();
    disks.sort_by(|left, right| left.device.cmp(&right.device));
    disks
}

pub(crate) fn nics(text: &str) -> Vec<NicCounters> {
    let Ok(InterfaceDeviceStatus(nics)) = InterfaceDeviceStatus::from_read(text.as_bytes()) else { return Vec::new() };
    let mut nics: Vec<NicCounters> = nics
        .into_values()
        .filter(|nic| nic.name != "lo")
        .map(|nic| NicCounters {
            name: nic.name,
            in_bytes: nic.recv_bytes,
            in_packets: nic.recv_packets,
            in_errors: nic.recv_errs,
            in_drops: nic.recv_drop,
            out_bytes: nic.sent_bytes,
            out_packets: nic.sent_packets,
            out_errors: nic.sent_errs,
            out_drops: nic.sent_drop,
        })
        .collect();
    nics.sort_by(|left, right| left.name.cmp(&right.name));
    nics
}

pub(crate) fn uptime(text: &str) -> Option<f64> {
    Uptime::from_read(text.as_bytes()).ok().map(|uptime| uptime.uptime).filter(|uptime| uptime.is_finite() && *uptime >= 0.0)
}

/// `TCP: inuse 5 orphan 0 tw 1 alloc 7 mem 2`; orphans and waiting sockets are counted for both families in the first text.
pub(crate) fn tcp(sockstat: &str, sockstat6: &str) -> Option<TcpSockets> {
    let line = |text: &str, name: &str| text.lines().find_map(|line| line.strip_prefix(name).map(str::to_owned));
    let value = |line: &str, name: &str| {
        let mut words = line.split_ascii_whitespace();
        words.find(|word| *word == name).and_then(|_| words.next()).and_then(|word| word.parse::<u32>().ok()).unwrap_or(0)
    };
    let four = line(sockstat, "TCP:")?;
    let six = line(sockstat6, "TCP6:").unwrap_or_default();
    Some(TcpSockets { in_use: value(&four, "inuse") + value(&six, "inuse"), time_wait: value(&four, "tw"), orphaned: value(&four, "orphan") })
}

pub(crate) fn temperatures(sensors: &[(String, String)]) -> Vec<Temperature> {
    let celsius = |text: &String| text.trim().parse::<f32>().ok().map(|millidegrees| millidegrees / 1_000.0);
    // Sensors that are not wired report absolute zero or 127.
    let plausible = |celsius: &f32| (-60.0..=200.0).contains(celsius);
    sensors
        .iter()
        .filter_map(|(sensor, text)| Some(Temperature { sensor: sensor.clone(), celsius: celsius(text).filter(plausible)? }))
        .collect()
}

/// Averages and totals of the pressure stall information.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pressures {
    pub averages: Pressure,
    pub totals: PressureTotals,
}

impl Pressures {
    pub(crate) fn parse(cpu: &str, memory: &str, io: &str) -> Self {
        let record = |text: &str, name: &str| {
            let line = text.lines().find(|line| line.starts_with(name))?;
            let value = |key: &str| line.split_ascii_whitespace().find_map(|word| word.strip_prefix(key).map(str::to_owned));
            Some((value("avg10=")?.parse::<f32>().ok()?, value("total=")?.parse::<u64>().ok()?))
        };
        let (cpu_some, memory_some, memory_full) = (record(cpu, "some"), record(memory, "some"), record(memory, "full"));
        let (io_some, io_full) = (record(io, "some"), record(io, "full"));
        let average = |record: Option<(f32, u64)>| record.map(|(average, _)| average);
        let total = |record: Option<(f32, u64)>| record.map(|(_, total)| total);
        Self {
            averages: Pressure {
                cpu_some_percent: average(cpu_some),
                memory_some_percent: average(memory_some),
                memory_full_percent: average(memory_full),
                io_some_percent: average(io_some),
                io_full_percent: average(io_full),
            },
            totals: PressureTotals {
                cpu_some: total(cpu_some),
                memory_some: total(memory_some),
                memory_full: total(memory_full),
                io_some: total(io_some),
                io_full: total(io_full),
            },
        }
    }
}

/// `/proc/self/mountinfo`: (mount point, device, file system) of real file systems, each device once (its shortest mount point), sorted by
/// mount point.
pub fn parse_mounts(text: &str) -> Vec<(String, String, String)> {
    let Ok(MountInfos(mounts)) = MountInfos::from_read(text.as_bytes()) else { return Vec::new() };
    let mut mounts: Vec<(String, String, String, String)> = mounts
        .into_iter()
        .filter(|mount| !PSEUDO_FILE_SYSTEMS.contains(&mount.fs_type.as_str()))
        .map(|mount| (mount.mount_point.to_string_lossy().into_owned(), mount.mount_source.unwrap_or_default(), mount.fs_type, mount.majmin))
        // An overlay is worth showing only as the root of a container; below, each container of the host has one.
        .filter(|(point, _, file_system, _)| file_system != "overlay" || point == "/")
        .collect();
    mounts.sort_by(|left, right| (left.0.len(), &left.0).cmp(&(right.0.len(), &right.0)));
    let mut seen = HashSet::new();
    mounts.retain(|(_, device, _, numbers)| seen.insert((numbers.clone(), device.clone())));
    // Subvolumes have numbers of their own but share their device's space.
    let mut devices = HashSet::new();
    mounts.retain(|(_, device, _, _)| !device.starts_with('/') || devices.insert(device.clone()));
    mounts.sort();
    mounts.into_iter().map(|(point, device, file_system, _)| (point, device, file_system)).collect()
}

/// `PRETTY_NAME` of os-release, or its `NAME`.
pub fn os_name(os_release: &str) -> String {
    let value = |key: &str| os_release.lines().find_map(|line| line.strip_prefix(key)).map(|value| value.trim_matches(['"', '\'']).to_owned());
    value("PRETTY_NAME=").or_else(|| value("NAME=")).unwrap_or_default()
}

/// Model of the processor from `/proc/cpuinfo`; on ARM, which has no name there, its implementer and part numbers.
pub fn cpu_model(cpuinfo: &str) -> String {
    let value = |name: &str| {
        let line = cpuinfo.lines().find(|line| line.split(':').next().is_some_and(|key| key.trim() == name))?;
        line.split_once(':').map(|(_, value)| value.trim().to_owned()).filter(|value| !value.is_empty())
    };
    ["model name", "Model", "Hardware", "cpu model", "uarch", "Processor"].into_iter().find_map(value).unwrap_or_else(|| {
        let parts = [value("CPU implementer"), value("CPU part")];
        parts.into_iter().flatten().fold(String::new(), |name, part| if name.is_empty() { format!("ARM {part}") } else { format!("{name} {part}") })
    })
}
