//! Files of `/proc` that are read on every beat: opened once, read from their start into a kept buffer.

use probe::{Observation, Texts};
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// A text longer than this is not the kernel's.
const MAX_BYTES: usize = 4 * 1024 * 1024;

const FIRST_BUFFER_BYTES: usize = 2 * 1024;

/// One file. It is opened again after an error, because a device or a mount may come back.
pub(super) struct KeptFile {
    path: PathBuf,
    file: Option<File>,
    buffer: Vec<u8>,
}

impl KeptFile {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, file: None, buffer: Vec::new() }
    }

    /// The text as it is now; empty when it cannot be read.
    pub(super) fn read(&mut self) -> &[u8] {
        let length = self.try_read().unwrap_or_else(|_| {
            self.file = None;
            0
        });
        &self.buffer[..length]
    }

    fn try_read(&mut self) -> io::Result<usize> {
        let file = match &self.file {
            Some(file) => file,
            None => self.file.insert(File::open(&self.path)?),
        };
        let mut length = 0;
        loop {
            if length == self.buffer.len() {
                if length >= MAX_BYTES {
                    return Err(io::ErrorKind::FileTooLarge.into());
                }
                self.buffer.resize((length * 2).max(FIRST_BUFFER_BYTES), 0);
            }
            // Reading at offset 0 makes the kernel write the text anew.
            match file.read_at(&mut self.buffer[length..], length as u64) {
                Ok(0) => return Ok(length),
                Ok(read) => length += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// The files behind [`Texts`].
pub(super) struct TextFiles {
    stat: KeptFile,
    meminfo: KeptFile,
    loadavg: KeptFile,
    uptime: KeptFile,
    net_dev: KeptFile,
    sockstat: KeptFile,
    sockstat6: KeptFile,
    diskstats: KeptFile,
    pressure_cpu: KeptFile,
    pressure_memory: KeptFile,
    pressure_io: KeptFile,
}

impl TextFiles {
    pub(super) fn new(root: &Path) -> Self {
        let file = |name: &str| KeptFile::new(root.join("proc").join(name));
        Self {
            stat: file("stat"),
            meminfo: file("meminfo"),
            loadavg: file("loadavg"),
            uptime: file("uptime"),
            net_dev: file("net/dev"),
            sockstat: file("net/sockstat"),
            sockstat6: file("net/sockstat6"),
            diskstats: file("diskstats"),
            pressure_cpu: file("pressure/cpu"),
            pressure_memory: file("pressure/memory"),
            pressure_io: file("pressure/io"),
        }
    }

    /// Reads and parses all of them.
    pub(super) fn read(&mut self, now_ms: i64) -> Observation {
        let texts = Texts {
            stat: self.stat.read(),
            meminfo: self.meminfo.read(),
            loadavg: self.loadavg.read(),
            uptime: self.uptime.read(),
            net_dev: self.net_dev.read(),
            sockstat: self.sockstat.read(),
            sockstat6: self.sockstat6.read(),
            diskstats: self.diskstats.read(),
            pressure_cpu: self.pressure_cpu.read(),
            pressure_memory: self.pressure_memory.read(),
            pressure_io: self.pressure_io.read(),
        };
        Observation::parse(now_ms, &texts)
    }
}
