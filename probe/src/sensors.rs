//! Temperatures from `/sys/class/hwmon` and `/sys/class/thermal`.

use protocol::snapshot::Temperature;

/// Which of the kernel's two interfaces a sensor is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SensorKind {
    /// <https://docs.kernel.org/hwmon/sysfs-interface.html>
    Hwmon,
    /// <https://docs.kernel.org/driver-api/thermal/sysfs-api.html>
    ThermalZone,
}

/// One sensor and its reading.
#[derive(Clone, Debug, PartialEq)]
pub struct Sensor {
    pub kind: SensorKind,
    /// Chip (`coretemp`) or type of the zone (`x86_pkg_temp`).
    pub chip: String,
    /// Label of the sensor (`Package id 0`), its file's name (`temp1`), or the zone's number.
    pub label: String,
    pub celsius: f32,
}

/// Degrees Celsius from a text in thousandths. Values that no machine survives are sensors that are not connected: a gap.
pub fn parse_millidegrees(text: &[u8]) -> Option<f32> {
    let thousandths: i32 = std::str::from_utf8(text).ok()?.trim().parse().ok()?;
    (-50_000..=200_000).contains(&thousandths).then_some(thousandths as f32 / 1_000.0)
}

/// What a snapshot shows: hardware monitors, or thermal zones where there is none, because most zones show the same sensors again.
pub fn temperatures(sensors: &[Sensor]) -> Vec<Temperature> {
    let wanted = if sensors.iter().any(|sensor| sensor.kind == SensorKind::Hwmon) { SensorKind::Hwmon } else { SensorKind::ThermalZone };
    let name = |sensor: &Sensor| match sensor.kind {
        SensorKind::Hwmon => format!("{} {}", sensor.chip, sensor.label),
        SensorKind::ThermalZone => sensor.chip.clone(),
    };
    let shown = sensors.iter().filter(|sensor| sensor.kind == wanted);
    shown.map(|sensor| Temperature { sensor: name(sensor), celsius: sensor.celsius }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousandths_and_their_garbage() {
        for (text, celsius) in [
            (&b"42500\n"[..], Some(42.5)),
            (b"-3000", Some(-3.0)),
            (b"0\n", Some(0.0)),
            (b"-128000\n", None),
            (b"4294967295\n", None),
            (b"", None),
            (b"nan", None),
            (b"\xff", None),
        ] {
            assert_eq!(parse_millidegrees(text), celsius, "{text:?}");
        }
    }

    #[test]
    fn zones_only_without_monitors() {
        let sensor = |kind, chip: &str, label: &str| Sensor { kind, chip: chip.into(), label: label.into(), celsius: 40.0 };
        let monitor = sensor(SensorKind::Hwmon, "coretemp", "Core 0");
        let zone = sensor(SensorKind::ThermalZone, "x86_pkg_temp", "0");
        for (sensors, expected) in
            [(vec![monitor.clone(), zone.clone()], &["coretemp Core 0"][..]), (vec![zone], &["x86_pkg_temp"]), (vec![], &[])]
        {
            assert_eq!(temperatures(&sensors).iter().map(|shown| shown.sensor.as_str()).collect::<Vec<_>>(), expected);
        }
    }
}
