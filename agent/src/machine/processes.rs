//! All processes, at a slower beat than the rest: a busy machine has thousands.

use super::files::read_text;
use probe::{ProcessRow, ProcessTimes, parse_process, top_processes};
use protocol::snapshot::TopProcesses;
use std::path::{Path, PathBuf};

/// The last look.
pub struct Processes {
    proc: PathBuf,
    page_bytes: u64,
    before: ProcessTimes,
    looked_at_ms: i64,
    count: Option<u32>,
    top: Option<TopProcesses>,
}

impl Processes {
    /// Processes below `root`; none looked at yet.
    pub fn new(root: &Path) -> Self {
        let page_bytes = rustix::param::page_size() as u64;
        Self { proc: root.join("proc"), page_bytes, before: ProcessTimes::new(), looked_at_ms: 0, count: None, top: None }
    }

    /// Looks at all processes. Reads only `stat`, never a command line: that may hold secrets.
    pub fn look(&mut self, now_ms: i64) {
        let Ok(entries) = std::fs::read_dir(&self.proc) else { return };
        let rows: Vec<ProcessRow> = entries
            .flatten()
            .filter(|entry| entry.file_name().as_encoded_bytes().first().is_some_and(u8::is_ascii_digit))
            .filter_map(|entry| parse_process(&read_text(&entry.path().join("stat"))))
            .collect();
        let elapsed_s = (now_ms - self.looked_at_ms) as f64 / 1e3;
        self.top = Some(top_processes(&rows, &self.before, elapsed_s, self.page_bytes));
        self.count = u32::try_from(rows.len()).ok();
        self.before = rows.iter().map(|row| ((row.pid, row.started), row.ticks)).collect();
        self.looked_at_ms = now_ms;
    }

    /// How many there were.
    pub fn count(&self) -> Option<u32> {
        self.count
    }

    /// The greediest.
    pub fn top(&self) -> Option<TopProcesses> {
        self.top.clone()
    }
}
