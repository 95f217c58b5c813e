//! Programs of the operating system that the tests need, from Debian's packages.

use crate::process::{run_quietly, succeeds};
use crate::step::{step, warn};
use crate::testbed::is_root;
use anyhow::Result;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

/// A file that shows that a package is there, and the package.
const WANTED: [(&str, &str); 15] = [
    ("/usr/bin/chromium", "chromium"),
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "fonts-noto-cjk"),
    ("/usr/sbin/sshd", "openssh-server"),
    ("/usr/bin/ssh-keygen", "openssh-client"),
    ("/usr/bin/systemd-nspawn", "systemd-container"),
    ("/usr/bin/mmdebstrap", "mmdebstrap"),
    ("/usr/sbin/ip", "iproute2"),
    ("/usr/sbin/iptables", "iptables"),
    ("/usr/bin/prometheus", "prometheus"),
    ("/usr/bin/prometheus-node-exporter", "prometheus-node-exporter"),
    ("/usr/bin/sudo", "sudo"),
    ("/usr/share/python-wheels", "python3-venv"),
    ("/usr/bin/busybox", "busybox"),
    ("/usr/bin/aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu"),
    ("/usr/aarch64-linux-gnu/include/string.h", "libc6-dev-arm64-cross"),
];

/// apt asks this script whether it may start a service that it installs.
const SERVICE_POLICY: &str = "/usr/sbin/policy-rc.d";

/// Installs what is missing; where that cannot be, says what the tests will do without.
pub fn install_missing() -> Result<()> {
    let missing: Vec<&str> = WANTED.iter().filter(|(file, _)| !Path::new(file).exists()).map(|(_, package)| *package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !is_root() || !succeeds(Command::new("apt-get").arg("--version")) {
        warn(&format!(
            "These programs are missing, and only root on a Debian-like system can install them here: {}.\nTests that need them are skipped. As root: apt-get install {}",
            missing.join(", "),
            missing.join(" ")
        ));
        return Ok(());
    }
    step(&format!("installing {}", missing.join(", ")), || {
        let held = hold_services()?;
        let installed =
            apt(&["update", "-q"]).and_then(|()| apt(&[&["install", "-q", "-y", "--no-install-recommends"], missing.as_slice()].concat()));
        if held {
            fs::remove_file(SERVICE_POLICY)?;
        }
        installed
    })
}

/// Keeps new services from starting: an exporter on :9100 or an sshd is nothing that a test run should leave behind.
fn hold_services() -> Result<bool> {
    let policy = Path::new(SERVICE_POLICY);
    if policy.exists() {
        return Ok(false);
    }
    fs::write(policy, "#!/bin/sh\nexit 101\n")?;
    fs::set_permissions(policy, Permissions::from_mode(0o755))?;
    Ok(true)
}

fn apt(arguments: &[&str]) -> Result<()> {
    run_quietly(Command::new("apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
}
