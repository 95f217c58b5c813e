//! Alerts: what is watched, by which rule, and what became of it.

use crate::host::{HostId, Level};
use crate::metric::{Metric, Unit};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Number of an alert; later ones are larger.
pub type AlertId = i64;

/// On which side of its thresholds a value is bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Above,
    Below,
}

/// Where the values of a kind come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watched {
    /// One value of a host.
    Host(Metric),
    /// One value of each file system of a host; the target of the alert is the mount point.
    Mount,
    /// A state: it is so or it is not. Thresholds have no meaning, only whether there is a warning or a critical one.
    State,
    /// One value of a host that the centre makes itself.
    Made,
}

/// What a rule gives unless somebody says otherwise: enabled, warning, critical, window (s), hold (s), clear distance.
type Usual = (bool, Option<f64>, Option<f64>, u32, u32, f64);

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $unit:ident, $side:ident, $watched:expr, $usual:expr;)*) => {
        /// What is watched. The names are those of the store and never change their meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum AlertKind { $($(#[$doc])* $variant,)* }

        impl AlertKind {
            /// All, in the order in which they are shown.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name in addresses, templates and the store.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What its values mean.
            pub fn unit(self) -> Unit {
                match self { $(Self::$variant => Unit::$unit,)* }
            }

            /// Where a value is bad.
            pub fn side(self) -> Side {
                match self { $(Self::$variant => Side::$side,)* }
            }

            /// Where its values come from.
            pub fn watched(self) -> Watched {
                match self { $(Self::$variant => $watched,)* }
            }

            fn usual(self) -> Usual {
                match self { $(Self::$variant => $usual,)* }
            }
        }
    };
}

kinds! {
    Cpu = "cpu", Percent, Above, Watched::Host(Metric::Cpu), (true, Some(80.0), Some(90.0), 10, 0, 5.0);
    Memory = "memory", Percent, Above, Watched::Host(Metric::Memory), (true, Some(85.0), Some(95.0), 0, 0, 5.0);
    Swap = "swap", Percent, Above, Watched::Host(Metric::Swap), (false, Some(80.0), Some(90.0), 0, 60, 5.0);
    /// Use of each file system.
    Disk = "disk", Percent, Above, Watched::Mount, (true, Some(90.0), Some(98.0), 0, 0, 1.0);
    /// Use of the inodes of each file system.
    Inodes = "inodes", Percent, Above, Watched::Mount, (true, Some(90.0), Some(98.0), 0, 0, 1.0);
    /// Hours until a file system is full, by the trend of the last day.
    DiskForecast = "disk_forecast", Hours, Below, Watched::Mount, (true, Some(24.0), Some(6.0), 0, 0, 12.0);
    /// Mean load of one minute for each logical processor.
    Load = "load", Number, Above, Watched::Host(Metric::Load1), (false, Some(2.0), Some(4.0), 0, 60, 0.5);
    NetworkIn = "network_in", BytesPerSecond, Above, Watched::Host(Metric::NetworkIn), (false, Some(100e6), None, 10, 0, 10e6);
    NetworkOut = "network_out", BytesPerSecond, Above, Watched::Host(Metric::NetworkOut), (false, Some(100e6), None, 10, 0, 10e6);
    /// The hottest sensor.
    Temperature = "temperature", Celsius, Above, Watched::Host(Metric::Temperature), (true, Some(85.0), Some(95.0), 0, 10, 5.0);
    PressureCpu = "pressure_cpu", Percent, Above, Watched::Host(Metric::PressureCpu), (false, Some(50.0), Some(80.0), 0, 30, 10.0);
    PressureMemory = "pressure_memory", Percent, Above, Watched::Host(Metric::PressureMemory), (false, Some(20.0), Some(50.0), 0, 30, 5.0);
    PressureIo = "pressure_io", Percent, Above, Watched::Host(Metric::PressureIo), (false, Some(50.0), Some(80.0), 0, 30, 10.0);
    /// How far a host's clock is from the centre's, in milliseconds, whichever way.
    ClockSkew = "clock_skew", Milliseconds, Above, Watched::Made, (true, Some(5_000.0), Some(60_000.0), 0, 10, 1_000.0);
    /// No samples arrive.
    Offline = "offline", Number, Above, Watched::State, (true, None, Some(1.0), 0, 3, 0.0);
    /// Samples arrive from a worse source than wanted.
    Degraded = "degraded", Number, Above, Watched::State, (true, Some(1.0), None, 0, 60, 0.0);
    /// Another SSH host key or certificate than the approved one: nothing is sent to the host.
    HostKey = "host_key", Number, Above, Watched::State, (true, None, Some(1.0), 0, 0, 0.0);
    /// The centre cannot store.
    CentreStore = "centre_store", Number, Above, Watched::State, (true, None, Some(1.0), 0, 5, 0.0);
    /// The centre reaches none of its hosts: most likely its own network is down.
    CentreNetwork = "centre_network", Number, Above, Watched::State, (true, None, Some(1.0), 0, 0, 0.0);
}

/// Seconds that a value must be good before an alert ends, unless somebody says otherwise.
const USUAL_CLEAR_S: u32 = 30;
/// Seconds without a value after which a rule has no data, unless somebody says otherwise.
const USUAL_NO_DATA_S: u32 = 60;
/// How far above a warning the critical threshold of a percentage lies where none is given, and its ceiling.
const CRITICAL_STEP: f64 = 10.0;
const CRITICAL_CEILING: f64 = 98.0;

