//! Mount tables of real machines.

use super::*;

fn points(text: &str) -> Vec<(String, String)> {
    parse_mounts(text.as_bytes()).into_iter().map(|entry| (entry.mount_point, entry.device)).collect()
}

fn expect(text: &str, expected: &[(&str, &str)]) {
    let expected: Vec<_> = expected.iter().map(|&(point, device)| (point.to_owned(), device.to_owned())).collect();
    assert_eq!(points(text), expected, "{text}");
}

#[test]
fn a_host_with_containers_snaps_and_network_file_systems() {
    expect(
        "22 27 0:21 / /proc rw,relatime - proc proc rw\n\
         24 27 0:6 / /dev rw,relatime - devtmpfs devtmpfs rw,size=12334460k\n\
         25 24 0:23 / /dev/shm rw,relatime shared:3 - tmpfs tmpfs rw\n\
         27 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw,discard\n\
         30 27 254:15 / /boot/efi rw,relatime shared:31 - vfat /dev/vda15 rw\n\
         31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n\
         33 27 7:1 / /snap/core/1 ro,nodev,relatime shared:9 - squashfs /dev/loop1 ro\n\
         40 27 0:39 / /var/lib/docker/overlay2/abc/merged rw - overlay overlay rw,lowerdir=/a,upperdir=/b\n\
         41 27 0:40 / /mnt/rootfs rw - overlay overlay rw,lowerdir=/a,upperdir=/b\n\
         42 27 0:41 / /tmp rw - tmpfs tmpfs rw\n\
         43 27 0:42 / /mnt/share rw,relatime shared:5 - nfs4 10.0.0.5:/export rw,vers=4.2\n\
         44 27 0:43 / /media/my\\040disk\\134x rw - ext4 /dev/sdb rw\n\
         46 27 254:1 /run/netns /run/netns rw,relatime shared:1 - ext4 /dev/vda1 rw\n\
         47 27 254:1 /srv/www /www rw,relatime shared:1 - ext4 /dev/vda1 rw\n",
        &[("/", "/dev/vda1"), ("/boot/efi", "/dev/vda15"), ("/media/my disk\\x", "/dev/sdb"), ("/mnt/share", "10.0.0.5:/export")],
    );
}

#[test]
fn a_container_counts_its_overlay_root_and_volumes() {
    expect(
        "640 503 0:60 / / rw,relatime master:1 - overlay overlay rw,lowerdir=/l\n\
         641 640 0:62 / /proc rw - proc proc rw\n\
         650 640 254:1 /docker/c/hosts /etc/hosts rw,relatime - ext4 /dev/vda1 rw\n\
         651 640 254:1 /docker/c/resolv.conf /etc/resolv.conf rw,relatime - ext4 /dev/vda1 rw\n\
         652 640 254:1 /docker/volumes/v/_data /data rw,relatime - ext4 /dev/vda1 rw\n",
        &[("/", "overlay"), ("/data", "/dev/vda1")],
    );
}

#[test]
fn each_device_counts_once_by_its_best_mount() {
    for (lines, expected) in [
        // Subvolumes of btrfs have numbers of their own but share their space.
        (
            &["1 0 0:30 /@ / rw - btrfs /dev/sda2 rw,subvol=/@", "2 1 0:31 /@home /home rw - btrfs /dev/sda2 rw,subvol=/@home"][..],
            &[("/", "/dev/sda2")][..],
        ),
        // ostree: the root is a part of its file system.
        (&["1 0 8:4 / /sysroot rw - xfs /dev/sda4 rw", "2 1 8:4 /ostree/deploy/x / rw - xfs /dev/sda4 rw"], &[("/", "/dev/sda4")]),
        // A bind mount with a shorter path is not the disk.
        (&["1 0 8:1 / /mnt/disk1 rw - ext4 /dev/sda1 rw", "2 1 8:1 /data /d rw - ext4 /dev/sda1 rw"], &[("/mnt/disk1", "/dev/sda1")]),
        // Two devices of one name, two data sets.
        (&["1 0 0:50 / /tank rw - zfs tank rw", "2 1 0:51 / /tank/a rw - zfs tank/a rw"], &[("/tank", "tank"), ("/tank/a", "tank/a")]),
        // Mounted over: the later one answers, whatever it is.
        (&["1 0 8:1 / /mnt rw - ext4 /dev/sda1 rw", "2 1 8:2 / /mnt rw - ext4 /dev/sdb1 rw"], &[("/mnt", "/dev/sdb1")]),
        (&["1 0 0:9 / /mnt rw - autofs systemd-1 rw", "2 1 0:8 / /mnt rw - nfs4 nas:/x rw"], &[("/mnt", "nas:/x")]),
        (&["1 0 8:1 / /mnt rw - ext4 /dev/sda1 rw", "2 1 0:8 / /mnt rw - tmpfs none rw"], &[]),
    ] {
        expect(&lines.join("\n"), expected);
    }
}

#[test]
fn garbage_is_skipped() {
    for text in ["", "\n", "1", "1 2 3 4 5 6 7 8", "a b 8:1 / / rw - ext4 x rw", "1 0 8:1 / / rw shared:x - ext4 x rw", "1 0 8:1 / / rw"] {
        expect(text, &[]);
    }
    assert_eq!(parse_mounts(b"\xff\xfe\n1 0 8:1 / /d\xff rw - ext4 x rw\n").len(), 1);
    for (escaped, plain) in [("a\\040b", "a b"), ("a\\", "a\\"), ("a\\04", "a\\04"), ("a\\999", "a\\999"), ("\\777é", "\\777é"), ("", "")]
    {
        assert_eq!(unescape(escaped), plain);
    }
}

#[test]
fn space_never_underflows() {
    let entry = MountEntry::default();
    let space = |blocks, blocks_free, blocks_available| Space {
        block_bytes: 4_096,
        blocks,
        blocks_free,
        blocks_available,
        inodes: 10,
        inodes_free: 20,
    };
    for (space, expected) in [
        (space(100, 40, 30), Some((100, 60, 30))),
        // A file system over its quota, or garbage.
        (space(100, 140, 900), Some((100, 0, 100))),
        (space(0, 0, 0), None),
    ] {
        let mount = entry.with(&space);
        assert_eq!(mount.as_ref().map(|m| (m.total_bytes / 4_096, m.used_bytes / 4_096, m.available_bytes / 4_096)), expected);
        assert!(mount.is_none_or(|mount| mount.inodes_used == 0));
    }
    let giant = Space { block_bytes: u64::MAX, blocks: u64::MAX, ..Space::default() };
    assert_eq!(entry.with(&giant).map(|mount| mount.total_bytes), Some(u64::MAX));
}
