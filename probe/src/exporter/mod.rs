//! A machine read through a node_exporter that was there already: <https://github.com/prometheus/node_exporter>.

mod series;
#[cfg(test)]
mod tests;

use crate::cpu::{CpuCounters, Jiffies};
use crate::disks::{DiskCounters, only_whole};
use crate::mounts::is_pseudo;
use crate::network::NicCounters;
use crate::observation::{LoadInfo, Observation};
use crate::pressure::{PressureCounters, PressureInfo, Stall};
use crate::sensors::{Sensor, SensorKind, temperatures};
use crate::snapshot::{advance, elapsed_s};
use protocol::snapshot::{Facts, Mount, Snapshot};
use series::{Series, series_of};
use std::collections::BTreeMap;

/// Why a text is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExporterError {
    #[error("what answers is no node_exporter")]
    NotNodeExporter,
    #[error("what answers is an agent of Tactus, not a node_exporter")]
    OurAgent,
}

/// A machine that is read through its node_exporter.
#[derive(Debug, Default)]
pub struct ExporterMachine {
    previous: Option<Observation>,
    taken: u64,
}

/// What one text says.
#[derive(Debug, Default)]
struct Scrape {
    observation: Observation,
    boot_s: Option<f64>,
    mounts: BTreeMap<String, Mount>,
    facts: Facts,
    is_node_exporter: bool,
    chips: BTreeMap<String, String>,
    labels: BTreeMap<(String, String), String>,
}

impl ExporterMachine {
    /// Takes the answer of `/metrics` in. `None` for the first one, which has no rates yet. The time is the exporter's own
    /// (`node_time_seconds`), because the way of the answer varies; without it, it is `now_ms` (UTC, milliseconds).
    ///
    /// # Errors
    /// [`ExporterError`] when something else answers.
    pub fn take(&mut self, text: &[u8], now_ms: i64) -> Result<Option<Snapshot>, ExporterError> {
        let text = String::from_utf8_lossy(text);
        let mut scrape = Scrape { observation: Observation { at_ms: now_ms, ..Observation::default() }, ..Scrape::default() };
        for series in series_of(&text) {
            if series.name == "tactus_agent_info" {
                return Err(ExporterError::OurAgent);
            }
            scrape.take(&series);
        }
        if scrape.observation.cpu.is_none() || !scrape.is_node_exporter {
            return Err(ExporterError::NotNodeExporter);
        }
        scrape.finish();
        let Scrape { observation, boot_s, mounts, facts, .. } = scrape;
        let previous = self.previous.replace(observation.clone());
        let Some(previous) = previous else { return Ok(None) };
        let mut snapshot = advance(Some(&previous), &observation);
        snapshot.beat = self.taken;
        self.taken += 1;
        snapshot.pressure = stalled_since(&previous, &observation).pressure();
        snapshot.uptime_s = boot_s.map(|boot| (observation.at_ms as f64 / 1_000.0 - boot).max(0.0) as u64);
        snapshot.mounts = mounts.into_values().filter(|mount| mount.total_bytes > 0).collect();
        snapshot.temperatures = temperatures(&observation.sensors);
        snapshot.facts = Some(Facts {
            memory_total: snapshot.memory.map_or(0, |memory| memory.total),
            booted_at_ms: boot_s.map_or(0, |boot| (boot * 1_000.0) as i64),
            ..facts
        });
        Ok(Some(snapshot))
    }
}

impl Scrape {
    fn take(&mut self, series: &Series<'_>) {
        let Some(name) = series.name.strip_prefix("node_") else { return };
        let (value, count) = (series.value, series.value.max(0.0) as u64);
        let at = &mut self.observation;
        match name {
            "exporter_build_info" => {
                self.is_node_exporter = true;
                self.facts.reader_version = format!("node_exporter {}", series.label("version"));
            }
            "time_seconds" => at.at_ms = (value * 1_000.0) as i64,
            "boot_time_seconds" => self.boot_s = Some(value),
            "load1" => at.load.get_or_insert(NO_LOAD).one = value as f32,
            "load5" => at.load.get_or_insert(NO_LOAD).five = value as f32,
            "load15" => at.load.get_or_insert(NO_LOAD).fifteen = value as f32,
            "cpu_seconds_total" => take_cpu(at.cpu.get_or_insert_default(), series),
            "context_switches_total" => at.cpu.get_or_insert_default().context_switches = count,
            "forks_total" => at.cpu.get_or_insert_default().forks = count,
            "procs_running" => at.cpu.get_or_insert_default().running = u32::try_from(count).ok(),
            "procs_blocked" => at.cpu.get_or_insert_default().blocked = u32::try_from(count).ok(),
            "uname_info" => {
                series.label("nodename").clone_into(&mut self.facts.host_name);
                series.label("release").clone_into(&mut self.facts.kernel);
                series.label("machine").clone_into(&mut self.facts.architecture);
            }
            "os_info" => series.label("pretty_name").clone_into(&mut self.facts.os),
            "cpu_info" => series.label("model_name").clone_into(&mut self.facts.cpu_model),
            "hwmon_chip_names" => drop(self.chips.insert(series.label("chip").to_owned(), series.label("chip_name").to_owned())),
            "hwmon_sensor_label" => {
                let place = (series.label("chip").to_owned(), series.label("sensor").to_owned());
                self.labels.insert(place, series.label("label").to_owned());
            }
            _ => self.take_device(name, series, count),
        }
    }

