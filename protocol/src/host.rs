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

/// How a figure stands to its threshold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    #[default]
    Calm,
    Warning,
    Critical,
}

/// How a host's figures stand to their thresholds, as its alerts judge them; in two bits each, because it goes with every frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Levels(u8);

/// A figure that has a level in [`Levels`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Leveled {
    Cpu = 0,
    Memory = 2,
    /// The fullest file system.
    Disk = 4,
    /// Anything of this host that an alert is open for.
    Alerts = 6,
}

impl Levels {
    /// The level of one figure.
    pub fn of(self, figure: Leveled) -> Level {
        match self.0 >> figure as u8 & 3 {
            0 => Level::Calm,
            1 => Level::Warning,
            _ => Level::Critical,
        }
    }

    /// Raises a figure to a level; one that is higher stays.
    pub fn raise(&mut self, figure: Leveled, level: Level) {
        let level = level.max(self.of(figure)) as u8;
        self.0 = self.0 & !(3 << figure as u8) | level << figure as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::{Level, Leveled, Levels};

    #[test]
    fn levels_are_kept_apart() {
        let mut levels = Levels::default();
        levels.raise(Leveled::Memory, Level::Critical);
        levels.raise(Leveled::Memory, Level::Warning);
        levels.raise(Leveled::Alerts, Level::Warning);
        let all = [Leveled::Cpu, Leveled::Memory, Leveled::Disk, Leveled::Alerts].map(|figure| levels.of(figure));
        assert_eq!(all, [Level::Calm, Level::Critical, Level::Calm, Level::Warning]);
    }
}
