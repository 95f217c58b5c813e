//! Two observations to a snapshot.

use crate::observation::Observation;
use protocol::PROTOCOL_VERSION;
use protocol::snapshot::{Load, Snapshot};

/// The clock and the kernel's uptime, which counts in hundredths, may disagree by this before the clock is not believed, in seconds.
const CLOCK_TOLERANCE_S: f64 = 0.05;

/// Seconds from `previous` to `now`. The clock is finer, but it may be set; then the kernel's uptime tells.
/// `None` when no time has passed or the machine has restarted.
pub fn elapsed_s(previous: &Observation, now: &Observation) -> Option<f64> {
    let by_clock = now.at_ms.saturating_sub(previous.at_ms) as f64 / 1_000.0;
    let by_uptime = now.uptime_s.zip(previous.uptime_s).map(|(now, previous)| now - previous);
    let elapsed = match by_uptime {
        Some(by_uptime) if (by_clock - by_uptime).abs() > CLOCK_TOLERANCE_S => by_uptime,
        _ => by_clock,
    };
    (elapsed > 0.0).then_some(elapsed)
}

/// What is shown of `now`, with rates since `previous`; without it (or after a restart) rates are gaps. Mounts, temperatures,
/// processes and facts are the caller's, who reads them at a slower beat.
pub fn advance(previous: Option<&Observation>, now: &Observation) -> Snapshot {
    let previous = previous.and_then(|previous| Some((previous, elapsed_s(previous, now)?)));
    let disks = now.disks.iter().map(|disk| {
        let before = previous.and_then(|(previous, _)| previous.disks.iter().find(|other| other.device == disk.device));
        disk.since(before, previous.map_or(0.0, |(_, elapsed_s)| elapsed_s))
    });
    let nics = now.nics.iter().filter(|nic| nic.name != "lo").map(|nic| {
        let before = previous.and_then(|(previous, _)| previous.nics.iter().find(|other| other.name == nic.name));
        nic.since(before, previous.map_or(0.0, |(_, elapsed_s)| elapsed_s))
    });
    Snapshot {
        protocol: PROTOCOL_VERSION,
        sampled_at_ms: now.at_ms,
        cpu: previous.and_then(|(previous, _)| now.cpu.as_ref()?.since(previous.cpu.as_ref()?)),
        load: now.load.map(|load| Load { one: load.one, five: load.five, fifteen: load.fifteen }),
        memory: now.memory.as_ref().and_then(|memory| memory.memory()),
        disks: disks.collect(),
        nics: nics.collect(),
        uptime_s: now.uptime_s.map(|seconds| seconds as u64),
        tcp: now.sockets.tcp(),
        pressure: now.pressure.pressure(),
        ..Snapshot::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu::{CpuCounters, Jiffies};
    use crate::network::NicCounters;

    fn observation(at_ms: i64, uptime_s: Option<f64>, bytes: u64) -> Observation {
        let nic = |name: &str| NicCounters { name: name.into(), in_bytes: bytes, ..NicCounters::default() };
        let total = Jiffies { user: bytes, idle: bytes, ..Jiffies::default() };
        Observation {
            at_ms,
            uptime_s,
            nics: vec![nic("eth0"), nic("lo")],
            cpu: Some(CpuCounters { total, ..CpuCounters::default() }),
            ..Observation::default()
        }
    }

    #[test]
    fn a_clock_that_is_set_does_not_change_the_rates() {
        let hour = 3_600_000;
        // previous and next clock in ms, previous and next uptime in s, elapsed
        for (from_ms, to_ms, from_s, to_s, expected) in [
            (1_000, 1_500, Some(10.0), Some(10.5), Some(0.5)),
            // The uptime is coarse: the clock is believed.
            (1_000, 1_504, Some(10.0), Some(10.5), Some(0.504)),
            (1_000, 1_500 + hour, Some(10.0), Some(10.5), Some(0.5)),
            (1_000 + hour, 1_500, Some(10.0), Some(10.5), Some(0.5)),
            (1_000, 1_500, None, Some(10.5), Some(0.5)),
            // Restarted, or read twice at once.
            (1_000, 60_000, Some(5_000.0), Some(9.0), None),
            (1_000, 1_000, Some(10.0), Some(10.0), None),
            (1_000, 900, None, None, None),
        ] {
            let (previous, now) = (observation(from_ms, from_s, 0), observation(to_ms, to_s, 0));
            assert_eq!(elapsed_s(&previous, &now), expected, "{from_ms} {to_ms}");
        }
    }

    #[test]
    fn rates_need_two_beats() {
        let (first, second) = (observation(1_000, Some(10.0), 100), observation(1_500, Some(10.5), 200));
        for (previous, rate, total_percent) in [(None, None, None), (Some(&first), Some(200.0), Some(50.0))] {
            let snapshot = advance(previous, &second);
            assert_eq!(snapshot.nics.len(), 1, "loopback is left out");
            assert_eq!(snapshot.nics[0].in_bytes_per_s, rate);
            assert_eq!(snapshot.cpu.map(|cpu| cpu.total_percent), total_percent);
            assert_eq!((snapshot.protocol, snapshot.sampled_at_ms, snapshot.uptime_s), (PROTOCOL_VERSION, 1_500, Some(10)));
        }
    }

    #[test]
    fn nothing_read_is_nothing_shown() {
        let empty = Observation { at_ms: 7, ..Observation::default() };
        let expected = Snapshot { protocol: PROTOCOL_VERSION, sampled_at_ms: 7, ..Snapshot::default() };
        assert_eq!(advance(Some(&Observation::default()), &empty), expected);
    }
}
