//! The files that are read on every beat.

use probe::Texts;
use std::path::{Path, PathBuf};

/// Paths, joined once.
pub struct Files {
    proc: PathBuf,
    block: PathBuf,
}

impl Files {
    /// Files below `root`.
    pub fn new(root: &Path) -> Self {
        Self { proc: root.join("proc"), block: root.join("sys/block") }
    }

    /// Reads all of them; one that cannot be read is empty.
    pub fn read(&self) -> Texts {
        let text = |name: &str| read_text(&self.proc.join(name));
        // Below a mounted root, `net` would be the container's own, so the first process is asked, if that is allowed.
        let firsts = text("1/net/dev");
        let (net_dev, net) = if firsts.is_empty() { (text("net/dev"), "net") } else { (firsts, "1/net") };
        Texts {
            stat: text("stat"),
            meminfo: text("meminfo"),
            loadavg: text("loadavg"),
            net_dev,
            diskstats: text("diskstats"),
            whole_disks: names(&self.block),
            uptime: text("uptime"),
            sockstat: text(&format!("{net}/sockstat")),
            sockstat6: text(&format!("{net}/sockstat6")),
            pressure_cpu: text("pressure/cpu"),
            pressure_memory: text("pressure/memory"),
            pressure_io: text("pressure/io"),
            temperatures: Vec::new(),
        }
    }
}

/// A file as text, with `\u{fffd}` for what is no UTF-8; empty if it cannot be read.
pub fn read_text(path: &Path) -> String {
    std::fs::read(path).map(|bytes| String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())).unwrap_or_default()
}

/// Names in a folder; none if it cannot be read.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}
