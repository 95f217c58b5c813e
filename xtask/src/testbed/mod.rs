//! The test bed: hosts with a real systemd and a real sshd on this machine, in namespaces that no packet can leave.

mod cgroup;
mod host;
mod names;
mod network;
mod rootfs;
mod sshd;

pub use host::supervise;
pub use names::{host_login, operator_login};
pub use rootfs::prepare as prepare_rootfs;
pub use sshd::{down as sshd_down, up as sshd_up};

use crate::process::{must_stop, succeeds};
use crate::step::step;
use anyhow::{Context, Result, bail};
use names::{MOST_HOSTS, folder};
use std::fs::{self, File, TryLockError};
use std::process::Command;
use std::thread;
use std::time::Duration;

/// How often a run that waits for another one looks again.
const WAIT: Duration = Duration::from_secs(10);

/// Hosts that are taken down when this goes out of scope, also after a failure. One run at a time has them.
pub struct Systemd {
    /// Locked; the lock ends with the file, after the hosts.
    _alone: File,
}

impl Systemd {
    /// Starts `count` hosts and waits until each greets over SSH.
    pub fn up(count: u8) -> Result<Self> {
        fs::create_dir_all(folder())?;
        let alone = File::create(folder().join("lock")).context("cannot write to the test bed's folder")?;
        while let Err(busy) = alone.try_lock() {
            if must_stop() || matches!(busy, TryLockError::Error(_)) {
                bail!("the test bed is not free: {busy}");
            }
            eprintln!("    another run uses the test bed; waiting");
            thread::sleep(WAIT);
        }
        systemd_up(count)?;
        Ok(Self { _alone: alone })
    }
}

impl Drop for Systemd {
    fn drop(&mut self) {
        if let Err(error) = systemd_down() {
            eprintln!("the test bed is not down: {error:#}; try: cargo xtask testbed systemd down");
        }
    }
}

/// Whether this machine lets us make hosts.
pub fn is_possible() -> bool {
    is_root() && ["systemd-nspawn", "mmdebstrap", "ip", "ssh-keygen"].iter().all(|tool| is_there(tool))
}

/// Whether we are root.
pub fn is_root() -> bool {
    crate::process::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn is_there(tool: &str) -> bool {
    succeeds(Command::new("sh").args(["-c", "command -v \"$0\"", tool]))
}

/// Starts `count` hosts. Whatever an earlier run left behind is taken down first.
pub fn systemd_up(count: u8) -> Result<()> {
    if !is_possible() {
        bail!("the test bed needs root, systemd-nspawn, mmdebstrap, iproute2 and openssh (cargo xtask test installs them)");
    }
    if !(1..=MOST_HOSTS).contains(&count) {
        bail!("between 1 and {MOST_HOSTS} hosts");
    }
    rootfs::prepare()?;
    systemd_down()?;
    step(&format!("test bed: starting {count} hosts with systemd and sshd"), || {
        network::make_bridge()?;
        host::make_store()?;
        let started = (1..=count).try_for_each(host::start).and_then(|()| (1..=count).try_for_each(host::await_ssh));
        if started.is_err() {
            systemd_down()?;
        }
        started
    })?;
    for number in 1..=count {
        println!("    {}", host_login(number));
        println!("    {}", operator_login(number));
    }
    Ok(())
}

/// Takes all hosts down and removes every trace but the cached root file system. Nothing there is no error.
pub fn systemd_down() -> Result<()> {
    let hosts = host::known()?;
    if !hosts.is_empty() {
        step("test bed: taking it down", || {
            hosts.iter().for_each(|name| host::ask_to_stop(name));
            hosts.iter().for_each(|name| host::remove(name));
            Ok(())
        })?;
    }
    host::remove_store();
    network::remove_bridge();
    Ok(())
}