impl AlertKind {
    /// The settings that hold unless somebody says otherwise.
    pub fn usual_settings(self) -> RuleSettings {
        let (enabled, warning, critical, window_s, hold_s, clear_distance) = self.usual();
        let (clear_s, no_data_s) = (USUAL_CLEAR_S, USUAL_NO_DATA_S);
        RuleSettings { enabled, warning, critical, window_s, hold_s, clear_distance, clear_s, no_data_s, warn_no_data: false }
    }

    /// The critical threshold that follows from a warning one where none is given: for a share ten points more, at most 98 (or the
    /// warning itself where that is higher); for anything else none.
    pub fn critical_of(self, warning: f64) -> Option<f64> {
        (self.unit() == Unit::Percent && self.side() == Side::Above).then(|| (warning + CRITICAL_STEP).min(CRITICAL_CEILING).max(warning))
    }

    /// Whether it is about the centre and not about one of its hosts.
    pub fn is_centres(self) -> bool {
        matches!(self, Self::CentreStore | Self::CentreNetwork)
    }
}

impl fmt::Display for AlertKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A text that names no kind of alert.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown kind of alert")]
pub struct UnknownKind;

impl FromStr for AlertKind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Self::ALL.iter().copied().find(|kind| kind.name() == text).ok_or(UnknownKind)
    }
}

/// For which hosts a rule is. The more special one wins: host, then tag (the first by name), then group, then default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "scope", content = "of", rename_all = "snake_case")]
pub enum RuleScope {
    #[default]
    Default,
    Group(String),
    Tag(String),
    Host(HostId),
}

/// How a value is judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleSettings {
    pub enabled: bool,
    /// In the kind's unit; `None`: there is no such level.
    pub warning: Option<f64>,
    pub critical: Option<f64>,
    /// Seconds over which the value is averaged before it is judged; zero: it is judged as it is.
    pub window_s: u32,
    /// Seconds that the judged value must be bad before the alert fires.
    pub hold_s: u32,
    /// How far on the good side of its threshold the judged value must be to count as good again, in the kind's unit.
    pub clear_distance: f64,
    /// Seconds that it must be good before the alert ends.
    pub clear_s: u32,
    /// Seconds without a value of a live host after which there is no data.
    pub no_data_s: u32,
    /// Whether that is a warning of its own.
    pub warn_no_data: bool,
}

/// What an alert is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The value is good again.
    Recovered,
    /// Somebody said so.
    ByHand,
    /// There has been no value for too long.
    NoData,
    /// The rule, the host or the file system is not there any more, or the host is paused.
    Withdrawn,
}

/// Something that happened to an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertChange {
    Fired,
    /// From warning to critical.
    Raised,
    /// From critical to warning.
    Lowered,
    Resolved,
    Acknowledged,
    Snoozed,
}

/// A name, a time and a note.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    pub by: String,
    pub at_ms: i64,
    pub note: String,
}

/// One alert, as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    pub id: AlertId,
    pub host_id: HostId,
    /// Name and group of the host when the alert fired.
    pub host_name: String,
    pub group: String,
    pub kind: AlertKind,
    /// Mount point; empty where the kind has none.
    pub target: String,
    /// Never [`Level::Calm`]; after the end the last one.
    pub level: Level,
    pub worst: Level,
    /// It is about a value that is missing.
    pub no_data: bool,
    /// The judged value at the last change, and the threshold of the level, both in the kind's unit.
    pub value: Option<f64>,
    pub bound: Option<f64>,
    pub fired_at_ms: i64,
    pub changed_at_ms: i64,
    pub ended: Option<(i64, Ending)>,
    pub acknowledged: Option<Remark>,
    /// Who ended it by hand.
    pub resolved_by_hand: Option<Remark>,
    pub snoozed_until_ms: Option<i64>,
}

impl Alert {
    /// Whether it has not ended.
    pub fn is_open(&self) -> bool {
        self.ended.is_none()
    }

    /// Whether nobody is to be bothered with it now.
    pub fn is_snoozed(&self, now_ms: i64) -> bool {
        self.snoozed_until_ms.is_some_and(|until| now_ms < until)
    }
}

/// All that a page must know of alerts. Complete in itself: what is new in it, a page finds by comparing it with the last one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AlertBoard {
    /// Raised by every change.
    pub revision: u64,
    pub at_ms: i64,
    /// Numbers of open alerts, by level.
    pub warning: u32,
    pub critical: u32,
    /// Open alerts, the worst first and the newest of these first; at most [`MOST_ON_BOARD`].
    pub open: Vec<Alert>,
    /// The last that ended, newest first; at most [`MOST_ENDED`].
    pub ended: Vec<Alert>,
}

/// Open alerts that are told to every page at most.
pub const MOST_ON_BOARD: usize = 500;
/// Ended alerts that are told to every page at most.
pub const MOST_ENDED: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_and_are_those_of_the_encoding() {
        for &kind in AlertKind::ALL {
            assert_eq!(kind.name().parse(), Ok(kind));
            assert_eq!(serde_json::to_value(kind).ok(), Some(serde_json::Value::from(kind.name())));
        }
        assert_eq!("".parse::<AlertKind>(), Err(UnknownKind));
    }

    #[test]
    fn usual_levels_are_in_order() {
        for kind in AlertKind::ALL {
            let RuleSettings { warning, critical, .. } = kind.usual_settings();
            if let (Some(warning), Some(critical)) = (warning, critical) {
                assert_eq!(warning < critical, kind.side() == Side::Above, "{kind}");
            }
        }
        assert_eq!(AlertKind::Cpu.critical_of(70.0), Some(80.0));
        assert_eq!(AlertKind::Disk.critical_of(95.0), Some(98.0));
        assert_eq!(AlertKind::Disk.critical_of(99.0), Some(99.0));
        assert_eq!(AlertKind::Load.critical_of(2.0), None);
    }
}
