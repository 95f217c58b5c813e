//! Temperatures: the sensors are looked for once a minute and read at the slow beat.

use probe::{Sensor, SensorKind, parse_millidegrees};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The sensors are looked for again after this many readings (a minute).
const READINGS_PER_SEARCH: u32 = 30;

/// More sensors than this are not shown; a large server has about a hundred.
const MAX_SENSORS: usize = 256;

/// Reads `/sys/class/hwmon` and `/sys/class/thermal`.
pub(super) struct SensorReader {
    class: PathBuf,
    found: Vec<Found>,
    readings: u32,
    latest: Arc<[Sensor]>,
}

/// A sensor and where its reading is.
struct Found {
    kind: SensorKind,
    chip: String,
    label: String,
    input: PathBuf,
}

impl SensorReader {
    pub(super) fn new(root: &Path) -> Self {
        Self { class: root.join("sys/class"), found: Vec::new(), readings: 0, latest: Arc::default() }
    }

    /// Reads all sensors now; one that does not answer is a gap.
    pub(super) fn read(&mut self) {
        if self.readings.is_multiple_of(READINGS_PER_SEARCH) {
            self.found = search(&self.class);
        }
        self.readings = self.readings.wrapping_add(1);
        if self.found.is_empty() && self.latest.is_empty() {
            return;
        }
        let readings = self.found.iter().filter_map(|found| {
            let celsius = parse_millidegrees(&fs::read(&found.input).ok()?)?;
            Some(Sensor { kind: found.kind, chip: found.chip.clone(), label: found.label.clone(), celsius })
        });
        self.latest = readings.collect();
    }

    /// The last readings.
    pub(super) fn latest(&self) -> Arc<[Sensor]> {
        self.latest.clone()
    }
}

fn search(class: &Path) -> Vec<Found> {
    let mut found = Vec::new();
    for monitor in folders(&class.join("hwmon")) {
        let chip = line(&monitor.join("name")).unwrap_or_else(|| last_name(&monitor));
        for input in folders(&monitor) {
            let file = last_name(&input);
            let Some(sensor) = file.strip_suffix("_input").filter(|sensor| sensor.starts_with("temp")) else { continue };
            let label = line(&monitor.join(format!("{sensor}_label"))).unwrap_or_else(|| sensor.to_owned());
            found.push(Found { kind: SensorKind::Hwmon, chip: chip.clone(), label, input });
        }
    }
    for zone in folders(&class.join("thermal")) {
        let Some(number) = last_name(&zone).strip_prefix("thermal_zone").map(str::to_owned) else { continue };
        let chip = line(&zone.join("type")).unwrap_or_else(|| format!("zone {number}"));
        found.push(Found { kind: SensorKind::ThermalZone, chip, label: number, input: zone.join("temp") });
    }
    found.truncate(MAX_SENSORS);
    found
}

/// Entries of a folder in the order of their names; none when it does not exist.
fn folders(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    // Shorter first, so that temp10 comes after temp2.
    entries.sort_by(|left, right| left.as_os_str().len().cmp(&right.as_os_str().len()).then(left.cmp(right)));
    entries
}

fn last_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn line(path: &Path) -> Option<String> {
    let text = fs::read(path).ok()?;
    let text = String::from_utf8_lossy(&text).trim().to_owned();
    (!text.is_empty()).then_some(text)
}
