//! This machine: its texts, read on a beat.

use protocol::snapshot::Snapshot;
use std::path::Path;

/// Reads one machine.
pub struct Machine;

impl Machine {
    /// A reader of the machine whose `/proc` and `/sys` are below `root`.
    pub fn new(_root: &Path) -> Self {
        Self
    }

    /// Reads the machine; `now_ms` is UTC.
    pub fn sample(&mut self, now_ms: i64) -> Snapshot {
        Snapshot { sampled_at_ms: now_ms, ..Default::default() }
    }
}
