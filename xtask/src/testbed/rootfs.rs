//! Root file systems of the hosts: small Debians, made once and kept.

use super::names::folder;
use crate::process::run_quietly;
use crate::step::step;
use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// What starts services on a host.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Systemd,
    OpenRc,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Systemd => "systemd",
            Self::OpenRc => "openrc",
        }
    }

    fn packages(self) -> &'static str {
        match self {
            Self::Systemd => "systemd,systemd-sysv,dbus,openssh-server,sudo,iproute2,procps,libpam-systemd",
            Self::OpenRc => "sysvinit-core,openrc,openssh-server,sudo,iproute2,procps,cron",
        }
    }

    /// Where it lies.
    pub fn path(self) -> PathBuf {
        folder().join(format!("rootfs-{}", self.name()))
    }
}

/// Makes both if they are not there.
pub fn prepare_all() -> Result<()> {
    prepare(Kind::Systemd)?;
    prepare(Kind::OpenRc)
}

/// Makes one if it is not there (about 100 s). Built under another name, so that half of it is never taken for the whole.
pub fn prepare(kind: Kind) -> Result<()> {
    let place = kind.path();
    if place.join("usr/sbin/sshd").is_file() {
        return Ok(());
    }
    let half = place.with_extension("new");
    step(&format!("test bed: root file system (Debian with {}, once, about 100 s)", kind.name()), || {
        fs::create_dir_all(folder())?;
        if half.exists() {
            fs::remove_dir_all(&half).with_context(|| format!("cannot remove {}", half.display()))?;
        }
        let mut debootstrap = Command::new("mmdebstrap");
        debootstrap.args(["--quiet", "--variant=minbase", &format!("--include={}", kind.packages())]);
        for unread in ["man", "locale", "doc"] {
            debootstrap.arg(format!("--dpkgopt=path-exclude=/usr/share/{unread}/*"));
        }
        run_quietly(debootstrap.arg("bookworm").arg(&half))?;
        fs::rename(&half, &place).with_context(|| format!("cannot put {} in its place", half.display()))
    })
}
