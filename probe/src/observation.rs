//! What the texts of one beat say: absolute counters, not yet rates.

use crate::Texts;
use crate::parse::{self, Pressures};
use protocol::snapshot::{Load, Memory, TcpSockets, Temperature};

/// Time that one core (or all) has spent since boot, in ticks of 10 ms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CpuTimes {
    pub user: u64,
    pub nice: u64,
    pub system: u64,
    pub idle: u64,
    pub iowait: u64,
    pub irq: u64,
    pub softirq: u64,
    pub steal: u64,
}

/// Counters of one block device since boot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DiskCounters {
    pub device: String,
    pub reads: u64,
    pub read_bytes: u64,
    pub writes: u64,
    pub write_bytes: u64,
    /// Milliseconds with at least one request in flight.
    pub busy_ms: u64,
}

/// Counters of one network interface since boot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NicCounters {
    pub name: String,
    pub in_bytes: u64,
    pub in_packets: u64,
    pub in_errors: u64,
    pub in_drops: u64,
    pub out_bytes: u64,
    pub out_packets: u64,
    pub out_errors: u64,
    pub out_drops: u64,
}

/// Microseconds of waiting since boot (pressure stall information).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PressureTotals {
    pub cpu_some: Option<u64>,
    pub memory_some: Option<u64>,
    pub memory_full: Option<u64>,
    pub io_some: Option<u64>,
    pub io_full: Option<u64>,
}

/// What the texts of one beat say. A part that is missing or malformed is a gap.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observation {
    pub cpu: Option<CpuTimes>,
    /// With the number of each core, since cores come and go.
    pub cores: Vec<(u32, CpuTimes)>,
    /// Seconds since 1970 at which the kernel started.
    pub booted_at_s: Option<u64>,
    pub load: Option<Load>,
    pub memory: Option<Memory>,
    /// Whole devices, sorted by name.
    pub disks: Vec<DiskCounters>,
    /// Without loopback, sorted by name.
    pub nics: Vec<NicCounters>,
    pub uptime_s: Option<f64>,
    pub tcp: Option<TcpSockets>,
    pub pressure: Pressures,
    pub temperatures: Vec<Temperature>,
}

impl Observation {
    /// Parses the texts. Never fails and never panics, whatever they contain.
    pub fn parse(texts: &Texts) -> Self {
        let stat = parse::stat(&texts.stat);
        Self {
            cpu: stat.total,
            cores: stat.cores,
            booted_at_s: stat.booted_at_s,
            load: parse::load(&texts.loadavg),
            memory: parse::memory(&texts.meminfo),
            disks: parse::disks(&texts.diskstats, &texts.whole_disks),
            nics: parse::nics(&texts.net_dev),
            uptime_s: parse::uptime(&texts.uptime),
            tcp: parse::tcp(&texts.sockstat, &texts.sockstat6),
            pressure: Pressures::parse(&texts.pressure_cpu, &texts.pressure_memory, &texts.pressure_io),
            temperatures: parse::temperatures(&texts.temperatures),
        }
    }
}
