//! Frames to snapshots, with what only some frames tell kept until the next one of its kind.

use super::Ask;
use super::frame::Frame;
use crate::facts::{FactTexts, read_facts};
use crate::mounts::{MountEntry, Space, parse_mounts};
use crate::observation::{Observation, Texts};
use crate::processes::{ProcessCounters, parse_process, top_processes};
use crate::sensors::{Sensor, SensorKind, parse_millidegrees, temperatures};
use crate::snapshot::advance;
use protocol::snapshot::{Facts, Snapshot, TopProcesses};
use std::collections::HashMap;
use std::sync::Arc;

/// More sensors than this are not shown.
const MAX_SENSORS: usize = 256;

/// The kernel's answers where the machine has no getconf: <https://man7.org/linux/man-pages/man7/time.7.html>.
const USUAL_TICKS_PER_S: u64 = 100;
const USUAL_PAGE_BYTES: u64 = 4_096;

/// By how much the estimate of the machine's clock may drift before it is made anew (it was suspended, or frames were late), in
/// milliseconds.
const CLOCK_DRIFT_MS: i64 = 400;

/// A machine that is read by the loop.
#[derive(Debug, Default)]
pub struct ShellMachine {
    previous: Option<Observation>,
    /// Centre's clock at the machine's start, as the first frame told. Frames take changing times on their way, the kernel's uptime
    /// does not, so rates are steady.
    booted_at_ms: Option<i64>,
    facts: Option<Facts>,
    /// Number of the shell itself: what it starts is there only because somebody looks.
    shell: Option<i32>,
    ticks_per_s: u64,
    page_bytes: u64,
    processes: Option<(f64, Vec<ProcessCounters>)>,
    process_count: Option<u32>,
    top: Option<TopProcesses>,
    mounts: Vec<MountEntry>,
    spaces: HashMap<String, Space>,
    sensors: Arc<[Sensor]>,
    frames: u64,
}

impl ShellMachine {
    /// Takes a frame in that was complete at `now_ms` (UTC, milliseconds, the centre's clock). `None` for the first one, which has no
    /// rates yet, and for one without the kernel's uptime.
    pub fn take(&mut self, frame: &Frame, asked: Ask, now_ms: i64) -> Option<Snapshot> {
        let mut observation = Observation::parse(0, &texts_of(frame));
        let uptime_ms = (observation.uptime_s? * 1_000.0) as i64;
        let booted_at_ms = match self.booted_at_ms {
            Some(booted) if (now_ms - uptime_ms - booted).abs() < CLOCK_DRIFT_MS => booted,
            _ => now_ms - uptime_ms,
        };
        self.booted_at_ms = Some(booted_at_ms);
        observation.at_ms = booted_at_ms + uptime_ms;
        if asked == Ask::Facts {
            self.take_facts(frame);
        }
        if asked >= Ask::Slow {
            self.take_slow(frame, observation.uptime_s.unwrap_or_default());
        }
        observation.sensors = self.sensors.clone();
        let previous = self.previous.replace(observation.clone());
        let mut snapshot = advance(Some(&previous?), &observation);
        snapshot.beat = self.frames;
        self.frames += 1;
        snapshot.mounts = self.mounts.iter().filter_map(|mount| mount.with(self.spaces.get(&mount.mount_point)?)).collect();
        snapshot.temperatures = temperatures(&observation.sensors);
        snapshot.process_count = self.process_count;
        snapshot.processes.clone_from(&self.top);
        snapshot.facts = self.facts.clone().map(|facts| Facts {
            memory_total: snapshot.memory.map_or(0, |memory| memory.total),
            booted_at_ms: observation.cpu.as_ref().map_or(0, |cpu| i64::try_from(cpu.booted_at_s).unwrap_or(0).saturating_mul(1_000)),
            ..facts
        });
        Some(snapshot)
    }

    /// Mount points whose space is to be asked for. A name with a line break cannot be asked for by lines, and is left out.
    pub fn mount_points(&self) -> impl Iterator<Item = &str> {
        self.mounts.iter().map(|mount| mount.mount_point.as_str()).filter(|point| !point.contains('\n'))
    }

    /// Takes the space of a mount point in; `None` makes it a gap.
    pub fn set_space(&mut self, mount_point: &str, space: Option<Space>) {
        match space {
            Some(space) => drop(self.spaces.insert(mount_point.to_owned(), space)),
            None => drop(self.spaces.remove(mount_point)),
        }
    }

