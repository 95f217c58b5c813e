//! All processes: how many, and the greediest.

use probe::{ProcessCounters, parse_process, top_processes};
use protocol::snapshot::TopProcesses;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// A line of `/proc/[pid]/stat` has about 300 bytes; the name in it at most 64.
const STAT_BYTES: usize = 2 * 1024;

/// When a list was read: UTC in milliseconds, and the kernel's uptime, which no one can set.
type ReadAt = (i64, Option<f64>);

/// Reads `/proc/[pid]/stat` of all processes and nothing else of them.
pub(super) struct ProcessReader {
    proc: PathBuf,
    ticks_per_s: u64,
    page_bytes: u64,
    processes: Vec<ProcessCounters>,
    read_at: Option<ReadAt>,
    count: Option<u32>,
    top: Option<TopProcesses>,
}

impl ProcessReader {
    pub(super) fn new(root: &Path) -> Self {
        Self {
            proc: root.join("proc"),
            ticks_per_s: rustix::param::clock_ticks_per_second(),
            page_bytes: rustix::param::page_size() as u64,
            processes: Vec::new(),
            read_at: None,
            count: None,
            top: None,
        }
    }

    /// Reads all processes now.
    pub(super) fn read(&mut self, now_ms: i64, uptime_s: Option<f64>) {
        let Some(processes) = self.list() else {
            (self.count, self.top, self.read_at) = (None, None, None);
            return;
        };
        let elapsed_s = self.read_at.map(|(then_ms, then_s)| match uptime_s.zip(then_s) {
            Some((now, then)) => now - then,
            None => now_ms.saturating_sub(then_ms) as f64 / 1_000.0,
        });
        self.top = Some(top_processes(&self.processes, &processes, elapsed_s, self.ticks_per_s, self.page_bytes));
        self.count = u32::try_from(processes.len()).ok();
        self.processes = processes;
        self.read_at = Some((now_ms, uptime_s));
    }

    /// Number of processes.
    pub(super) fn count(&self) -> Option<u32> {
        self.count
    }

    /// The greediest.
    pub(super) fn top(&self) -> Option<TopProcesses> {
        self.top.clone()
    }

    /// All processes sorted by number; `None` when `/proc` cannot be listed.
    fn list(&self) -> Option<Vec<ProcessCounters>> {
        let mut text = [0; STAT_BYTES];
        let mut processes = Vec::with_capacity(self.processes.len() + 16);
        for entry in fs::read_dir(&self.proc).ok()?.flatten() {
            let name = entry.file_name();
            if !name.as_encoded_bytes().first().is_some_and(u8::is_ascii_digit) {
                continue;
            }
            let mut path = self.proc.join(name);
            path.push("stat");
            // A process that has ended meanwhile is no error.
            let read = File::open(path).and_then(|mut file| file.read(&mut text));
            processes.extend(read.ok().and_then(|length| parse_process(&text[..length])));
        }
        processes.sort_unstable_by_key(|process| process.pid);
        Some(processes)
    }
}
