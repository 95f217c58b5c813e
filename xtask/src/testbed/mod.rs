//! The test bed: hosts with a real init and a real sshd on this machine, in namespaces that no packet can leave.

mod cgroup;
mod host;
mod link;
mod names;
mod network;
mod rootfs;
mod sshd;

pub use host::supervise;
pub use link::{Link, change as change_link};
pub use names::{OPENRC_HOST, host_login, operator_login};
pub use rootfs::prepare_all as prepare_rootfs;
pub use sshd::{down as sshd_down, up as sshd_up};

use crate::process::{must_stop, succeeds};
use crate::step::step;
use anyhow::{Context, Result, bail};
use names::{MOST_HOSTS, folder};
use rootfs::Kind;
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
    /// Starts `count` hosts with systemd, and with `openrc` one with OpenRC, and waits until each greets over SSH.
    pub fn up(count: u8, openrc: bool) -> Result<Self> {
        fs::create_dir_all(folder())?;
        let alone = File::create(folder().join("lock")).context("cannot write to the test bed's folder")?;
        while let Err(busy) = alone.try_lock() {
            if must_stop() || matches!(busy, TryLockError::Error(_)) {
                bail!("the test bed is not free: {busy}");
            }
            eprintln!("    another run uses the test bed; waiting");
            thread::sleep(WAIT);
        }
        hosts_up(count, openrc)?;
        Ok(Self { _alone: alone })
    }
}

impl Drop for Systemd {
    fn drop(&mut self) {
        if let Err(error) = hosts_down() {
            eprintln!("the test bed is not down: {error:#}; try: cargo xtask testbed down");
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

/// Starts `count` hosts with systemd, and with `openrc` one with OpenRC. Whatever an earlier run left behind is taken down first.
pub fn hosts_up(count: u8, openrc: bool) -> Result<()> {
    if !is_possible() {
        bail!("the test bed needs root, systemd-nspawn, mmdebstrap, iproute2 and openssh (cargo xtask test installs them)");
    }
    if !(1..=MOST_HOSTS).contains(&count) {
        bail!("between 1 and {MOST_HOSTS} hosts");
    }
    rootfs::prepare(Kind::Systemd)?;
    if openrc {
        rootfs::prepare(Kind::OpenRc)?;
    }
    hosts_down()?;
    let numbers: Vec<(u8, Kind)> =
        (1..=count).map(|number| (number, Kind::Systemd)).chain(openrc.then_some((OPENRC_HOST, Kind::OpenRc))).collect();
    step(&format!("test bed: starting {} hosts with an init and an sshd of their own", numbers.len()), || {
        network::make_bridge()?;
        host::make_store()?;
        let started = numbers
            .iter()
            .try_for_each(|(number, kind)| host::start(*number, *kind))
            .and_then(|()| numbers.iter().try_for_each(|(number, _)| host::await_ssh(*number)));
        if started.is_err() {
            hosts_down()?;
        }
        started
    })?;
    for (number, _) in numbers {
        println!("    {}", host_login(number));
        println!("    {}", operator_login(number));
    }
    Ok(())
}

/// Takes all hosts down and removes every trace but the cached root file system. Nothing there is no error.
pub fn hosts_down() -> Result<()> {
    link::heal_all();
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