    fn take_device(&mut self, name: &str, series: &Series<'_>, count: u64) {
        let at = &mut self.observation;
        if let Some(line) = name.strip_prefix("memory_") {
            let line = line.strip_suffix("_bytes").unwrap_or(line);
            at.memory.get_or_insert_default().lines.push((line.to_owned(), count));
        } else if let Some(figure) = name.strip_prefix("sockstat_") {
            if let Some((protocol, figure)) = figure.split_once('_') {
                at.sockets.figures.push((protocol.to_owned(), figure.to_owned(), count));
            }
        } else if let Some(counter) = name.strip_prefix("disk_") {
            take_disk(&mut at.disks, counter, series);
        } else if let Some(counter) = name.strip_prefix("network_") {
            take_nic(&mut at.nics, counter, series);
        } else if let Some(figure) = name.strip_prefix("filesystem_") {
            take_mount(&mut self.mounts, figure, series, count);
        } else if let Some(counter) = name.strip_prefix("pressure_") {
            take_pressure(&mut at.pressure, counter, series.value);
        } else if name == "hwmon_temp_celsius" || name == "thermal_zone_temp" {
            let (kind, chip, label) = if name == "thermal_zone_temp" {
                (SensorKind::ThermalZone, series.label("type"), series.label("zone"))
            } else {
                (SensorKind::Hwmon, series.label("chip"), series.label("sensor"))
            };
            if (-50.0..=200.0).contains(&series.value) {
                let sensor = Sensor { kind, chip: chip.to_owned(), label: label.to_owned(), celsius: series.value as f32 };
                at.sensors = at.sensors.iter().cloned().chain([sensor]).collect();
            }
        }
    }

    /// What can be said only when all is known.
    fn finish(&mut self) {
        let at = &mut self.observation;
        at.disks = only_whole(std::mem::take(&mut at.disks));
        at.nics.sort_by(|left, right| left.name.cmp(&right.name));
        let named = at.sensors.iter().map(|sensor| Sensor {
            chip: self.chips.get(&sensor.chip).unwrap_or(&sensor.chip).clone(),
            label: self.labels.get(&(sensor.chip.clone(), sensor.label.clone())).unwrap_or(&sensor.label).clone(),
            ..sensor.clone()
        });
        at.sensors = named.collect();
        if let Some(cpu) = &mut at.cpu {
            cpu.cores.sort_by_key(|(number, _)| *number);
            cpu.total = cpu.cores.iter().fold(Jiffies::default(), |sum, (_, core)| sum.plus(core));
            self.facts.cores = u32::try_from(cpu.cores.len()).unwrap_or(u32::MAX);
        }
        for mount in self.mounts.values_mut() {
            // Free space and inodes came in their place; what is used is the rest.
            mount.used_bytes = mount.total_bytes.saturating_sub(mount.used_bytes);
            mount.inodes_used = mount.inodes_total.saturating_sub(mount.inodes_used);
        }
    }
}

const NO_LOAD: LoadInfo = LoadInfo { one: 0.0, five: 0.0, fifteen: 0.0 };

fn take_cpu(cpu: &mut CpuCounters, series: &Series<'_>) {
    let Some(number) = series.label("cpu").parse::<u32>().ok().filter(|number| *number < crate::cpu::MAX_CORES) else { return };
    let position = cpu.cores.iter().position(|(other, _)| *other == number).unwrap_or_else(|| {
        cpu.cores.push((number, Jiffies::default()));
        cpu.cores.len() - 1
    });
    let time = &mut cpu.cores[position].1;
    let field = match series.label("mode") {
        "user" => &mut time.user,
        "nice" => &mut time.nice,
        "system" => &mut time.system,
        "idle" => &mut time.idle,
        "iowait" => &mut time.iowait,
        "irq" => &mut time.irq,
        "softirq" => &mut time.softirq,
        "steal" => &mut time.steal,
        _ => return,
    };
    // The kernel counts hundredths of a second.
    *field = (series.value.max(0.0) * 100.0).round() as u64;
}

