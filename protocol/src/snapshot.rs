//! All that was read from a host at one beat.

use serde::{Deserialize, Serialize};

/// All that was read from a host at one beat. Every part may be missing: then it could not be read (a gap).
///
/// On an agent's stream the first snapshot of a connection is complete; later ones leave out [`Snapshot::facts`] and
/// [`Snapshot::processes`] on beats where these are unchanged since the last one that was sent (see [`Snapshot::carry_over`]).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Snapshot {
    /// [`crate::PROTOCOL_VERSION`] of the writer.
    pub protocol: u16,
    /// When the texts were read: UTC, milliseconds, by the host's own clock.
    pub sampled_at_ms: i64,
    /// Running number of the beat since the reader started.
    pub beat: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu: Option<Cpu>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub load: Option<Load>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<Memory>,
    /// Real file systems, sorted by mount point.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mounts: Vec<Mount>,
    /// Whole block devices (no partitions), sorted by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub disks: Vec<Disk>,
    /// Network interfaces without loopback, sorted by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nics: Vec<Nic>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uptime_s: Option<u64>,
    /// Number of processes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub process_count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tcp: Option<TcpSockets>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub temperatures: Vec<Temperature>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pressure: Option<Pressure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub processes: Option<TopProcesses>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facts: Option<Facts>,
}

impl Snapshot {
    /// Takes from `previous`, the last complete snapshot of the same stream, the parts that are sent only when they change.
    pub fn carry_over(&mut self, previous: &Self) {
        if self.facts.is_none() {
            self.facts.clone_from(&previous.facts);
        }
        if self.processes.is_none() {
            self.processes.clone_from(&previous.processes);
        }
    }

    /// Use of the fullest real file system in per cent, as df computes it (used / (used + available to users)).
    pub fn disk_percent(&self) -> Option<f32> {
        self.mounts.iter().filter_map(Mount::used_percent).reduce(f32::max)
    }

    /// Sum over the physical and virtual uplinks in bytes per second: (in, out). Bridges, container pairs and tunnels carry
    /// bytes that an uplink has counted already, so they are left out (see [`Nic::is_uplink`]); without an uplink, all count.
    pub fn network_bytes_per_s(&self) -> (Option<f64>, Option<f64>) {
        let any_uplink = self.nics.iter().any(Nic::is_uplink);
        let counted = || self.nics.iter().filter(move |nic| nic.is_uplink() || !any_uplink);
        let sum = |values: &mut dyn Iterator<Item = f64>| values.reduce(|left, right| left + right);
        (sum(&mut counted().filter_map(|nic| nic.in_bytes_per_s)), sum(&mut counted().filter_map(|nic| nic.out_bytes_per_s)))
    }
}

/// Share of time in per cent since the previous beat, over all cores (0 to 100).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cpu {
    /// All but idle and iowait.
    pub total_percent: f32,
    /// User and nice.
    pub user_percent: f32,
    /// Kernel, interrupts.
    pub system_percent: f32,
    pub iowait_percent: f32,
    /// Taken by the hypervisor for others.
    pub steal_percent: f32,
    /// Total of each core, in the order of their numbers; `None` for a core that was off at either beat.
    pub cores_percent: Vec<Option<f32>>,
}

/// Mean length of the run queue over 1, 5 and 15 minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Load {
    pub one: f32,
    pub five: f32,
    pub fifteen: f32,
}

/// Memory in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    pub total: u64,
    /// What programs can still get without swapping (MemAvailable, at most the total).
    pub available: u64,
    pub free: u64,
    pub buffers: u64,
    /// Page cache and reclaimable slab.
    pub cached: u64,
    pub swap_total: u64,
    pub swap_used: u64,
}

impl Memory {
    /// Bytes in use: total less available.
    pub fn used(&self) -> u64 {
        self.total.saturating_sub(self.available)
    }

    /// Share in use in per cent; `None` when the total is unknown.
    pub fn used_percent(&self) -> Option<f32> {
        percent(self.used(), self.total)
    }

    /// Share of swap in use in per cent; `None` without swap.
    pub fn swap_percent(&self) -> Option<f32> {
        percent(self.swap_used, self.swap_total)
    }
}

/// One mounted file system.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mount {
    pub mount_point: String,
    pub device: String,
    pub file_system: String,
    pub total_bytes: u64,
    pub used_bytes: u64,
    /// Free to unprivileged users.
    pub available_bytes: u64,
    /// Zero where the file system has no fixed number of inodes.
    pub inodes_total: u64,
    pub inodes_used: u64,
}

impl Mount {
    /// Share in use in per cent, as df computes it.
    pub fn used_percent(&self) -> Option<f32> {
        percent(self.used_bytes, self.used_bytes.saturating_add(self.available_bytes))
    }

