//! Facts: read once, but for the host's name, which an administrator may change.

use probe::{FactTexts, read_facts};
use protocol::snapshot::Facts;
use std::fs;
use std::path::{Path, PathBuf};

/// Reads names and versions.
pub(super) struct FactReader {
    root: PathBuf,
    facts: Option<Facts>,
}

impl FactReader {
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), facts: None }
    }

    /// Reads everything at first, then only the host's name.
    pub(super) fn refresh(&mut self) {
        let host_name = self.host_name();
        match &mut self.facts {
            Some(facts) if host_name.is_empty() || facts.host_name.as_bytes() == host_name.trim_ascii() => {}
            Some(facts) => facts.host_name = String::from_utf8_lossy(host_name.trim_ascii()).into_owned(),
            None => self.facts = Some(self.read(&host_name)),
        }
    }

    /// The facts as they were read last.
    pub(super) fn latest(&self) -> Facts {
        self.facts.clone().unwrap_or_default()
    }

    fn text(&self, path: &str) -> Vec<u8> {
        fs::read(self.root.join(path)).unwrap_or_default()
    }

    fn first_of(&self, paths: &[&str]) -> Vec<u8> {
        paths.iter().map(|path| self.text(path)).find(|text| !text.trim_ascii().is_empty()).unwrap_or_default()
    }

    fn host_name(&self) -> Vec<u8> {
        if self.root == Path::new("/") {
            return self.first_of(&["proc/sys/kernel/hostname", "etc/hostname"]);
        }
        // In a container the kernel answers with the container's own name.
        self.first_of(&["etc/hostname", "proc/sys/kernel/hostname"])
    }

    fn read(&self, host_name: &[u8]) -> Facts {
        let system = rustix::system::uname();
        let facts = read_facts(&FactTexts {
            host_name,
            os_release: &self.first_of(&["etc/os-release", "usr/lib/os-release"]),
            kernel: &self.text("proc/sys/kernel/osrelease"),
            architecture: &system.machine().to_string_lossy(),
            cpuinfo: &self.text("proc/cpuinfo"),
            device_tree_model: &self.first_of(&["sys/firmware/devicetree/base/model", "proc/device-tree/model"]),
        });
        Facts { reader_version: crate::version().to_owned(), ..facts }
    }
}
