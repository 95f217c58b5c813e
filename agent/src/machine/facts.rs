//! What does not change while the machine runs.

use super::files::read_text;
use protocol::snapshot::Facts;
use std::path::Path;

/// Reads the facts of the machine below `root`.
pub fn read(root: &Path) -> Facts {
    let uname = rustix::system::uname();
    let text = |name: &str| read_text(&root.join(name));
    let or = |text: String, other: &std::ffi::CStr| if text.is_empty() { other.to_string_lossy().into_owned() } else { text };
    let os_release = [text("etc/os-release"), text("usr/lib/os-release")].into_iter().find(|text| !text.is_empty()).unwrap_or_default();
    let cpuinfo = text("proc/cpuinfo");
    let device_model = text("proc/device-tree/model");
    let cpu_model = match probe::cpu_model(&cpuinfo) {
        model if model.is_empty() || model.starts_with("ARM ") && !device_model.is_empty() => device_model.trim_end_matches('\0').to_owned(),
        model => model,
    };
    let cores = text("proc/stat").lines().filter(|line| line.starts_with("cpu") && !line.starts_with("cpu ")).count();
    Facts {
        host_name: or(text("proc/sys/kernel/hostname").trim().to_owned(), uname.nodename()),
        os: probe::os_name(&os_release),
        kernel: uname.release().to_string_lossy().into_owned(),
        architecture: uname.machine().to_string_lossy().into_owned(),
        cpu_model,
        cores: cores as u32,
        reader_version: env!("CARGO_PKG_VERSION").to_owned(),
        ..Facts::default()
    }
}
