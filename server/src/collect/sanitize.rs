//! A host's words are not trusted: impossible values become gaps, endless lists and texts are cut.

use protocol::snapshot::{Facts, Mount, Snapshot};

/// Longest text that is kept, in characters.
const MAX_TEXT: usize = 200;
/// Most entries of a list (mounts, cores, interfaces) that are kept.
const MAX_ENTRIES: usize = 1_024;
/// No machine has as much memory or disk (1 EiB), no interface is as fast (1 PB/s).
const MAX_BYTES: u64 = 1 << 60;
const MAX_RATE: f64 = 1e15;

/// Makes a snapshot safe to keep and show.
pub fn sanitize(snapshot: &mut Snapshot) {
    if let Some(cpu) = &mut snapshot.cpu {
        let all = [cpu.total_percent, cpu.user_percent, cpu.system_percent, cpu.iowait_percent, cpu.steal_percent];
        if all.iter().any(|value| percent(Some(*value)).is_none()) {
            snapshot.cpu = None;
        } else {
            cpu.cores_percent.truncate(MAX_ENTRIES);
            cpu.cores_percent.iter_mut().for_each(|core| *core = percent(*core));
        }
    }
    snapshot.load = snapshot.load.filter(|load| [load.one, load.five, load.fifteen].iter().all(|value| (0.0..1e6).contains(value)));
    snapshot.memory = snapshot.memory.filter(|memory| memory.total > 0 && memory.total <= MAX_BYTES && memory.swap_total <= MAX_BYTES);
    snapshot.mounts.truncate(MAX_ENTRIES);
    snapshot.mounts.retain(|mount: &Mount| mount.total_bytes <= MAX_BYTES);
    for mount in &mut snapshot.mounts {
        [&mut mount.mount_point, &mut mount.device, &mut mount.file_system].into_iter().for_each(clean);
    }
    snapshot.disks.truncate(MAX_ENTRIES);
    for disk in &mut snapshot.disks {
        clean(&mut disk.device);
        let rates = [&mut disk.read_bytes_per_s, &mut disk.write_bytes_per_s, &mut disk.reads_per_s, &mut disk.writes_per_s];
        rates.into_iter().for_each(rate);
        disk.busy_percent = percent(disk.busy_percent);
    }
    snapshot.nics.truncate(MAX_ENTRIES);
    for nic in &mut snapshot.nics {
        clean(&mut nic.name);
        let rates = [
            &mut nic.in_bytes_per_s,
            &mut nic.out_bytes_per_s,
            &mut nic.in_packets_per_s,
            &mut nic.out_packets_per_s,
            &mut nic.faults_per_s,
        ];
        rates.into_iter().for_each(rate);
    }
    snapshot.temperatures.truncate(MAX_ENTRIES);
    snapshot.temperatures.retain(|temperature| (-273.15..=1_000.0).contains(&temperature.celsius));
    snapshot.temperatures.iter_mut().for_each(|temperature| clean(&mut temperature.sensor));
    if let Some(pressure) = &mut snapshot.pressure {
        let shares = [
            &mut pressure.cpu_some_percent,
            &mut pressure.memory_some_percent,
            &mut pressure.memory_full_percent,
            &mut pressure.io_some_percent,
            &mut pressure.io_full_percent,
        ];
        shares.into_iter().for_each(|share| *share = percent(*share));
    }
    if let Some(processes) = &mut snapshot.processes {
        for list in [&mut processes.by_cpu, &mut processes.by_memory] {
            list.truncate(10);
            list.retain(|process| process.cpu_percent.is_finite() && process.cpu_percent >= 0.0);
            list.iter_mut().for_each(|process| clean(&mut process.name));
        }
    }
    if let Some(Facts { host_name, os, kernel, architecture, cpu_model, reader_version, .. }) = &mut snapshot.facts {
        [host_name, os, kernel, architecture, cpu_model, reader_version].into_iter().for_each(clean);
    }
}

/// Cuts a text and replaces control characters (terminal escapes, line breaks) by spaces.
fn clean(text: &mut String) {
    if text.chars().count() > MAX_TEXT || text.chars().any(char::is_control) {
        *text = text.chars().take(MAX_TEXT).map(|character| if character.is_control() { ' ' } else { character }).collect();
    }
}

fn percent(value: Option<f32>) -> Option<f32> {
    value.filter(|value| (0.0..=100.5).contains(value)).map(|value| value.min(100.0))
}

fn rate(value: &mut Option<f64>) {
    *value = value.filter(|value| (0.0..MAX_RATE).contains(value));
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::snapshot::{Cpu, Load, Memory, Nic, Temperature};

    #[test]
    fn impossible_values_become_gaps() {
        let mut snapshot = Snapshot {
            cpu: Some(Cpu { total_percent: f32::NAN, ..Cpu::default() }),
            load: Some(Load { one: -1.0, ..Load::default() }),
            memory: Some(Memory { total: u64::MAX, ..Memory::default() }),
            nics: vec![Nic {
                name: "e\u{1b}[31m".into(),
                in_bytes_per_s: Some(f64::INFINITY),
                out_bytes_per_s: Some(5.0),
                ..Nic::default()
            }],
            temperatures: vec![Temperature { sensor: "x".into(), celsius: f32::NAN }],
            facts: Some(Facts { os: "x".repeat(5_000), ..Facts::default() }),
            ..Snapshot::default()
        };
        sanitize(&mut snapshot);
        assert_eq!((snapshot.cpu, snapshot.load, snapshot.memory), (None, None, None));
        assert_eq!(snapshot.nics[0].name, "e [31m");
        assert_eq!((snapshot.nics[0].in_bytes_per_s, snapshot.nics[0].out_bytes_per_s), (None, Some(5.0)));
        assert!(snapshot.temperatures.is_empty());
        assert_eq!(snapshot.facts.map(|facts| facts.os.len()), Some(200));
    }

    #[test]
    fn possible_values_stay() {
        let cpu = Cpu { total_percent: 100.2, cores_percent: vec![Some(3.0), Some(-2.0), None], ..Cpu::default() };
        let mut snapshot = Snapshot { cpu: Some(cpu), ..Snapshot::default() };
        sanitize(&mut snapshot);
        assert_eq!(snapshot.cpu.map(|cpu| cpu.cores_percent), Some(vec![Some(3.0), None, None]));
    }
}
