//! The greediest processes.

use procfs_core::FromRead;
use procfs_core::process::Stat;
use protocol::snapshot::{Process, TopProcesses};
use std::collections::HashMap;

/// How many processes are named.
const NAMED: usize = 10;

/// Ticks per second in `/proc/<pid>/stat` (USER_HZ, 100 on every architecture that Linux runs on today).
const TICKS_PER_S: f64 = 100.0;

/// One line of `/proc/<pid>/stat`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessRow {
    pub pid: i32,
    pub name: String,
    /// User and system time since its start, in ticks.
    pub ticks: u64,
    /// Start after boot in ticks: with the pid it names a process for good.
    pub started: u64,
    pub memory_pages: u64,
    pub threads: u32,
}

/// Ticks of each process at the last look, by pid and start.
pub type ProcessTimes = HashMap<(i32, u64), u64>;

/// Parses one `/proc/<pid>/stat`; `None` if it is malformed or the process has just ended.
pub fn parse_process(text: &str) -> Option<ProcessRow> {
    let stat = Stat::from_read(text.as_bytes()).ok()?;
    Some(ProcessRow {
        pid: stat.pid,
        name: stat.comm,
        ticks: stat.utime.saturating_add(stat.stime),
        started: stat.starttime,
        memory_pages: stat.rss,
        threads: u32::try_from(stat.num_threads).unwrap_or(0),
    })
}

/// The ten greediest by CPU since the look that `before` is of, `elapsed_s` ago, and the ten largest. Processes that were not there then
/// count from their start.
pub fn top_processes(rows: &[ProcessRow], before: &ProcessTimes, elapsed_s: f64, page_bytes: u64) -> TopProcesses {
    let mut processes: Vec<Process> = rows
        .iter()
        .map(|row| {
            let ticks = row.ticks.saturating_sub(before.get(&(row.pid, row.started)).copied().unwrap_or(0));
            let fresh = !before.contains_key(&(row.pid, row.started));
            let percent = if before.is_empty() || elapsed_s <= 0.0 { 0.0 } else { ticks as f64 / TICKS_PER_S / elapsed_s * 100.0 };
            Process {
                pid: row.pid,
                name: row.name.clone(),
                // A process that has just appeared cannot have used more than all of its threads' time.
                cpu_percent: if fresh { percent.min(f64::from(row.threads.max(1)) * 100.0) } else { percent } as f32,
                memory_bytes: row.memory_pages.saturating_mul(page_bytes),
                threads: row.threads,
            }
        })
        .collect();
    let mut first = |order: fn(&Process, &Process) -> std::cmp::Ordering, wanted: fn(&Process) -> bool| -> Vec<Process> {
        processes.sort_by(order);
        processes.iter().filter(|process| wanted(process)).take(NAMED).cloned().collect()
    };
    TopProcesses {
        by_cpu: first(|left, right| right.cpu_percent.total_cmp(&left.cpu_percent).then(left.pid.cmp(&right.pid)), |_| true),
        by_memory: first(|left, right| right.memory_bytes.cmp(&left.memory_bytes).then(left.pid.cmp(&right.pid)), |process| process.memory_bytes > 0),
    }
}
