//! Two observations become rates.

use crate::{CpuTimes, DiskCounters, NicCounters, Observation};
use protocol::snapshot::{Cpu, Disk, Nic, Snapshot};
use std::sync::Arc;

/// The last observation and its time; turns each next one into a snapshot.
#[derive(Clone, Debug, Default)]
pub struct Rates {
    last: Option<(i64, Arc<Observation>)>,
    beat: u64,
}

impl Rates {
    /// Snapshot of an observation made at `now_ms` (UTC, milliseconds). Rates are gaps on the first call, after a counter has restarted,
    /// and when the clock has not moved forward.
    pub fn advance(&mut self, observation: Observation, now_ms: i64) -> Snapshot {
        self.beat += 1;
        let before = self.last.as_ref().map(|(at_ms, before)| ((now_ms - at_ms) as f64 / 1e3, before.as_ref())).filter(|(elapsed, _)| *elapsed > 0.0);
        let snapshot = Snapshot {
            protocol: protocol::PROTOCOL_VERSION,
            sampled_at_ms: now_ms,
            beat: self.beat,
            cpu: before.and_then(|(_, before)| cpu(before, &observation)),
            load: observation.load,
            memory: observation.memory,
            disks: observation.disks.iter().map(|disk| disk_rates(disk, before)).collect(),
            nics: observation.nics.iter().map(|nic| nic_rates(nic, before)).collect(),
            uptime_s: observation.uptime_s.map(|uptime| uptime as u64),
            tcp: observation.tcp,
            temperatures: observation.temperatures.clone(),
            pressure: Some(observation.pressure.averages).filter(|pressure| *pressure != Default::default()),
            ..Snapshot::default()
        };
        self.last = Some((now_ms, Arc::new(observation)));
        snapshot
    }

    /// The last observation: absolute counters for Prometheus.
    pub fn last(&self) -> Option<Arc<Observation>> {
        self.last.as_ref().map(|(_, observation)| observation.clone())
    }
}

/// Difference of a counter; `None` if it has restarted.
fn step(now: u64, before: u64) -> Option<u64> {
    now.checked_sub(before)
}

struct Shares {
    total: f32,
    user: f32,
    system: f32,
    iowait: f32,
    steal: f32,
}

/// Shares of the time between two readings of a core; `None` if it was off, or no time has passed.
fn shares(now: &CpuTimes, before: &CpuTimes) -> Option<Shares> {
    // The kernel documents that iowait may go backwards; idle does, too, when a core comes back.
    let back = |now: u64, before: u64| now.saturating_sub(before) as f64;
    let user = step(now.user, before.user)? as f64 + back(now.nice, before.nice);
    let system = back(now.system, before.system) + back(now.irq, before.irq) + back(now.softirq, before.softirq);
    let (iowait, steal, idle) = (back(now.iowait, before.iowait), back(now.steal, before.steal), back(now.idle, before.idle));
    let all = user + system + iowait + steal + idle;
    let share = |part: f64| ((part / all) * 100.0) as f32;
    (all > 0.0).then(|| Shares {
        total: share(user + system + steal),
        user: share(user),
        system: share(system),
        iowait: share(iowait),
        steal: share(steal),
    })
}

fn cpu(before: &Observation, now: &Observation) -> Option<Cpu> {
    let all = shares(now.cpu.as_ref()?, before.cpu.as_ref()?)?;
    let core = |(number, times): &(u32, CpuTimes)| {
        let (_, earlier) = before.cores.iter().find(|(other, _)| other == number)?;
        shares(times, earlier).map(|shares| shares.total)
    };
    let cores = now.cores.last().map_or(0, |(number, _)| *number as usize + 1).min(4_096);
    let mut cores_percent = vec![None; cores];
    for reading in &now.cores {
        if let Some(place) = cores_percent.get_mut(reading.0 as usize) {
            *place = core(reading);
        }
    }
    Some(Cpu {
        total_percent: all.total,
        user_percent: all.user,
        system_percent: all.system,
        iowait_percent: all.iowait,
        steal_percent: all.steal,
        cores_percent,
    })
}

fn disk_rates(now: &DiskCounters, before: Option<(f64, &Observation)>) -> Disk {
    let same = before.and_then(|(elapsed, before)| Some((elapsed, before.disks.iter().find(|disk| disk.device == now.device)?)));
    let rate = |counter: fn(&DiskCounters) -> u64| {
        let (elapsed, before) = same?;
        Some(step(counter(now), counter(before))? as f64 / elapsed)
    };
    Disk {
        device: now.device.clone(),
        read_bytes_per_s: rate(|disk| disk.read_bytes),
        write_bytes_per_s: rate(|disk| disk.write_bytes),
        reads_per_s: rate(|disk| disk.reads),
        writes_per_s: rate(|disk| disk.writes),
        busy_percent: rate(|disk| disk.busy_ms).map(|ms_per_s| (ms_per_s / 10.0).min(100.0) as f32),
    }
}

fn nic_rates(now: &NicCounters, before: Option<(f64, &Observation)>) -> Nic {
    let same = before.and_then(|(elapsed, before)| Some((elapsed, before.nics.iter().find(|nic| nic.name == now.name)?)));
    let rate = |counter: fn(&NicCounters) -> u64| {
        let (elapsed, before) = same?;
        Some(step(counter(now), counter(before))? as f64 / elapsed)
    };
    Nic {
        name: now.name.clone(),
        in_bytes_per_s: rate(|nic| nic.in_bytes),
        out_bytes_per_s: rate(|nic| nic.out_bytes),
        in_packets_per_s: rate(|nic| nic.in_packets),
        out_packets_per_s: rate(|nic| nic.out_packets),
        faults_per_s: rate(|nic| nic.in_errors.saturating_add(nic.in_drops).saturating_add(nic.out_errors).saturating_add(nic.out_drops)),
        in_bytes_total: now.in_bytes,
        out_bytes_total: now.out_bytes,
    }
}
