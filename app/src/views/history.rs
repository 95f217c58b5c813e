//! What questions to the history look like, and their answers.

use super::HostChange;
pub use protocol::history::{HistoryAnswer, HistoryLine, HistoryQuestion, HistoryTotal};
use protocol::host::HostId;
use protocol::metric::Unit;
use serde::{Deserialize, Serialize};

/// A series that a host has had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesInfo {
    /// As [`protocol::metric::Series`] writes it.
    pub name: String,
    pub unit: Unit,
}

/// Something that happened to a host, on the axis of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryMark {
    pub host_id: HostId,
    pub at_ms: i64,
    pub change: HostChange,
    /// Technical reason in English; empty where there is none.
    pub reason: String,
}

/// Minutes that are kept at the full rate of 500 ms, because something happened in them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recording {
    pub host_id: HostId,
    /// UTC, milliseconds.
    pub from_ms: i64,
    pub to_ms: i64,
}

/// Everything beside the lines of a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryMarks {
    /// The newest 500 of the range, oldest first.
    pub marks: Vec<HistoryMark>,
    /// The newest 100 of the range, oldest first.
    pub recordings: Vec<Recording>,
}

/// What one program has used in a range: the sum over all processes of its name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ProcessUse {
    /// The kernel's short name.
    pub name: String,
    /// Minutes in which it was among the greediest.
    pub minutes: u32,
    /// Mean over those minutes, in per cent of one core.
    pub cpu_percent: f32,
    pub most_cpu_percent: f32,
    pub most_memory_bytes: u64,
}

/// How the history is stored and how large it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Storage {
    /// The database with its log.
    pub data_bytes: u64,
    /// Finest first: 10 s, 5 min, 1 h.
    pub tiers: Vec<StorageTier>,
    /// Top processes of each minute.
    pub processes: StorageTier,
    /// Size in MiB that the process history may have at most.
    pub process_budget_mib: u32,
    /// Size in MiB from which on the oldest fine rows are dropped; `None`: there is no such limit.
    pub budget_mib: Option<u32>,
    pub hosts: u32,
    /// Whether the last write failed, so that samples wait in memory.
    pub failing: bool,
}

/// One resolution. The predicted size is `kept_days × bytes_per_day` once it is full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StorageTier {
    /// Width of a row in milliseconds.
    pub step_ms: i64,
    pub kept_days: u32,
    pub bytes: u64,
    /// Start of the oldest row: UTC, milliseconds.
    pub oldest_ms: Option<i64>,
    /// Of all hosts together, from what is stored; a typical value while there is too little.
    pub bytes_per_day: u64,
}
