//! What is kept of a host over time: names, units and resolution of every series.

use crate::snapshot::{Memory, Mount, Snapshot};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What a number means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Percent,
    BytesPerSecond,
    Celsius,
    Milliseconds,
    Hours,
    /// A number of things, or a length of a queue.
    Number,
}

/// What is kept of the live samples of ten seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Mean, least and most.
    Spread,
    /// The mean.
    Mean,
    /// The last value: it moves slowly.
    Last,
}

macro_rules! metrics {
    ($($(#[$doc:meta])* $variant:ident = $number:literal, $name:literal, $unit:ident, $kept:ident;)*) => {
        /// One figure of a host. The numbers are those of the store and are never reused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Metric { $($(#[$doc])* $variant = $number,)* }

        impl Metric {
            /// All, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name, with the unit: that of addresses and of the columns of downloads.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What its numbers mean.
            pub fn unit(self) -> Unit {
                match self { $(Self::$variant => Unit::$unit,)* }
            }

            /// What is kept of ten seconds.
            pub fn kept(self) -> Kept {
                match self { $(Self::$variant => Kept::$kept,)* }
            }
        }
    };
}

metrics! {
    /// All but idle and iowait.
    Cpu = 1, "cpu_percent", Percent, Spread;
    CpuUser = 2, "cpu_user_percent", Percent, Mean;
    CpuSystem = 3, "cpu_system_percent", Percent, Mean;
    CpuIowait = 4, "cpu_iowait_percent", Percent, Mean;
    CpuSteal = 5, "cpu_steal_percent", Percent, Mean;
    Load1 = 6, "load_1", Number, Spread;
    Load5 = 7, "load_5", Number, Last;
    Load15 = 8, "load_15", Number, Last;
    Memory = 9, "memory_percent", Percent, Mean;
    /// Page cache and reclaimable slab, of the total.
    MemoryCache = 10, "memory_cache_percent", Percent, Last;
    Swap = 11, "swap_percent", Percent, Last;
    /// The fullest file system.
    Disk = 12, "disk_percent", Percent, Last;
    DiskRead = 13, "disk_read_bytes_per_s", BytesPerSecond, Mean;
    DiskWrite = 14, "disk_write_bytes_per_s", BytesPerSecond, Mean;
    /// The busiest device.
    DiskBusy = 15, "disk_busy_percent", Percent, Mean;
    NetworkIn = 16, "network_in_bytes_per_s", BytesPerSecond, Spread;
    NetworkOut = 17, "network_out_bytes_per_s", BytesPerSecond, Spread;
    Processes = 18, "processes", Number, Last;
    TcpSockets = 19, "tcp_sockets", Number, Last;
    /// The hottest sensor.
    Temperature = 20, "temperature_celsius", Celsius, Last;
    PressureCpu = 21, "pressure_cpu_percent", Percent, Last;
    PressureMemory = 22, "pressure_memory_percent", Percent, Last;
    PressureIo = 23, "pressure_io_percent", Percent, Last;
    /// From sampling to receipt, or the time that one collection took.
    Latency = 24, "latency_ms", Milliseconds, Mean;
}

/// Bits of a rate after the first one: the error (at most 0.1 %) is smaller than that of the time between two beats.
pub const RATE_BITS: u32 = 9;

impl Unit {
    /// All, each at the place of its number.
    pub const ALL: [Self; 6] = [Self::Percent, Self::BytesPerSecond, Self::Celsius, Self::Milliseconds, Self::Hours, Self::Number];

    /// The value as it is shown, judged and stored. Rates have [`RATE_BITS`] bits after the first, all others two decimals: less than any
    /// kernel's clock can tell, and the same number everywhere.
    pub fn rounded(self, value: f64) -> f64 {
        match self {
            Self::BytesPerSecond => {
                let bits = (value as f32).to_bits();
                let cut = 23 - RATE_BITS;
                // Half of the last bit is added; a carry into the exponent is right, too.
                f64::from(f32::from_bits(bits.saturating_add(1 << (cut - 1)) >> cut << cut))
            }
            _ => (value * 100.0).round() / 100.0,
        }
    }
}

impl Metric {
    /// Reads it from a snapshot, rounded as it is shown and judged; `None` where it could not be read or is no number.
    pub fn read(self, snapshot: &Snapshot) -> Option<f64> {
        self.read_exact(snapshot).map(|value| self.unit().rounded(value))
    }

    /// Reads it from a snapshot as exactly as it is told there, for means; `None` where it could not be read or is no number.
    pub fn read_exact(self, snapshot: &Snapshot) -> Option<f64> {
        let cpu = snapshot.cpu.as_ref();
        let load = snapshot.load.as_ref();
        let memory = snapshot.memory.as_ref();
        let pressure = snapshot.pressure.as_ref();
        let percent = |value: Option<f32>| value.map(f64::from);
        let sum =
            |value: fn(&crate::snapshot::Disk) -> Option<f64>| snapshot.disks.iter().filter_map(value).reduce(|left, right| left + right);
        let value = match self {
            Self::Cpu => percent(cpu.map(|cpu| cpu.total_percent)),
            Self::CpuUser => percent(cpu.map(|cpu| cpu.user_percent)),
            Self::CpuSystem => percent(cpu.map(|cpu| cpu.system_percent)),
            Self::CpuIowait => percent(cpu.map(|cpu| cpu.iowait_percent)),
            Self::CpuSteal => percent(cpu.map(|cpu| cpu.steal_percent)),
            Self::Load1 => percent(load.map(|load| load.one)),
            Self::Load5 => percent(load.map(|load| load.five)),
            Self::Load15 => percent(load.map(|load| load.fifteen)),
            Self::Memory => percent(memory.and_then(Memory::used_percent)),
            Self::MemoryCache => memory.filter(|memory| memory.total > 0).map(|memory| memory.cached as f64 / memory.total as f64 * 100.0),
            Self::Swap => percent(memory.and_then(Memory::swap_percent)),
            Self::Disk => percent(snapshot.disk_percent()),
            Self::DiskRead => sum(|disk| disk.read_bytes_per_s),
            Self::DiskWrite => sum(|disk| disk.write_bytes_per_s),
            Self::DiskBusy => percent(snapshot.disks.iter().filter_map(|disk| disk.busy_percent).reduce(f32::max)),
            Self::NetworkIn => snapshot.network_bytes_per_s().0,
            Self::NetworkOut => snapshot.network_bytes_per_s().1,
            Self::Processes => snapshot.process_count.map(f64::from),
            Self::TcpSockets => snapshot.tcp.map(|tcp| f64::from(tcp.in_use)),
            Self::Temperature => percent(snapshot.temperatures.iter().map(|sensor| sensor.celsius).reduce(f32::max)),
            Self::PressureCpu => percent(pressure.and_then(|pressure| pressure.cpu_some_percent)),
            Self::PressureMemory => percent(pressure.and_then(|pressure| pressure.memory_some_percent)),
            Self::PressureIo => percent(pressure.and_then(|pressure| pressure.io_some_percent)),
            // It is the way of the reading, not the host's.
            Self::Latency => None,
        };
        value.filter(|value| value.is_finite())
    }

    /// The metric of a number of the store.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|metric| *metric as u8 == number)
    }
}

/// What one line of a chart shows. Written as the metric's name, `mount:<mount point>` or `inodes:<mount point>`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Series {
    Metric(Metric),
    /// Use of one file system in per cent.
    Mount(String),
    /// Use of its inodes in per cent.
    Inodes(String),
}

