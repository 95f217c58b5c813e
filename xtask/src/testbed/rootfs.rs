//! The root file system of the hosts: a small Debian, made once and kept.

use super::names::folder;
use crate::process::run_quietly;
use crate::step::step;
use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

const PACKAGES: &str = "systemd,systemd-sysv,dbus,openssh-server,sudo,iproute2,procps,libpam-systemd";

/// Where it lies.
pub fn path() -> PathBuf {
    folder().join("rootfs-systemd")
}

/// Makes it if it is not there (about 100 s). Built under another name, so that half of it is never taken for the whole.
pub fn prepare() -> Result<()> {
    let place = path();
    if place.join("usr/sbin/sshd").is_file() {
        return Ok(());
    }
    let half = place.with_extension("new");
    step("test bed: root file system (Debian with systemd, once, about 100 s)", || {
        fs::create_dir_all(folder())?;
        if half.exists() {
            fs::remove_dir_all(&half).with_context(|| format!("cannot remove {}", half.display()))?;
        }
        let mut debootstrap = Command::new("mmdebstrap");
        debootstrap.args(["--quiet", "--variant=minbase", &format!("--include={PACKAGES}")]);
        for unread in ["man", "locale", "doc"] {
            debootstrap.arg(format!("--dpkgopt=path-exclude=/usr/share/{unread}/*"));
        }
        run_quietly(debootstrap.arg("bookworm").arg(&half))?;
        fs::rename(&half, &place).with_context(|| format!("cannot put {} in its place", half.display()))
    })
}
