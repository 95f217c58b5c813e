//! `/proc/[pid]/mountinfo`: the file systems whose space is of interest, each once.

use procfs_core::process::MountInfo;
use protocol::snapshot::Mount;
use std::collections::HashMap;

/// File systems without space of their own, or read-only images that are always full.
const PSEUDO: [&str; 34] = [
    "autofs",
    "binfmt_misc",
    "bpf",
    "cgroup",
    "cgroup2",
    "configfs",
    "debugfs",
    "devpts",
    "devtmpfs",
    "efivarfs",
    "erofs",
    "fusectl",
    "hugetlbfs",
    "iso9660",
    "mqueue",
    "nsfs",
    "nfsd",
    "proc",
    "procfs",
    "pstore",
    "ramfs",
    "rootfs",
    "rpc_pipefs",
    "securityfs",
    "selinuxfs",
    "smackfs",
    "squashfs",
    "sysfs",
    "tmpfs",
    "tracefs",
    "fuse.lxcfs",
    "fuse.portal",
    "fuse.gvfsd-fuse",
    "fuse.snapfuse",
];

/// Below these lie the kernel's own trees and the layers of containers.
const EXCLUDED_TREES: [&str; 8] =
    ["/dev", "/proc", "/sys", "/run/credentials", "/run/user", "/var/lib/docker", "/var/lib/containers/storage", "/var/lib/kubelet/pods"];

/// Files that a container runtime binds into a container.
const CONTAINER_FILES: [&str; 3] = ["/etc/hosts", "/etc/hostname", "/etc/resolv.conf"];

/// One mounted file system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MountEntry {
    pub mount_point: String,
    pub device: String,
    pub file_system: String,
}

/// Space of a file system, as `statvfs` says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Space {
    pub block_bytes: u64,
    pub blocks: u64,
    pub blocks_free: u64,
    /// Free to unprivileged users.
    pub blocks_available: u64,
    pub inodes: u64,
    pub inodes_free: u64,
}

/// Real file systems, sorted by mount point; of several mounts of one device the best (`/`, else a whole one, else the shortest path).
pub fn parse_mounts(text: &[u8]) -> Vec<MountEntry> {
    let text = String::from_utf8_lossy(text);
    let mut best: HashMap<String, (Rank, MountEntry)> = HashMap::new();
    let infos = text.lines().filter_map(|line| MountInfo::from_line(line).ok());
    let infos: Vec<(String, MountInfo)> = infos.map(|info| (unescape(&info.mount_point.to_string_lossy()), info)).collect();
    // A later mount on the same place hides the earlier one.
    let visible: HashMap<&str, i32> = infos.iter().map(|(mount_point, info)| (mount_point.as_str(), info.mnt_id)).collect();
    for (mount_point, info) in &infos {
        if visible.get(mount_point.as_str()) != Some(&info.mnt_id) || !is_real(info, mount_point) {
            continue;
        }
        let source = info.mount_source.as_deref().map_or_else(|| info.fs_type.clone(), unescape);
        // Subvolumes have a device number each, but one device below them and one space.
        let device = if info.fs_type == "btrfs" { source.clone() } else { info.majmin.clone() };
        let rank = (mount_point != "/", info.root != "/", mount_point.len());
        let entry = MountEntry { mount_point: mount_point.clone(), device: source, file_system: info.fs_type.clone() };
        match best.get_mut(&device) {
            Some(known) if known.0 <= rank => {}
            Some(known) => *known = (rank, entry),
            None => drop(best.insert(device, (rank, entry))),
        }
    }
    let mut mounts: Vec<MountEntry> = best.into_values().map(|(_, entry)| entry).collect();
    mounts.sort_by(|left, right| left.mount_point.cmp(&right.mount_point));
    mounts
}

/// Smaller is better: not the root, only a part of its file system, length of the path.
type Rank = (bool, bool, usize);

fn is_real(info: &MountInfo, mount_point: &str) -> bool {
    let runtime_file = info.root != "/" && CONTAINER_FILES.contains(&mount_point);
    !runtime_file && !is_pseudo(&info.fs_type, mount_point)
}

/// Whether a mount has no space of its own, by its file system and place.
pub(crate) fn is_pseudo(file_system: &str, mount_point: &str) -> bool {
    let below = |tree: &str| mount_point.strip_prefix(tree).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    // The overlay of a container's own root is its disk; on a host, overlays are containers.
    let layer = file_system == "overlay" && mount_point != "/";
    layer || PSEUDO.contains(&file_system) || EXCLUDED_TREES.iter().any(|tree| below(tree))
}

/// The kernel writes blanks, line ends and backslashes as three octal digits.
fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let octal = tail.get(..3).filter(|_| first == b'\\').and_then(|digits| std::str::from_utf8(digits).ok());
        match octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[3..];
            }
            None => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

impl MountEntry {
    /// The entry with its space; `None` for a file system without any.
    pub fn with(&self, space: &Space) -> Option<Mount> {
        let bytes = |blocks: u64| blocks.saturating_mul(space.block_bytes);
        let total_bytes = bytes(space.blocks);
        (total_bytes > 0).then(|| Mount {
            mount_point: self.mount_point.clone(),
            device: self.device.clone(),
            file_system: self.file_system.clone(),
            total_bytes,
            used_bytes: bytes(space.blocks.saturating_sub(space.blocks_free)),
            available_bytes: bytes(space.blocks_available.min(space.blocks)),
            inodes_total: space.inodes,
            inodes_used: space.inodes.saturating_sub(space.inodes_free),
        })
    }
}

#[cfg(test)]
mod tests;