impl Series {
    /// What its numbers mean.
    pub fn unit(&self) -> Unit {
        match self {
            Self::Metric(metric) => metric.unit(),
            Self::Mount(_) | Self::Inodes(_) => Unit::Percent,
        }
    }

    /// What is kept of ten seconds.
    pub fn kept(&self) -> Kept {
        match self {
            Self::Metric(metric) => metric.kept(),
            Self::Mount(_) | Self::Inodes(_) => Kept::Last,
        }
    }

    /// The series of one file system, as far as they can be read.
    pub fn of_mount(mount: &Mount) -> impl Iterator<Item = (Self, f64)> {
        let value = |series: fn(String) -> Self, value: Option<f32>| {
            let value = f64::from(value?);
            value.is_finite().then(|| (series(mount.mount_point.clone()), Unit::Percent.rounded(value)))
        };
        [value(Self::Mount, mount.used_percent()), value(Self::Inodes, mount.inodes_percent())].into_iter().flatten()
    }
}

impl fmt::Display for Series {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Metric(metric) => formatter.write_str(metric.name()),
            Self::Mount(place) => write!(formatter, "mount:{place}"),
            Self::Inodes(place) => write!(formatter, "inodes:{place}"),
        }
    }
}

/// A text that names no series.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown series")]
pub struct UnknownSeries;

impl FromStr for Series {
    type Err = UnknownSeries;

    fn from_str(text: &str) -> Result<Self, UnknownSeries> {
        match text.split_once(':') {
            Some(("mount", place)) if !place.is_empty() => Ok(Self::Mount(place.into())),
            Some(("inodes", place)) if !place.is_empty() => Ok(Self::Inodes(place.into())),
            _ => Metric::ALL.iter().copied().find(|metric| metric.name() == text).map(Self::Metric).ok_or(UnknownSeries),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_and_numbers_lead_back() {
        for metric in Metric::ALL {
            assert_eq!(metric.name().parse(), Ok(Series::Metric(*metric)));
            assert_eq!(Metric::from_number(*metric as u8), Some(*metric));
        }
        for series in [Series::Mount("/var:x".into()), Series::Inodes("/".into())] {
            assert_eq!(series.to_string().parse(), Ok(series));
        }
        for wrong in ["", "cpu", "mount:", "mount", "x:/"] {
            assert_eq!(wrong.parse::<Series>(), Err(UnknownSeries), "{wrong}");
        }
    }

    #[test]
    fn every_unit_stands_at_its_place() {
        // The last one in the order of their numbers.
        assert_eq!(Unit::ALL.len(), Unit::Number as usize + 1);
        assert!(Unit::ALL.iter().enumerate().all(|(place, unit)| *unit as usize == place));
    }

    #[test]
    fn rates_keep_three_digits_and_per_cents_two_decimals() {
        assert_eq!(Unit::Percent.rounded(12.345_678), 12.35);
        for value in [0.0, 1.0, 511.0, 1_023.0, 123_456_789.0, 3.0e18] {
            let rounded = Unit::BytesPerSecond.rounded(value);
            assert!((rounded - value).abs() <= value * 0.001, "{value} {rounded}");
            assert_eq!(Unit::BytesPerSecond.rounded(rounded), rounded);
        }
    }

    #[test]
    fn what_is_no_number_is_a_gap() {
        let cpu = crate::snapshot::Cpu { total_percent: f32::NAN, user_percent: 3.0, ..Default::default() };
        let snapshot = Snapshot { cpu: Some(cpu), ..Snapshot::default() };
        assert_eq!(Metric::Cpu.read(&snapshot), None);
        assert_eq!(Metric::CpuUser.read(&snapshot), Some(3.0));
        assert_eq!(Metric::Memory.read(&snapshot), None);
    }
}
