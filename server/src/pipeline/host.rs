//! What the pipeline holds of one host.

use super::programs::Programs;
use super::recorder::Recorder;
use super::status::{Known, status_of};
use super::window::Window;
use crate::alert::Look;
use crate::collect::Reading;
use crate::hosts::{FactsSeen, Phase};
use crate::store::{Batch, WINDOW_MS};
use protocol::host::{HostId, HostStatus, Levels, Source};
use protocol::live::{HostFigures, SourceEvent, StatusEvent};
use protocol::metric::Metric;
use protocol::snapshot::Snapshot;
use std::time::{Duration, Instant};

/// One host: its last snapshot, its state, its open window.
pub struct LiveHost {
    phase: Phase,
    pub agentless: bool,
    figures: HostFigures,
    snapshot: Option<Box<Snapshot>>,
    window: Window,
    programs: Programs,
    recorder: Recorder,
    /// How far its clock is from the centre's in milliseconds, whichever way.
    skew_ms: Option<f64>,
    waiting_since: Instant,
    sampled_at: Option<Instant>,
    last_failure: String,
    /// Stays when the host goes offline, so that coming back the same way is no switch.
    last_source: Option<Source>,
}

/// What a reading brings.
#[derive(Debug, Default)]
pub struct News {
    /// Facts that differ from the last ones.
    pub facts: Option<FactsSeen>,
    /// The host is read in another way than before.
    pub switch: Option<SourceEvent>,
}

impl LiveHost {
    /// A host of which nothing has been read.
    pub fn new(id: HostId, now: Instant) -> Self {
        Self {
            phase: Phase::Collecting,
            agentless: false,
            figures: HostFigures { id, ..HostFigures::default() },
            snapshot: None,
            window: Window::default(),
            programs: Programs::default(),
            recorder: Recorder::default(),
            skew_ms: None,
            waiting_since: now,
            sampled_at: None,
            last_failure: String::new(),
            last_source: None,
        }
    }

    /// Takes the phase of its life in. When collection begins anew, the wait for a sample does, too.
    pub fn take_phase(&mut self, phase: Phase, now: Instant) {
        if phase == Phase::Collecting && self.phase != Phase::Collecting {
            (self.waiting_since, self.sampled_at) = (now, None);
        }
        self.phase = phase;
    }

    /// Takes a reading in; answers what is new in it.
    pub fn take(&mut self, reading: Reading, now: Instant) -> News {
        let Reading { host_id, source, received_at_ms, latency_ms, outcome } = reading;
        let snapshot = match outcome {
            Ok(snapshot) => snapshot,
            Err(failure) => {
                // What a worse source says while a better one is waited for explains less.
                if self.last_failure.is_empty() || source <= self.figures.source.unwrap_or(Source::Agent) {
                    self.last_failure = failure.to_string();
                }
                return News::default();
            }
        };
        self.sampled_at = Some(now);
        let reason = std::mem::take(&mut self.last_failure);
        let from = self.figures.source;
        let switch = (self.last_source.replace(source) != Some(source)).then(|| SourceEvent {
            host_id,
            at_ms: received_at_ms,
            from,
            to: source,
            reason: if from.is_some_and(|from| from > source) { "a better source answers again".into() } else { reason },
        });
        let HostFigures { status, levels, .. } = self.figures;
        self.figures = HostFigures { status, levels, ..figures_of(host_id, source, latency_ms, received_at_ms, &snapshot) };
        // Where the centre asks, it is the one who tells the time.
        self.skew_ms = latency_ms.is_none().then(|| (received_at_ms - snapshot.sampled_at_ms).abs() as f64);
        self.window.add(source, self.figures.latency_ms, &snapshot);
        self.recorder.add(received_at_ms, source, &snapshot);
        // They are read less often than every beat, and carried over in between.
        let processes_before = self.snapshot.as_ref().and_then(|before| before.processes.as_ref());
        if let Some(processes) = snapshot.processes.as_ref().filter(|processes| Some(*processes) != processes_before) {
            self.programs.add(processes);
        }
        let facts_before = self.snapshot.as_ref().and_then(|before| before.facts.as_ref());
        let changed = snapshot.facts.as_ref().filter(|facts| Some(*facts) != facts_before).cloned();
        self.snapshot = Some(snapshot);
        News { facts: changed.map(|facts| FactsSeen { host_id, facts }), switch }
    }

