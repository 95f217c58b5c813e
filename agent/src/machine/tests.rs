//! A machine in a folder, and this machine.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use std::fs;

const STAT: &str = "ctxt 5\nbtime 1700000000\nprocesses 9\nprocs_running 1\nprocs_blocked 0\n";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("proc/sys/kernel/osrelease", "6.1.0-test\n");
        folder.write("etc/hostname", "box\n");
        folder.write("etc/os-release", "PRETTY_NAME=\"Test OS 1\"\n");
        folder.write("proc/cpuinfo", "processor : 0\nmodel name : Test CPU\n");
        folder.write("proc/meminfo", "MemTotal: 100 kB\nMemFree: 50 kB\nMemAvailable: 60 kB\n");
        folder.write("proc/1/mountinfo", "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n");
        folder.write("sys/class/hwmon/hwmon0/name", "coretemp\n");
        folder.write("sys/class/hwmon/hwmon0/temp1_input", "41000\n");
        folder.write("sys/class/hwmon/hwmon0/temp1_label", "Package id 0\n");
        folder.beat(0, 0, 0);
        folder
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Counters after `ticks` of work and idleness each, with `bytes` received.
    fn beat(&self, uptime_ms: u64, ticks: u64, bytes: u64) {
        self.write("proc/stat", &format!("cpu  {ticks} 0 0 {ticks} 0 0 0 0 0 0\ncpu0 {ticks} 0 0 {ticks} 0 0 0 0 0 0\n{STAT}"));
        self.write("proc/uptime", &format!("{:.2} 1.00\n", 1_000.0 + uptime_ms as f64 / 1e3));
        self.write("proc/net/dev", &format!("a\nb\n  eth0: {bytes} 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"));
        let tail = "S 1 2 3 0 -1 4194304 1 2 0 0";
        self.write("proc/1/stat", &format!("1 (init) {tail} {ticks} 0 0 0 20 0 4 0 12 1000 2500 1 1 1 0 0 0 0 0 4096 0 0 0 0 17 1\n"));
    }
}

#[test]
fn a_folder_is_a_machine() {
    let folder = Folder::new();
    let mut machine = Machine::new(folder.0.path());
    let first = machine.sample(10_000);
    assert_eq!((first.beat, first.cpu.is_none(), first.nics[0].in_bytes_per_s), (0, true, None));
    folder.beat(500, 25, 1_000);
    let second = machine.sample(10_500);
    assert_eq!(second.beat, 1);
    assert_eq!(second.cpu.as_ref().map(|cpu| cpu.total_percent), Some(50.0));
    assert_eq!(second.nics[0].in_bytes_per_s, Some(2_000.0));
    assert_eq!(second.process_count, Some(1));
    let top = second.processes.clone().unwrap();
    assert_eq!((top.by_cpu[0].name.as_str(), top.by_cpu[0].cpu_percent, top.by_cpu[0].threads), ("init", 50.0, 4));
    assert_eq!((second.temperatures[0].sensor.as_str(), second.temperatures[0].celsius), ("coretemp Package id 0", 41.0));
    assert_eq!((second.mounts.len(), second.mounts[0].mount_point.as_str()), (1, "/"), "the folder's own file system answers");
    let facts = second.facts.clone().unwrap();
    assert_eq!((facts.host_name.as_str(), facts.os.as_str(), facts.kernel.as_str()), ("box", "Test OS 1", "6.1.0-test"));
    assert_eq!((facts.cpu_model.as_str(), facts.cores, facts.memory_total), ("Test CPU", 1, 102_400));
    assert_eq!((facts.booted_at_ms, facts.reader_version.as_str()), (1_700_000_000_000, crate::VERSION));
    // A beat that reads no slow part is complete all the same.
    folder.beat(1_000, 50, 2_000);
    let third = machine.sample(11_000);
    assert_eq!((third.facts, third.processes, third.mounts), (second.facts, second.processes, second.mounts));
}

#[test]
fn what_disappears_is_a_gap_and_comes_back() {
    let folder = Folder::new();
    let mut machine = Machine::new(folder.0.path());
    machine.sample(10_000);
    fs::remove_file(folder.0.path().join("proc/meminfo")).unwrap();
    // The kept file still reads; a new reader finds none.
    assert_eq!(Machine::new(folder.0.path()).sample(10_000).memory, None);
    folder.write("sys/class/hwmon/hwmon0/temp1_input", "-200000\n");
    folder.beat(500, 25, 1_000);
    assert!(machine.sample(10_500).temperatures.is_empty());
}

#[test]
fn an_empty_folder_is_all_gaps() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = Machine::new(folder.path()).sample(5);
    let facts = snapshot.facts.clone().unwrap();
    assert_eq!(facts.reader_version, crate::VERSION);
    let shown = Snapshot { facts: None, ..snapshot };
    let nothing = Snapshot { protocol: protocol::PROTOCOL_VERSION, sampled_at_ms: 5, ..Snapshot::default() };
    // A folder without processes has none, which is known.
    assert_eq!(shown, nothing);
}

#[test]
fn this_machine_answers() {
    let mut machine = Machine::new(Path::new("/"));
    machine.sample(1_000);
    let snapshot = machine.sample(1_500);
    let facts = snapshot.facts.unwrap();
    for (name, text) in [("host", &facts.host_name), ("os", &facts.os), ("kernel", &facts.kernel), ("cpu", &facts.cpu_model)] {
        assert!(!text.is_empty(), "{name}");
    }
    assert!(facts.cores > 0 && facts.memory_total > 0 && facts.booted_at_ms > 0);
    assert!(snapshot.process_count.is_some_and(|count| count > 0));
    assert!(snapshot.memory.is_some_and(|memory| memory.used() > 0));
    assert!(snapshot.load.is_some() && snapshot.uptime_s.is_some());
    assert!(!snapshot.processes.unwrap().by_memory.is_empty());
}
