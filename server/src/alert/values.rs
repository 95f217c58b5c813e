//! What is known of a host at one beat, in the words of each kind of alert.

use super::state::Input;
use protocol::alert::{AlertKind, Watched};
use protocol::host::{HostId, HostStatus};
use protocol::metric::Metric;
use protocol::snapshot::{Mount, Snapshot};
use std::collections::HashMap;

/// Hours until file systems are full, by host and mount point; what does not fill up is not in it.
pub type Forecasts = HashMap<HostId, HashMap<String, f64>>;

/// Hours until a file system is full that does not fill up.
pub const NEVER_H: f64 = 1e6;

/// One host at one beat.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    pub id: HostId,
    pub status: HostStatus,
    /// `None` while the host is not live.
    pub snapshot: Option<&'a Snapshot>,
    /// How far its clock is from the centre's in milliseconds, whichever way; `None` where only the centre's clock tells.
    pub skew_ms: Option<f64>,
    pub cores: u32,
}

impl Look<'_> {
    /// The value of a kind that has one for each host, in its unit; `None`: it could not be read.
    pub fn value(&self, kind: AlertKind) -> Option<f64> {
        match (kind, kind.watched()) {
            (AlertKind::Load, _) => {
                let load = Metric::Load1.read(self.snapshot?)?;
                (self.cores > 0).then(|| load / f64::from(self.cores))
            }
            (_, Watched::Host(metric)) => metric.read(self.snapshot?),
            (AlertKind::ClockSkew, _) => self.skew_ms,
            (_, Watched::Mount | Watched::State | Watched::Made) => None,
        }
    }

    /// What a state of the host itself is.
    pub fn state(&self, kind: AlertKind) -> Input {
        let held = |so: bool| Input::Value(f64::from(u8::from(so)));
        match (kind, self.status) {
            (_, HostStatus::Initializing | HostStatus::Paused) => Input::Suppressed,
            (AlertKind::HostKey, status) => held(status == HostStatus::Blocked),
            // A blocked host is silent because the centre does not ask it.
            (_, HostStatus::Blocked) => Input::Suppressed,
            (AlertKind::Offline, status) => held(status == HostStatus::Offline),
            (_, HostStatus::Offline) => Input::Suppressed,
            (AlertKind::Degraded, status) => held(status == HostStatus::Degraded),
            _ => Input::Missing,
        }
    }

    /// File systems with their values for a kind.
    pub fn mounts<'a>(&'a self, kind: AlertKind, forecasts: Option<&'a Forecasts>) -> impl Iterator<Item = (&'a str, Option<f64>)> {
        let forecasts = forecasts.and_then(|known| known.get(&self.id));
        let mounts = self.snapshot.map(|snapshot| snapshot.mounts.as_slice()).unwrap_or_default();
        mounts.iter().map(move |mount: &Mount| {
            let value = match kind {
                AlertKind::Disk => mount.used_percent().map(f64::from),
                AlertKind::Inodes => mount.inodes_percent().map(f64::from),
                _ => Some(forecasts.and_then(|known| known.get(&mount.mount_point)).copied().unwrap_or(NEVER_H)),
            };
            (mount.mount_point.as_str(), value)
        })
    }
}
