//! What the pipeline holds of one host.

use super::status::status_of;
use super::window::Window;
use crate::collect::Reading;
use crate::hosts::{FactsSeen, Phase};
use crate::store::SampleRow;
use protocol::host::{HostId, HostStatus, Source};
use protocol::live::{HostFigures, StatusEvent};
use protocol::snapshot::{Memory, Snapshot};
use std::time::{Duration, Instant};

/// One host: its last snapshot, its state, its open window.
pub struct LiveHost {
    pub phase: Phase,
    figures: HostFigures,
    snapshot: Option<Box<Snapshot>>,
    window: Window,
    waiting_since: Instant,
    sampled_at: Option<Instant>,
    last_failure: String,
}

impl LiveHost {
    /// A host of which nothing has been read.
    pub fn new(id: HostId, now: Instant) -> Self {
        Self {
            phase: Phase::Collecting,
            figures: HostFigures { id, ..HostFigures::default() },
            snapshot: None,
            window: Window::default(),
            waiting_since: now,
            sampled_at: None,
            last_failure: String::new(),
        }
    }

    /// Takes a reading in; answers the facts if they are others than before.
    pub fn take(&mut self, reading: Reading, now: Instant) -> Option<FactsSeen> {
        let Reading { host_id, source, received_at_ms, outcome } = reading;
        let snapshot = match outcome {
            Ok(snapshot) => snapshot,
            Err(failure) => {
                self.last_failure = failure.to_string();
                return None;
            }
        };
        self.sampled_at = Some(now);
        self.last_failure.clear();
        self.figures = HostFigures { status: self.figures.status, ..figures_of(host_id, source, received_at_ms, &snapshot) };
        self.window.add(source, &self.figures);
        let facts_before = self.snapshot.as_ref().and_then(|before| before.facts.as_ref());
        let changed = snapshot.facts.as_ref().filter(|facts| Some(*facts) != facts_before).cloned();
        self.snapshot = Some(snapshot);
        changed.map(|facts| FactsSeen { host_id, facts })
    }

    /// Judges the state; answers the event if it has changed.
    pub fn judge(&mut self, now: Instant, at_ms: i64) -> Option<StatusEvent> {
        let silent = self.sampled_at.map(|at| now.saturating_duration_since(at));
        let to = status_of(self.phase, silent, now.saturating_duration_since(self.waiting_since));
        let from = self.figures.status;
        if from == to {
            return None;
        }
        self.figures.status = to;
        let source = self.figures.source;
        if !to.is_live() {
            // An offline host has no figures: old ones would pass for live ones.
            self.figures = HostFigures { id: self.figures.id, status: to, ..HostFigures::default() };
        }
        let reason = match (to, silent) {
            (HostStatus::Offline, Some(silent)) if self.last_failure.is_empty() => format!("no sample for {} ms", silent.as_millis()),
            (HostStatus::Offline | HostStatus::Blocked, _) => self.last_failure.clone(),
            _ => String::new(),
        };
        Some(StatusEvent { host_id: self.figures.id, at_ms, from, to, source, reason })
    }

    /// Does not count `late` as the host's silence.
    pub fn forgive(&mut self, late: Duration) {
        self.sampled_at = self.sampled_at.map(|at| at + late);
        self.waiting_since += late;
    }

    /// Key figures.
    pub fn figures(&self) -> HostFigures {
        self.figures
    }

    /// The last snapshot while the host is live.
    pub fn snapshot(&self) -> Option<Box<Snapshot>> {
        self.snapshot.clone().filter(|_| self.figures.status.is_live())
    }

    /// Ends the open window.
    pub fn close_window(&mut self, at_ms: i64) -> Option<SampleRow> {
        self.window.close(self.figures.id, at_ms)
    }
}

fn figures_of(id: HostId, source: Source, received_at_ms: i64, snapshot: &Snapshot) -> HostFigures {
    let (in_bytes_per_s, out_bytes_per_s) = snapshot.network_bytes_per_s();
    HostFigures {
        id,
        status: HostStatus::Online,
        source: Some(source),
        latency_ms: Some((received_at_ms - snapshot.sampled_at_ms).max(0) as f32),
        sampled_at_ms: Some(snapshot.sampled_at_ms),
        cpu_percent: snapshot.cpu.as_ref().map(|cpu| cpu.total_percent),
        memory_percent: snapshot.memory.as_ref().and_then(Memory::used_percent),
        disk_percent: snapshot.disk_percent(),
        load_one: snapshot.load.map(|load| load.one),
        in_bytes_per_s,
        out_bytes_per_s,
        uptime_s: snapshot.uptime_s,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::collect::CollectFailure;
    use protocol::snapshot::{Cpu, Facts};

    fn reading(outcome: Result<Snapshot, CollectFailure>) -> Reading {
        Reading { host_id: 3, source: Source::Agent, received_at_ms: 1_040, outcome: outcome.map(Box::new) }
    }

    fn snapshot() -> Snapshot {
        let cpu = Cpu { total_percent: 12.0, ..Cpu::default() };
        Snapshot { sampled_at_ms: 1_000, cpu: Some(cpu), facts: Some(Facts::default()), ..Snapshot::default() }
    }

    #[test]
    fn goes_online_with_a_sample_offline_after_three_beats_and_back() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut host = LiveHost::new(3, start);
        assert!(host.take(reading(Ok(snapshot())), at(0)).is_some(), "first facts are news");
        let event = host.judge(at(0), 5).unwrap();
        assert_eq!((event.from, event.to, event.at_ms), (HostStatus::Initializing, HostStatus::Online, 5));
        assert_eq!(host.figures().latency_ms, Some(40.0));
        assert!(host.take(reading(Ok(snapshot())), at(500)).is_none(), "the same facts are none");
        assert_eq!(host.judge(at(2_200), 6), None);
        host.take(reading(Err(CollectFailure::Missed { silent_ms: 1_625 })), at(2_240));
        let event = host.judge(at(2_250), 7).unwrap();
        assert_eq!((event.to, event.reason.as_str()), (HostStatus::Offline, "no sample for 1625 ms"));
        assert_eq!((host.figures().cpu_percent, host.snapshot()), (None, None), "no stale figure");
        host.take(reading(Ok(snapshot())), at(9_000));
        assert_eq!(host.judge(at(9_000), 8).map(|event| event.to), Some(HostStatus::Online));
        assert_eq!(host.figures().cpu_percent, Some(12.0));
    }

    #[test]
    fn the_centres_own_sleep_is_nobodys_silence() {
        let start = Instant::now();
        let mut host = LiveHost::new(3, start);
        host.take(reading(Ok(snapshot())), start);
        host.judge(start, 0);
        host.forgive(Duration::from_secs(60));
        assert_eq!(host.judge(start + Duration::from_secs(61), 1), None);
    }
}
