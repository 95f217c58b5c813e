//! The raw texts of one beat, from whatever transport.

/// The raw texts of one beat; empty where a text could not be read.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    /// `/proc/stat`
    pub stat: String,
    /// `/proc/meminfo`
    pub meminfo: String,
    /// `/proc/loadavg`
    pub loadavg: String,
    /// `/proc/net/dev`
    pub net_dev: String,
    /// `/proc/diskstats`
    pub diskstats: String,
    /// Names of whole block devices (`/sys/block`), so that partitions are not counted twice.
    pub whole_disks: Vec<String>,
    /// `/proc/uptime`
    pub uptime: String,
    /// `/proc/net/sockstat`
    pub sockstat: String,
    /// `/proc/net/sockstat6`
    pub sockstat6: String,
    /// `/proc/pressure/cpu`
    pub pressure_cpu: String,
    /// `/proc/pressure/memory`
    pub pressure_memory: String,
    /// `/proc/pressure/io`
    pub pressure_io: String,
    /// Name and millidegrees of each sensor.
    pub temperatures: Vec<(String, String)>,
}
