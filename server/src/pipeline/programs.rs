//! The greediest programs of the running minute.

use crate::store::{ProcessMinute, ProgramUse};
use protocol::host::HostId;
use protocol::snapshot::TopProcesses;
use std::collections::{HashMap, HashSet};

/// Programs of a minute that are kept: so many by CPU and so many by memory.
const KEPT_BY_CPU: usize = 10;
const KEPT_BY_MEMORY: usize = 5;

/// What has been read of one program in this minute.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    cpu_sum: f64,
    most_cpu: f32,
    memory: u64,
}

/// The running minute of one host.
#[derive(Debug, Default)]
pub struct Programs {
    readings: u32,
    seen: HashMap<String, Seen>,
}

impl Programs {
    /// Adds one reading of the host's processes. Those of one name count together.
    pub fn add(&mut self, processes: &TopProcesses) {
        self.readings += 1;
        let mut pids = HashSet::with_capacity(processes.by_cpu.len() + processes.by_memory.len());
        let mut together: HashMap<&str, (f32, u64)> = HashMap::new();
        for process in processes.by_cpu.iter().chain(&processes.by_memory).filter(|process| pids.insert(process.pid)) {
            let (cpu, memory) = together.entry(&process.name).or_default();
            *cpu += if process.cpu_percent.is_finite() { process.cpu_percent } else { 0.0 };
            *memory = memory.saturating_add(process.memory_bytes);
        }
        for (name, (cpu, memory)) in together {
            if !self.seen.contains_key(name) {
                self.seen.insert(name.to_owned(), Seen::default());
            }
            if let Some(seen) = self.seen.get_mut(name) {
                seen.cpu_sum += f64::from(cpu);
                seen.most_cpu = seen.most_cpu.max(cpu);
                seen.memory = seen.memory.max(memory);
            }
        }
    }

    /// Ends the minute and starts the next; `None` when nothing was read in it.
    pub fn close(&mut self, host_id: HostId, at_ms: i64) -> Option<ProcessMinute> {
        let Self { readings, seen } = std::mem::take(self);
        if seen.is_empty() {
            return None;
        }
        let program = |(name, seen): (String, Seen)| ProgramUse {
            name,
            cpu_percent: (seen.cpu_sum / f64::from(readings)) as f32,
            most_cpu_percent: seen.most_cpu,
            memory_bytes: seen.memory,
        };
        let mut programs: Vec<ProgramUse> = seen.into_iter().map(program).collect();
        programs.sort_by_key(|program| std::cmp::Reverse(program.memory_bytes));
        let rest = programs.split_off(programs.len().min(KEPT_BY_MEMORY));
        let mut by_cpu = rest;
        by_cpu.sort_by(|left, right| right.cpu_percent.total_cmp(&left.cpu_percent));
        by_cpu.truncate(KEPT_BY_CPU);
        programs.append(&mut by_cpu);
        programs.sort_by(|left, right| right.cpu_percent.total_cmp(&left.cpu_percent).then_with(|| left.name.cmp(&right.name)));
        Some(ProcessMinute { host_id, at_ms, programs })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use protocol::snapshot::Process;

    fn process(pid: i32, name: &str, cpu_percent: f32, memory_bytes: u64) -> Process {
        Process { pid, name: name.into(), cpu_percent, memory_bytes, threads: 1 }
    }

    #[test]
    fn processes_of_a_name_count_together_and_once() {
        let mut programs = Programs::default();
        let one = process(1, "cc", 80.0, 100);
        programs.add(&TopProcesses {
            by_cpu: vec![one.clone(), process(2, "cc", 20.0, 50)],
            by_memory: vec![one, process(3, "db", f32::NAN, 900)],
        });
        programs.add(&TopProcesses { by_cpu: vec![process(4, "cc", 50.0, 10)], by_memory: vec![] });
        let minute = programs.close(7, 60_000).unwrap();
        let (cc, db) = (&minute.programs[0], &minute.programs[1]);
        assert_eq!((cc.name.as_str(), cc.cpu_percent, cc.most_cpu_percent, cc.memory_bytes), ("cc", 75.0, 100.0, 150));
        assert_eq!((db.name.as_str(), db.cpu_percent, db.memory_bytes), ("db", 0.0, 900));
        assert_eq!(programs.close(7, 120_000), None, "the next minute starts empty");
    }

    #[test]
    fn a_minute_keeps_the_greediest_of_both_kinds() {
        let mut programs = Programs::default();
        let by_cpu = (0..40).map(|number| process(number, &format!("p{number}"), number as f32, 40 - number as u64)).collect();
        programs.add(&TopProcesses { by_cpu, by_memory: vec![] });
        let minute = programs.close(1, 0).unwrap();
        let kept = |name: &str| minute.programs.iter().any(|program| program.name == name);
        assert_eq!(minute.programs.len(), KEPT_BY_CPU + KEPT_BY_MEMORY);
        assert!(kept("p39") && kept("p30") && kept("p0") && kept("p4") && !kept("p20"));
    }
}