    /// Share of inodes in use in per cent; `None` where their number is not fixed.
    pub fn inodes_percent(&self) -> Option<f32> {
        percent(self.inodes_used, self.inodes_total)
    }
}

/// One block device; rates are `None` on the first beat and after a counter has restarted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Disk {
    pub device: String,
    pub read_bytes_per_s: Option<f64>,
    pub write_bytes_per_s: Option<f64>,
    pub reads_per_s: Option<f64>,
    pub writes_per_s: Option<f64>,
    /// Share of time with at least one request in flight, in per cent.
    pub busy_percent: Option<f32>,
}

/// One network interface; rates are `None` on the first beat and after a counter has restarted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Nic {
    pub name: String,
    pub in_bytes_per_s: Option<f64>,
    pub out_bytes_per_s: Option<f64>,
    pub in_packets_per_s: Option<f64>,
    pub out_packets_per_s: Option<f64>,
    /// Errors and drops of both directions.
    pub faults_per_s: Option<f64>,
    /// Counters since boot.
    pub in_bytes_total: u64,
    pub out_bytes_total: u64,
}

/// Names of interfaces whose bytes another interface of the same host counts as well.
const INNER_NIC_PREFIXES: [&str; 14] =
    ["veth", "docker", "br-", "virbr", "tap", "tun", "wg", "cni", "flannel", "cali", "vnet", "lxc", "ifb", "dummy"];

impl Nic {
    /// Whether the host reaches the outside through this interface, by the usual Linux names.
    pub fn is_uplink(&self) -> bool {
        self.name != "lo" && !INNER_NIC_PREFIXES.iter().any(|prefix| self.name.starts_with(prefix))
    }
}

/// TCP sockets of both address families.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TcpSockets {
    pub in_use: u32,
    pub time_wait: u32,
    pub orphaned: u32,
}

/// One sensor.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Temperature {
    pub sensor: String,
    pub celsius: f32,
}

/// Pressure stall information: share of the last 10 s in per cent in which some (or all) tasks waited.
/// <https://docs.kernel.org/accounting/psi.html>
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pressure {
    pub cpu_some_percent: Option<f32>,
    pub memory_some_percent: Option<f32>,
    pub memory_full_percent: Option<f32>,
    pub io_some_percent: Option<f32>,
    pub io_full_percent: Option<f32>,
}

/// The ten greediest processes, greediest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TopProcesses {
    pub by_cpu: Vec<Process>,
    pub by_memory: Vec<Process>,
}

/// One process.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Process {
    pub pid: i32,
    /// The kernel's short name (`comm`), never the command line: that may hold secrets.
    pub name: String,
    /// Share of one core in per cent (may exceed 100).
    pub cpu_percent: f32,
    /// Resident set in bytes.
    pub memory_bytes: u64,
    pub threads: u32,
}

/// What does not change while a host runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    pub host_name: String,
    /// Pretty name from os-release.
    pub os: String,
    pub kernel: String,
    /// As `uname -m` says it.
    pub architecture: String,
    pub cpu_model: String,
    /// Logical processors.
    pub cores: u32,
    pub memory_total: u64,
    /// Start of the kernel: UTC, milliseconds.
    pub booted_at_ms: i64,
    /// Version of the program that read this.
    pub reader_version: String,
}

fn percent(part: u64, whole: u64) -> Option<f32> {
    (whole > 0).then(|| ((part as f64 / whole as f64) * 100.0).clamp(0.0, 100.0) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_never_underflows() {
        let memory = Memory { total: 100, available: 300, ..Memory::default() };
        assert_eq!(memory.used(), 0);
        assert_eq!(memory.used_percent(), Some(0.0));
        assert_eq!(Memory::default().used_percent(), None);
    }

    #[test]
    fn network_sum_counts_each_byte_once() {
        let nic = |name: &str, bytes| Nic { name: name.into(), in_bytes_per_s: bytes, ..Nic::default() };
        let mut snapshot =
            Snapshot { nics: vec![nic("eth0", Some(5.0)), nic("eth1", None), nic("veth12", Some(7.0))], ..Snapshot::default() };
        assert_eq!(snapshot.network_bytes_per_s(), (Some(5.0), None));
        snapshot.nics.drain(..2);
        assert_eq!(snapshot.network_bytes_per_s().0, Some(7.0));
    }

    #[test]
    fn carry_over_fills_only_what_is_missing() {
        let facts = |name: &str| Some(Facts { host_name: name.into(), ..Facts::default() });
        let previous = Snapshot { facts: facts("old"), processes: Some(TopProcesses::default()), ..Snapshot::default() };
        let mut next = Snapshot { facts: facts("new"), ..Snapshot::default() };
        next.carry_over(&previous);
        assert_eq!(next.facts, facts("new"));
        assert!(next.processes.is_some());
    }
}
