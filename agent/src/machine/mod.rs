//! This machine: its texts read on a beat, the slow parts on every fourth.

mod facts;
mod files;
mod mounts;
mod processes;
mod sensors;

use facts::FactReader;
use files::{KeptFile, TextFiles};
use mounts::MountReader;
use probe::{Observation, advance, temperatures};
use processes::ProcessReader;
use protocol::snapshot::{Facts, Snapshot};
use sensors::SensorReader;
use std::path::Path;
use std::sync::Arc;

/// Mounts, processes, sensors and the host's name are read on every fourth beat: 2 s.
const SLOW_BEATS: u64 = 4;

/// Reads one machine. Files stay open and buffers are kept between beats.
pub struct Machine {
    texts: TextFiles,
    mounts: MountReader,
    processes: ProcessReader,
    sensors: SensorReader,
    facts: FactReader,
    previous: Option<Arc<Observation>>,
    beats: u64,
}

impl Machine {
    /// A reader of the machine whose `/proc`, `/sys` and `/etc` are below `root` ("/" normally). Reads nothing yet.
    pub fn new(root: &Path) -> Self {
        Self {
            texts: TextFiles::new(root),
            mounts: MountReader::new(root),
            processes: ProcessReader::new(root),
            sensors: SensorReader::new(root),
            facts: FactReader::new(root),
            previous: None,
            beats: 0,
        }
    }

    /// Reads the machine; `now_ms` is UTC, milliseconds. The snapshot is complete; rates need a second call. Blocks for a millisecond
    /// or so, and for no longer than 50 ms when a file system does not answer: that one is then left out until it does.
    pub fn sample(&mut self, now_ms: i64) -> Snapshot {
        // The second beat is a slow one too, so that shares of processes are known after half a second.
        let slow = self.beats == 0 || self.beats % SLOW_BEATS == 1;
        let mut observation = self.texts.read(now_ms);
        if slow {
            self.sensors.read();
            self.mounts.start_round();
            self.processes.read(now_ms, observation.uptime_s);
            self.facts.refresh();
            self.mounts.wait();
        } else {
            self.mounts.collect();
        }
        observation.sensors = self.sensors.latest();
        let mut snapshot = advance(self.previous.as_deref(), &observation);
        snapshot.beat = self.beats;
        snapshot.mounts = self.mounts.latest();
        snapshot.temperatures = temperatures(&observation.sensors);
        snapshot.process_count = self.processes.count();
        snapshot.processes = self.processes.top();
        snapshot.facts = Some(complete_facts(self.facts.latest(), &observation, &snapshot));
        self.previous = Some(Arc::new(observation));
        self.beats += 1;
        snapshot
    }

    /// The counters behind the last snapshot.
    pub fn observation(&self) -> Option<Arc<Observation>> {
        self.previous.clone()
    }
}

/// Facts that the texts of the beat say.
fn complete_facts(mut facts: Facts, observation: &Observation, snapshot: &Snapshot) -> Facts {
    if let Some(cpu) = &observation.cpu {
        facts.booted_at_ms = i64::try_from(cpu.booted_at_s).unwrap_or(0).saturating_mul(1_000);
        if facts.cores == 0 {
            facts.cores = u32::try_from(cpu.cores.len()).unwrap_or(0);
        }
    }
    facts.memory_total = snapshot.memory.map_or(0, |memory| memory.total);
    facts
}

#[cfg(test)]
mod tests;