fn take_disk(disks: &mut Vec<DiskCounters>, counter: &str, series: &Series<'_>) {
    let Some(disk) = entry(disks, series.label("device"), |disk| &disk.device, |device| DiskCounters { device, ..DiskCounters::default() })
    else {
        return;
    };
    let (value, count) = (series.value.max(0.0), series.value.max(0.0) as u64);
    match counter {
        "reads_completed_total" => disk.reads = count,
        "read_bytes_total" => disk.read_bytes = count,
        "writes_completed_total" => disk.writes = count,
        "written_bytes_total" => disk.written_bytes = count,
        "io_time_seconds_total" => disk.busy_ms = (value * 1_000.0).round() as u64,
        _ => {}
    }
}

fn take_nic(nics: &mut Vec<NicCounters>, counter: &str, series: &Series<'_>) {
    // Many gauges of an interface share the prefix: only a counter makes one known.
    if !counter.starts_with("receive_") && !counter.starts_with("transmit_") {
        return;
    }
    let Some(nic) = entry(nics, series.label("device"), |nic| &nic.name, |name| NicCounters { name, ..NicCounters::default() }) else {
        return;
    };
    let count = series.value.max(0.0) as u64;
    match counter {
        "receive_bytes_total" => nic.in_bytes = count,
        "receive_packets_total" => nic.in_packets = count,
        "receive_errs_total" => nic.in_errors = count,
        "receive_drop_total" => nic.in_drops = count,
        "transmit_bytes_total" => nic.out_bytes = count,
        "transmit_packets_total" => nic.out_packets = count,
        "transmit_errs_total" => nic.out_errors = count,
        "transmit_drop_total" => nic.out_drops = count,
        _ => {}
    }
}

/// More devices of a kind than this are not shown.
const MAX_DEVICES: usize = 1_024;

fn entry<'a, T>(all: &'a mut Vec<T>, name: &str, name_of: fn(&T) -> &String, make: fn(String) -> T) -> Option<&'a mut T> {
    let position = all.iter().position(|other| name_of(other) == name);
    let position = match position {
        Some(position) => position,
        None if all.len() < MAX_DEVICES && !name.is_empty() => {
            all.push(make(name.to_owned()));
            all.len() - 1
        }
        None => return None,
    };
    all.get_mut(position)
}

fn take_mount(mounts: &mut BTreeMap<String, Mount>, figure: &str, series: &Series<'_>, count: u64) {
    let (point, kind) = (series.label("mountpoint"), series.label("fstype"));
    let known = mounts.contains_key(point);
    if is_pseudo(kind, point) || (!known && mounts.len() >= MAX_DEVICES) {
        return;
    }
    let mount = mounts.entry(point.to_owned()).or_insert_with(|| Mount {
        mount_point: point.to_owned(),
        device: series.label("device").to_owned(),
        file_system: kind.to_owned(),
        ..Mount::default()
    });
    match figure {
        "size_bytes" => mount.total_bytes = count,
        "free_bytes" => mount.used_bytes = count,
        "avail_bytes" => mount.available_bytes = count,
        "files" => mount.inodes_total = count,
        "files_free" => mount.inodes_used = count,
        _ => {}
    }
}

fn take_pressure(pressure: &mut PressureInfo, counter: &str, seconds: f64) {
    let stall = Some(Stall { percent: 0.0, total_us: (seconds.max(0.0) * 1e6) as u64 });
    match counter {
        "cpu_waiting_seconds_total" => pressure.cpu.some = stall,
        "memory_waiting_seconds_total" => pressure.memory.some = stall,
        "memory_stalled_seconds_total" => pressure.memory.full = stall,
        "io_waiting_seconds_total" => pressure.io.some = stall,
        "io_stalled_seconds_total" => pressure.io.full = stall,
        _ => {}
    }
}

/// The exporter tells only totals, not the kernel's mean over ten seconds: the share of time since the previous answer stands for it.
fn stalled_since(previous: &Observation, now: &Observation) -> PressureInfo {
    let Some(elapsed_s) = elapsed_s(previous, now) else { return PressureInfo::default() };
    let share = |before: Option<Stall>, now: Option<Stall>| {
        let (before, now) = (before?, now?);
        let waited_us = now.total_us.checked_sub(before.total_us)? as f64;
        Some(Stall { percent: (waited_us / 1e4 / elapsed_s).min(100.0) as f32, ..now })
    };
    let both = |before: PressureCounters, now: PressureCounters| PressureCounters {
        some: share(before.some, now.some),
        full: share(before.full, now.full),
    };
    let (before, now) = (previous.pressure, now.pressure);
    PressureInfo { cpu: both(before.cpu, now.cpu), memory: both(before.memory, now.memory), io: both(before.io, now.io) }
}
