//! Space of mounted file systems. A mount that hangs (NFS) blocks `statvfs` for ever, so it happens on threads of its own: one for local
//! and one for network file systems. A thread that hangs takes no new work; nothing is spawned in its place.

use super::files::read_text;
use probe::parse_mounts;
use protocol::snapshot::Mount;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A mount that has not answered for so long is a gap.
const FRESH: Duration = Duration::from_secs(10);
/// How long the first sample waits for the first answers.
const FIRST_WAIT: Duration = Duration::from_millis(50);
/// File systems behind a network.
const REMOTE: [&str; 13] =
    ["nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "beegfs", "fuse.sshfs", "fuse.glusterfs"];

type Places = Vec<(String, String, String)>;

#[derive(Default)]
struct Answers {
    mounts: Mutex<HashMap<String, (Instant, Mount)>>,
    looked: Condvar,
}

/// The mounts and what is known of their space.
pub struct Space {
    mountinfo: PathBuf,
    places: Places,
    answers: Arc<Answers>,
    workers: [SyncSender<Places>; 2],
    first: bool,
}

impl Space {
    /// Starts the two threads. They end when this is dropped.
    pub fn new(root: &Path) -> Self {
        let answers = Arc::<Answers>::default();
        let worker = || {
            let (work, incoming) = sync_channel(1);
            let (root, answers) = (root.to_owned(), answers.clone());
            std::thread::spawn(move || look(&root, &incoming, &answers));
            work
        };
        let workers = [worker(), worker()];
        // Of the first process, since below a mounted root one's own are the container's.
        Self { mountinfo: root.join("proc/1/mountinfo"), places: Vec::new(), answers, workers, first: true }
    }

    /// Space of all mounts that have answered lately, sorted by mount point. On `slow` beats a new look is asked for.
    pub fn read(&mut self, slow: bool) -> Vec<Mount> {
        if slow {
            let text = read_text(&self.mountinfo);
            let text = if text.is_empty() { read_text(&self.mountinfo.with_file_name("../self/mountinfo")) } else { text };
            self.places = parse_mounts(&text);
            let (remote, local) = self.places.iter().cloned().partition(|(_, _, file_system)| REMOTE.contains(&file_system.as_str()));
            for (worker, places) in self.workers.iter().zip([local, remote]) {
                // A full channel means that the thread still hangs in the last look.
                let _ = worker.try_send(places);
            }
        }
        let mut mounts = self.answers.mounts.lock().unwrap_or_else(PoisonError::into_inner);
        if std::mem::take(&mut self.first) && mounts.is_empty() {
            mounts = self.answers.looked.wait_timeout(mounts, FIRST_WAIT).unwrap_or_else(PoisonError::into_inner).0;
        }
        self.places
            .iter()
            .filter_map(|(point, _, _)| mounts.get(point))
            .filter(|(at, mount)| at.elapsed() < FRESH && mount.total_bytes > 0)
            .map(|(_, mount)| mount.clone())
            .collect()
    }
}

fn look(root: &Path, incoming: &Receiver<Places>, answers: &Answers) {
    while let Ok(places) = incoming.recv() {
        for (point, device, file_system) in places {
            let below = root.join(point.trim_start_matches('/'));
            let Ok(space) = rustix::fs::statvfs(&below) else { continue };
            let bytes = |blocks: u64| blocks.saturating_mul(space.f_frsize);
            let mount = Mount {
                mount_point: point.clone(),
                device,
                file_system,
                total_bytes: bytes(space.f_blocks),
                used_bytes: bytes(space.f_blocks.saturating_sub(space.f_bfree)),
                available_bytes: bytes(space.f_bavail),
                inodes_total: space.f_files,
                inodes_used: space.f_files.saturating_sub(space.f_ffree),
            };
            answers.mounts.lock().unwrap_or_else(PoisonError::into_inner).insert(point, (Instant::now(), mount));
        }
        answers.looked.notify_all();
    }
}
