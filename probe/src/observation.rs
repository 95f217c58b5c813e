//! All counters and gauges of one beat.

use crate::cpu::CpuCounters;
use crate::disks::{DiskCounters, parse_disks};
use crate::memory::MemoryInfo;
use crate::network::{NicCounters, Sockets, parse_nics};
use crate::pressure::{PressureCounters, PressureInfo};
use crate::sensors::Sensor;
use procfs_core::{FromRead, LoadAverage, Uptime};
use std::sync::Arc;

/// Texts of one beat, as the kernel wrote them; empty where a file does not exist.
#[derive(Clone, Copy, Debug, Default)]
pub struct Texts<'a> {
    /// `/proc/stat`
    pub stat: &'a [u8],
    /// `/proc/meminfo`
    pub meminfo: &'a [u8],
    /// `/proc/loadavg`
    pub loadavg: &'a [u8],
    /// `/proc/uptime`
    pub uptime: &'a [u8],
    /// `/proc/net/dev`
    pub net_dev: &'a [u8],
    /// `/proc/net/sockstat`
    pub sockstat: &'a [u8],
    /// `/proc/net/sockstat6`
    pub sockstat6: &'a [u8],
    /// `/proc/diskstats`
    pub diskstats: &'a [u8],
    /// `/proc/pressure/cpu`
    pub pressure_cpu: &'a [u8],
    /// `/proc/pressure/memory`
    pub pressure_memory: &'a [u8],
    /// `/proc/pressure/io`
    pub pressure_io: &'a [u8],
}

/// `/proc/loadavg`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LoadInfo {
    pub one: f32,
    pub five: f32,
    pub fifteen: f32,
}

/// What the texts of one beat say: counters since boot and gauges, nothing compared with an earlier beat.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observation {
    /// When the texts were read: UTC, milliseconds.
    pub at_ms: i64,
    pub cpu: Option<CpuCounters>,
    pub load: Option<LoadInfo>,
    pub memory: Option<MemoryInfo>,
    /// Seconds since boot, in hundredths.
    pub uptime_s: Option<f64>,
    pub nics: Vec<NicCounters>,
    pub sockets: Sockets,
    pub disks: Vec<DiskCounters>,
    pub pressure: PressureInfo,
    /// Read at a slower beat by the caller; shared until the next reading.
    pub sensors: Arc<[Sensor]>,
}

impl Observation {
    /// Reads the texts; what they do not say is a gap.
    pub fn parse(at_ms: i64, texts: &Texts<'_>) -> Self {
        Self {
            at_ms,
            cpu: CpuCounters::parse(texts.stat),
            load: parse_load(texts.loadavg),
            memory: MemoryInfo::parse(texts.meminfo),
            uptime_s: Uptime::from_read(texts.uptime).ok().map(|up| up.uptime).filter(|&seconds| (0.0..1e11).contains(&seconds)),
            nics: parse_nics(texts.net_dev),
            sockets: Sockets::parse(texts.sockstat, texts.sockstat6),
            disks: parse_disks(texts.diskstats),
            pressure: PressureInfo {
                cpu: PressureCounters::parse(texts.pressure_cpu),
                memory: PressureCounters::parse(texts.pressure_memory),
                io: PressureCounters::parse(texts.pressure_io),
            },
            sensors: Arc::default(),
        }
    }
}

fn parse_load(text: &[u8]) -> Option<LoadInfo> {
    let load = LoadAverage::from_read(text).ok()?;
    let info = LoadInfo { one: load.one, five: load.five, fifteen: load.fifteen };
    [info.one, info.five, info.fifteen].iter().all(|value| value.is_finite() && *value >= 0.0).then_some(info)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn load_and_its_garbage() {
        let expected = LoadInfo { one: 0.2, five: 0.18, fifteen: 12.0 };
        for (text, load) in [
            (&b"0.20 0.18 12.00 1/80 11206\n"[..], Some(expected)),
            (b"", None),
            (b"0.20 0.18", None),
            (b"nan 0.18 0.12 1/80 11206", None),
            (b"inf 0.18 0.12 1/80 11206", None),
            (b"-1 0.18 0.12 1/80 11206", None),
            (b"\xff\xff", None),
        ] {
            assert_eq!(parse_load(text), load, "{text:?}");
        }
    }

    #[test]
    fn uptime_and_its_garbage() {
        for (text, uptime_s) in [
            (&b"2578790.61 1999230.98\n"[..], Some(2_578_790.61)),
            (b"", None),
            (b"nan 1", None),
            (b"-5 1", None),
            (b"1e300 1", None),
            (b"\xff 1", None),
        ] {
            assert_eq!(Observation::parse(0, &Texts { uptime: text, ..Texts::default() }).uptime_s, uptime_s, "{text:?}");
        }
    }

    #[test]
    fn any_bytes_anywhere_are_gaps_and_no_panic() {
        let samples: [&[u8]; 7] = [
            b"",
            b"\0",
            b"\xff\xfe\n\xf0\x28",
            b"cpu cpu cpu\n\n\n::::",
            b"some\nfull\nsome x=y=z",
            &[b'9'; 4_000],
            "é: é é\n8 0 é".as_bytes(),
        ];
        for text in samples {
            let all = Texts {
                stat: text,
                meminfo: text,
                loadavg: text,
                uptime: text,
                net_dev: text,
                sockstat: text,
                sockstat6: text,
                diskstats: text,
                pressure_cpu: text,
                pressure_memory: text,
                pressure_io: text,
            };
            assert_eq!(Observation::parse(5, &all), Observation { at_ms: 5, ..Observation::default() }, "{text:?}");
        }
    }
}
