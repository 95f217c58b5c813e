//! `/proc/diskstats`: whole block devices.

use crate::rates::per_second;
use procfs_core::DiskStat;
use protocol::snapshot::Disk;

/// The kernel counts in sectors of this size, whatever the device's own is.
const SECTOR_BYTES: u64 = 512;

/// Devices that are memory, files, or media that come and go.
const EXCLUDED_PREFIXES: [&str; 7] = ["loop", "ram", "zram", "sr", "fd", "dm-", "nbd"];

/// Counters of one device since it appeared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DiskCounters {
    pub device: String,
    pub reads: u64,
    pub reads_merged: u64,
    pub read_bytes: u64,
    pub read_ms: u64,
    pub writes: u64,
    pub writes_merged: u64,
    pub written_bytes: u64,
    pub write_ms: u64,
    /// Requests in flight.
    pub in_progress: u64,
    /// Time with at least one request in flight.
    pub busy_ms: u64,
    /// Sum over the requests of the time that each was in flight.
    pub weighted_ms: u64,
}

/// Whole devices, sorted by name. Device-mapper volumes are left out: the device below has counted the same bytes.
pub(crate) fn parse_disks(text: &[u8]) -> Vec<DiskCounters> {
    let text = String::from_utf8_lossy(text);
    let stats: Vec<DiskStat> = text.lines().filter_map(|line| DiskStat::from_line(line).ok()).collect();
    only_whole(stats.iter().map(DiskCounters::from).collect())
}

/// Whole devices of all, sorted by name.
pub(crate) fn only_whole(all: Vec<DiskCounters>) -> Vec<DiskCounters> {
    let names: Vec<String> = all.iter().map(|disk| disk.device.clone()).collect();
    let is_whole = |disk: &DiskCounters| {
        let excluded = EXCLUDED_PREFIXES.iter().any(|prefix| disk.device.starts_with(prefix));
        !excluded && !names.iter().any(|parent| is_part_of(&disk.device, parent))
    };
    let mut disks: Vec<DiskCounters> = all.into_iter().filter(is_whole).collect();
    disks.sort_by(|left, right| left.device.cmp(&right.device));
    disks.dedup_by(|left, right| left.device == right.device);
    disks
}

/// Whether `name` is a partition of `parent`: sda1 of sda, nvme0n1p2 of nvme0n1, mmcblk0boot0 of mmcblk0. A name that only looks like
/// a partition (xvda1 without xvda, as some clouds have it) is a whole device.
fn is_part_of(name: &str, parent: &str) -> bool {
    let Some(rest) = name.strip_prefix(parent) else { return false };
    let number = if parent.ends_with(|last: char| last.is_ascii_digit()) {
        ["p", "boot", "rpmb"].iter().find_map(|infix| rest.strip_prefix(infix))
    } else {
        Some(rest).filter(|rest| !rest.is_empty())
    };
    number.is_some_and(|number| number.bytes().all(|digit| digit.is_ascii_digit()))
}

impl From<&DiskStat> for DiskCounters {
    fn from(stat: &DiskStat) -> Self {
        Self {
            device: stat.name.clone(),
            reads: stat.reads,
            reads_merged: stat.merged,
            read_bytes: stat.sectors_read.saturating_mul(SECTOR_BYTES),
            read_ms: stat.time_reading,
            writes: stat.writes,
            writes_merged: stat.writes_merged,
            written_bytes: stat.sectors_written.saturating_mul(SECTOR_BYTES),
            write_ms: stat.time_writing,
            in_progress: stat.in_progress,
            busy_ms: stat.time_in_progress,
            weighted_ms: stat.weighted_time_in_progress,
        }
    }
}

impl DiskCounters {
    /// Rates since `previous`, which are gaps when there is none.
    pub(crate) fn since(&self, previous: Option<&Self>, elapsed_s: f64) -> Disk {
        let rate = |counter: fn(&Self) -> u64| previous.and_then(|previous| per_second(counter(previous), counter(self), elapsed_s));
        Disk {
            device: self.device.clone(),
            read_bytes_per_s: rate(|disk| disk.read_bytes),
            write_bytes_per_s: rate(|disk| disk.written_bytes),
            reads_per_s: rate(|disk| disk.reads),
            writes_per_s: rate(|disk| disk.writes),
            // Milliseconds per second are tenths of a per cent; the kernel's own rounding may exceed the whole.
            busy_percent: rate(|disk| disk.busy_ms).map(|ms_per_s| (ms_per_s / 10.0).min(100.0) as f32),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        parse_disks(text.as_bytes()).into_iter().map(|disk| disk.device).collect()
    }

    fn line(name: &str) -> String {
        format!("   8       0 {name} 1 2 3 4 5 6 7 8 9 10 11\n")
    }

    #[test]
    fn only_whole_devices() {
        for (listed, expected) in [
            (&["sda", "sda1", "sda12", "sdb"][..], &["sda", "sdb"][..]),
            (&["nvme0n1", "nvme0n1p1", "nvme10n1", "nvme1n1"], &["nvme0n1", "nvme10n1", "nvme1n1"]),
            (&["mmcblk0", "mmcblk0p1", "mmcblk0boot0", "mmcblk0rpmb"], &["mmcblk0"]),
            (&["loop0", "ram1", "zram0", "sr0", "fd0", "dm-0", "vda", "vda1"], &["vda"]),
            (&["xvda1", "xvdb"], &["xvda1", "xvdb"]),
            (&["md0", "md0p1", "md127"], &["md0", "md127"]),
            (&["sda", "sdaa", "sdaa1"], &["sda", "sdaa"]),
            (&["vda", "vda"], &["vda"]),
        ] {
            assert_eq!(names(&listed.iter().map(|name| line(name)).collect::<String>()), expected, "{listed:?}");
        }
    }

    #[test]
    fn reads_texts_of_old_and_new_kernels_and_skips_garbage() {
        let text = " 254       0 vda 318753 23169 31161642 353041 73481 105883 33719224 181587 3 41580 540225 20037 54 4734712 4961 11477 634\n\
            garbage\n   8 0 sdz -1 2 3 4 5 6 7 8 9 10 11\n   8 0 sdy 1 2\n   8       0 sda 1 2 3 4 5 6 7 8 9 10 11\n";
        let disks = parse_disks(text.as_bytes());
        assert_eq!(names(text), ["sda", "vda"]);
        let vda = &disks[1];
        assert_eq!((vda.read_bytes, vda.written_bytes), (31_161_642 * 512, 33_719_224 * 512));
        assert_eq!((vda.in_progress, vda.busy_ms, vda.weighted_ms), (3, 41_580, 540_225));
        assert_eq!(parse_disks(b"\xff\x00\n"), []);
        assert_eq!(parse_disks(b""), []);
    }

    #[test]
    fn rates_and_their_gaps() {
        let counters = |bytes, busy_ms| DiskCounters { read_bytes: bytes, busy_ms, ..DiskCounters::default() };
        for (previous, now, read_bytes_per_s, busy_percent) in [
            (Some(counters(0, 0)), counters(500, 250), Some(1_000.0), Some(50.0)),
            (Some(counters(0, 0)), counters(0, 900), Some(0.0), Some(100.0)),
            (Some(counters(900, 9)), counters(100, 19), None, Some(2.0)),
            (None, counters(100, 19), None, None),
        ] {
            let disk = now.since(previous.as_ref(), 0.5);
            assert_eq!((disk.read_bytes_per_s, disk.busy_percent), (read_bytes_per_s, busy_percent));
        }
    }
}
