//! Temperatures: hwmon, or thermal zones where there is none.

use super::files::{names, read_text};
use std::path::{Path, PathBuf};

/// Sensors that were found at the start, and their last texts.
pub struct Sensors {
    sensors: Vec<(String, PathBuf)>,
    last: Vec<(String, String)>,
}

impl Sensors {
    /// Finds the sensors below `root`.
    pub fn new(root: &Path) -> Self {
        let hwmon = in_hwmon(&root.join("sys/class/hwmon"));
        let sensors = if hwmon.is_empty() { in_zones(&root.join("sys/class/thermal")) } else { hwmon };
        Self { sensors, last: Vec::new() }
    }

    /// Name and millidegrees of each sensor; read anew only on `slow` beats, since some take milliseconds.
    pub fn read(&mut self, slow: bool) -> Vec<(String, String)> {
        if slow {
            self.last = self.sensors.iter().map(|(name, path)| (name.clone(), read_text(path))).collect();
        }
        self.last.clone()
    }
}

fn in_hwmon(folder: &Path) -> Vec<(String, PathBuf)> {
    let mut sensors = Vec::new();
    for chip in sorted(folder) {
        let chip = folder.join(chip);
        let chip_name = read_text(&chip.join("name")).trim().to_owned();
        for file in sorted(&chip) {
            let Some(number) = file.strip_prefix("temp").and_then(|file| file.strip_suffix("_input")) else { continue };
            let label = read_text(&chip.join(format!("temp{number}_label")));
            let label = if label.trim().is_empty() { format!("temp{number}") } else { label.trim().to_owned() };
            sensors.push((format!("{chip_name} {label}"), chip.join(&file)));
        }
    }
    sensors
}

fn in_zones(folder: &Path) -> Vec<(String, PathBuf)> {
    let zones = sorted(folder).into_iter().filter(|name| name.starts_with("thermal_zone"));
    zones
        .map(|zone| {
            let kind = read_text(&folder.join(&zone).join("type")).trim().to_owned();
            (if kind.is_empty() { zone.clone() } else { kind }, folder.join(zone).join("temp"))
        })
        .collect()
}

fn sorted(folder: &Path) -> Vec<String> {
    let mut found = names(folder);
    found.sort();
    found
}