    fn take_facts(&mut self, frame: &Frame) {
        let number = |name: &str, usual| line(frame.text(name)).parse().ok().filter(|&number| number > 0).unwrap_or(usual);
        self.ticks_per_s = number("@ticks", USUAL_TICKS_PER_S);
        self.page_bytes = number("@page", USUAL_PAGE_BYTES);
        self.shell = line(frame.text("@shell")).parse().ok();
        self.facts = Some(read_facts(&FactTexts {
            host_name: frame.text("/proc/sys/kernel/hostname"),
            os_release: frame.first_of(&["/etc/os-release", "/usr/lib/os-release"]),
            kernel: frame.text("/proc/sys/kernel/osrelease"),
            architecture: &line(frame.text("@machine")),
            cpuinfo: frame.text("/proc/cpuinfo"),
            device_tree_model: frame.text("@board"),
        }));
    }

    fn take_slow(&mut self, frame: &Frame, uptime_s: f64) {
        if let Some(facts) = &mut self.facts {
            facts.host_name = line(frame.text("/proc/sys/kernel/hostname"));
        }
        self.mounts = parse_mounts(frame.text("/proc/self/mountinfo"));
        self.spaces.retain(|point, _| self.mounts.iter().any(|mount| mount.mount_point == *point));
        self.sensors = sensors_of(frame);
        let stat =
            |(name, text): (&[u8], &[u8])| (name.first()?.is_ascii_digit() && name.ends_with(b"/stat")).then(|| parse_process(text))?;
        let mut processes: Vec<ProcessCounters> = frame.texts().filter_map(stat).collect();
        processes.retain(|process| self.shell != Some(process.parent));
        processes.sort_unstable_by_key(|process| process.pid);
        self.process_count = u32::try_from(processes.len()).ok().filter(|&count| count > 0);
        let (before_s, before) = self.processes.take().unzip();
        let elapsed_s = before_s.map(|before_s| uptime_s - before_s);
        let before = before.unwrap_or_default();
        self.top = self.process_count.map(|_| top_processes(&before, &processes, elapsed_s, self.ticks_per_s, self.page_bytes));
        self.processes = Some((uptime_s, processes));
    }
}

fn texts_of(frame: &Frame) -> Texts<'_> {
    Texts {
        stat: frame.text("/proc/stat"),
        meminfo: frame.text("/proc/meminfo"),
        loadavg: frame.text("/proc/loadavg"),
        uptime: frame.text("/proc/uptime"),
        net_dev: frame.text("/proc/net/dev"),
        sockstat: frame.text("/proc/net/sockstat"),
        sockstat6: frame.text("/proc/net/sockstat6"),
        diskstats: frame.text("/proc/diskstats"),
        pressure_cpu: frame.text("/proc/pressure/cpu"),
        pressure_memory: frame.text("/proc/pressure/memory"),
        pressure_io: frame.text("/proc/pressure/io"),
    }
}

fn sensors_of(frame: &Frame) -> Arc<[Sensor]> {
    const HWMON: &str = "/sys/class/hwmon/";
    const THERMAL: &str = "/sys/class/thermal/thermal_zone";
    let mut found: Vec<(String, Sensor)> = Vec::new();
    for (name, text) in frame.texts() {
        let Ok(path) = std::str::from_utf8(name) else { continue };
        let sensor = if let Some((folder, sensor)) = path.strip_prefix(HWMON).and_then(|rest| rest.strip_suffix("_input")?.split_once('/'))
        {
            let said = line(frame.text(&format!("{HWMON}{folder}/name")));
            let label = line(frame.text(&format!("{HWMON}{folder}/{sensor}_label")));
            let named = |said: String, usual: &str| if said.is_empty() { usual.to_owned() } else { said };
            (SensorKind::Hwmon, named(said, folder), named(label, sensor))
        } else if let Some(zone) = path.strip_prefix(THERMAL).and_then(|rest| rest.strip_suffix("/temp")) {
            let said = line(frame.text(&format!("{THERMAL}{zone}/type")));
            (SensorKind::ThermalZone, if said.is_empty() { format!("zone {zone}") } else { said }, zone.to_owned())
        } else {
            continue;
        };
        let (kind, chip, label) = sensor;
        if let Some(celsius) = parse_millidegrees(text) {
            found.push((path.to_owned(), Sensor { kind, chip, label, celsius }));
        }
    }
    // Shorter first, so that temp10 comes after temp2.
    found.sort_by(|(left, _), (right, _)| left.len().cmp(&right.len()).then_with(|| left.cmp(right)));
    found.into_iter().map(|(_, sensor)| sensor).take(MAX_SENSORS).collect()
}

fn line(text: &[u8]) -> String {
    String::from_utf8_lossy(text).trim().to_owned()
}

#[cfg(test)]
mod tests;
