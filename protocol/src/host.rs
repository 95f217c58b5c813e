//! What a host is: its identity, state, source and thresholds.

use serde::{Deserialize, Serialize};

/// Number of a host in the centre's inventory. The centre's own machine is [`LOCAL_HOST_ID`].
pub type HostId = i64;

/// The centre's own machine: host number one, read in-process.
pub const LOCAL_HOST_ID: HostId = 1;

/// State of a host as the page shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HostStatus {
    /// Added, no sample yet.
    #[default]
    Initializing,
    /// Samples arrive.
    Online,
    /// Samples arrive, but from a worse source than wanted.
    Degraded,
    /// Three collections in a row have failed.
    Offline,
    /// Not collected because somebody said so.
    Paused,
    /// Its SSH host key or agent certificate has changed; nothing is sent to it until an administrator approves.
    Blocked,
}

impl HostStatus {
    /// Whether samples arrive.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Online | Self::Degraded)
    }
}

/// How a host is read ("collect mode"), best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// In the centre's own process.
    Local,
    /// The agent's stream, directly.
    Agent,
    /// The agent's stream through an SSH channel.
    Tunnel,
    /// A node_exporter that was there already.
    NodeExporter,
    /// Commands over one persistent SSH session.
    Ssh,
}

impl Source {
    /// Whether it is asked, once a second, instead of telling twice a second.
    pub fn is_asked(self) -> bool {
        matches!(self, Self::NodeExporter | Self::Ssh)
    }
}

/// Warning levels of a host, in per cent (1 to 100).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Thresholds {
    pub cpu_percent: f32,
    pub memory_percent: f32,
    pub disk_percent: f32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { cpu_percent: 80.0, memory_percent: 85.0, disk_percent: 90.0 }
    }
}

/// How far above a warning threshold the critical one lies, in points, and its ceiling.
const CRITICAL_STEP: f32 = 10.0;
const CRITICAL_CEILING: f32 = 98.0;

/// How a figure stands to its threshold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    #[default]
    Calm,
    Warning,
    Critical,
}

impl Level {
    /// Level of `value` against a warning threshold, both in per cent: critical is ten points above it, at most 98 (or the
    /// threshold itself where that is higher). A gap is calm.
    pub fn of(value: Option<f32>, warning: f32) -> Self {
        let critical = (warning + CRITICAL_STEP).min(CRITICAL_CEILING).max(warning);
        match value {
            Some(value) if value >= critical => Self::Critical,
            Some(value) if value >= warning => Self::Warning,
            _ => Self::Calm,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Level;

    #[test]
    fn level_of_a_value() {
        for (value, warning, level) in [
            (None, 80.0, Level::Calm),
            (Some(79.9), 80.0, Level::Calm),
            (Some(80.0), 80.0, Level::Warning),
            (Some(90.0), 80.0, Level::Critical),
            (Some(97.9), 90.0, Level::Warning),
            (Some(98.0), 90.0, Level::Critical),
            (Some(98.5), 99.0, Level::Calm),
            (Some(99.0), 99.0, Level::Critical),
        ] {
            assert_eq!(Level::of(value, warning), level, "{value:?} {warning}");
        }
    }
}