    /// Judges the state; answers the event if it has changed.
    pub fn judge(&mut self, now: Instant, at_ms: i64) -> Option<StatusEvent> {
        let silent = self.sampled_at.map(|at| now.saturating_duration_since(at));
        let to = status_of(Known {
            phase: self.phase,
            agentless: self.agentless,
            source: self.figures.source,
            silent,
            waited: now.saturating_duration_since(self.waiting_since),
        });
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
        if to == HostStatus::Offline && from.is_live() {
            self.recorder.keep(at_ms);
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
    pub fn snapshot(&self) -> Option<&Snapshot> {
        self.snapshot.as_deref().filter(|_| self.figures.status.is_live())
    }

    /// What its alerts are judged by.
    pub fn look(&self) -> Look<'_> {
        let snapshot = self.snapshot();
        let cores = snapshot.and_then(|snapshot| snapshot.facts.as_ref()).map_or(0, |facts| facts.cores);
        Look { id: self.figures.id, status: self.figures.status, snapshot, skew_ms: self.skew_ms, cores }
    }

    /// Takes in how its figures stand.
    pub fn set_levels(&mut self, levels: Levels) {
        self.figures.levels = levels;
    }

    /// Something is wrong with it: the flight recorder keeps the minutes around this moment.
    pub fn record(&mut self, at_ms: i64) {
        self.recorder.keep(at_ms);
    }

    /// Ends the open window, which began at `window_ms`, and with `minute` the running minute; `end`: nothing comes after it.
    pub fn close(&mut self, window_ms: i64, minute: Option<i64>, end: bool, batch: &mut Batch) {
        let id = self.figures.id;
        let row = self.window.close(id, window_ms);
        batch.rows.extend(row);
        batch.processes.extend(minute.and_then(|minute_ms| self.programs.close(id, minute_ms)));
        batch.recordings.extend(self.recorder.take_piece(id, window_ms + WINDOW_MS, end));
    }
}

fn figures_of(id: HostId, source: Source, latency_ms: Option<f32>, received_at_ms: i64, snapshot: &Snapshot) -> HostFigures {
    // The same numbers that are stored.
    let read = |metric: Metric| metric.read(snapshot);
    let short = |metric: Metric| read(metric).map(|value| value as f32);
    HostFigures {
        id,
        status: HostStatus::Online,
        source: Some(source),
        latency_ms: latency_ms.or(Some((received_at_ms - snapshot.sampled_at_ms).max(0) as f32)),
        sampled_at_ms: Some(snapshot.sampled_at_ms),
        cpu_percent: short(Metric::Cpu),
        memory_percent: short(Metric::Memory),
        disk_percent: short(Metric::Disk),
        load_one: short(Metric::Load1),
        in_bytes_per_s: read(Metric::NetworkIn),
        out_bytes_per_s: read(Metric::NetworkOut),
        uptime_s: snapshot.uptime_s,
        levels: Levels::default(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::collect::CollectFailure;
    use protocol::snapshot::{Cpu, Facts};

    fn reading(outcome: Result<Snapshot, CollectFailure>) -> Reading {
        Reading { host_id: 3, source: Source::Agent, received_at_ms: 1_040, latency_ms: None, outcome: outcome.map(Box::new) }
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
        let news = host.take(reading(Ok(snapshot())), at(0));
        assert!(news.facts.is_some(), "first facts are news");
        assert_eq!(news.switch.map(|switch| (switch.from, switch.to)), Some((None, Source::Agent)));
        let event = host.judge(at(0), 5).unwrap();
        assert_eq!((event.from, event.to, event.at_ms), (HostStatus::Initializing, HostStatus::Online, 5));
        assert_eq!(host.figures().latency_ms, Some(40.0));
        let news = host.take(reading(Ok(snapshot())), at(500));
        assert!(news.facts.is_none() && news.switch.is_none(), "the same facts are none");
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
    fn a_switch_says_why_and_makes_the_host_degraded() {
        let now = Instant::now();
        let mut host = LiveHost::new(3, now);
        host.take(reading(Ok(snapshot())), now);
        host.judge(now, 0);
        host.take(reading(Err(CollectFailure::Missed { silent_ms: 700 })), now);
        let tunnel = || Reading { source: Source::Tunnel, latency_ms: Some(3.0), ..reading(Ok(snapshot())) };
        let switch = host.take(tunnel(), now).switch.unwrap();
        assert_eq!((switch.from, switch.to, switch.reason.as_str()), (Some(Source::Agent), Source::Tunnel, "no sample for 700 ms"));
        assert_eq!(host.judge(now, 0).map(|event| event.to), Some(HostStatus::Degraded));
        assert_eq!(host.figures().latency_ms, Some(3.0));
        let switch = host.take(reading(Ok(snapshot())), now).switch.unwrap();
        assert_eq!((switch.from, switch.reason.as_str()), (Some(Source::Tunnel), "a better source answers again"));
        assert_eq!(host.judge(now, 0).map(|event| event.to), Some(HostStatus::Online));
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
