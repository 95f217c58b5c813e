//! Reads this machine: files into texts, texts through `probe` into a snapshot.

mod facts;
mod files;
mod processes;
mod sensors;
mod space;

use files::Files;
use probe::{Observation, Rates};
use processes::Processes;
use protocol::snapshot::{Facts, Snapshot};
use sensors::Sensors;
use space::Space;
use std::path::Path;
use std::sync::Arc;

/// Beats between two looks at what changes slowly (processes, space, sensors): two seconds.
const SLOW_BEATS: u64 = 4;

/// A machine below a root folder: `/`, or where a container has mounted its host's root.
pub struct Machine {
    files: Files,
    sensors: Sensors,
    space: Space,
    processes: Processes,
    rates: Rates,
    facts: Facts,
    beat: u64,
}

impl Machine {
    /// Looks at the machine below `root` for the first time.
    pub fn new(root: &Path) -> Self {
        Self {
            facts: facts::read(root),
            files: Files::new(root),
            sensors: Sensors::new(root),
            space: Space::new(root),
            processes: Processes::new(root),
            rates: Rates::default(),
            beat: 0,
        }
    }

    /// Reads everything; the snapshot is complete: what is looked at less often is carried over. Blocks for a few milliseconds, never for
    /// a mount that hangs. `now_ms` is UTC in milliseconds; rates are gaps on the first call.
    pub fn sample(&mut self, now_ms: i64) -> Snapshot {
        let slow = self.beat.is_multiple_of(SLOW_BEATS);
        self.beat += 1;
        let mut texts = self.files.read();
        texts.temperatures = self.sensors.read(slow);
        let observation = Observation::parse(&texts);
        self.facts.booted_at_ms = observation.booted_at_s.map_or(0, |seconds| i64::try_from(seconds).unwrap_or(0) * 1_000);
        self.facts.memory_total = observation.memory.map_or(0, |memory| memory.total);
        let mut snapshot = self.rates.advance(observation, now_ms);
        if slow {
            self.processes.look(now_ms);
        }
        snapshot.process_count = self.processes.count();
        snapshot.processes = self.processes.top();
        snapshot.mounts = self.space.read(slow);
        snapshot.facts = Some(self.facts.clone());
        snapshot
    }

    /// The absolute counters of the last sample.
    pub fn observation(&self) -> Option<Arc<Observation>> {
        self.rates.last()
    }
}
