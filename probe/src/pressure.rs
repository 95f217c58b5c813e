//! `/proc/pressure/*`: <https://docs.kernel.org/accounting/psi.html>.

use procfs_core::parse_pressure_record;
use protocol::snapshot::Pressure;

/// One line of a pressure file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stall {
    /// Share of the last 10 s in per cent.
    pub percent: f32,
    /// Waited since boot, in microseconds.
    pub total_us: u64,
}

/// One pressure file. `full` of the processor is missing before Linux 5.13.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PressureCounters {
    pub some: Option<Stall>,
    pub full: Option<Stall>,
}

/// All three files.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PressureInfo {
    pub cpu: PressureCounters,
    pub memory: PressureCounters,
    pub io: PressureCounters,
}

impl PressureCounters {
    pub(crate) fn parse(text: &[u8]) -> Self {
        let text = String::from_utf8_lossy(text);
        let stall = |kind: &str| {
            // The parser slices after the word and the blank, so the blank must be there.
            let record = text.lines().filter(|line| line.starts_with(kind)).find_map(|line| parse_pressure_record(line).ok())?;
            let percent = record.avg10;
            (0.0..=100.0).contains(&percent).then_some(Stall { percent, total_us: record.total })
        };
        Self { some: stall("some "), full: stall("full ") }
    }
}

impl PressureInfo {
    /// What a snapshot shows; `None` where the kernel has no pressure files.
    pub(crate) fn pressure(&self) -> Option<Pressure> {
        if *self == Self::default() {
            return None;
        }
        let percent = |stall: Option<Stall>| stall.map(|stall| stall.percent);
        Some(Pressure {
            cpu_some_percent: percent(self.cpu.some),
            memory_some_percent: percent(self.memory.some),
            memory_full_percent: percent(self.memory.full),
            io_some_percent: percent(self.io.some),
            io_full_percent: percent(self.io.full),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_texts_of_old_and_new_kernels() {
        let some = Some(Stall { percent: 16.59, total_us: 665_670_729 });
        let full = Some(Stall { percent: 0.0, total_us: 0 });
        let first = "some avg10=16.59 avg60=6.38 avg300=34.68 total=665670729\n";
        let second = "full avg10=0.00 avg60=0.00 avg300=0.00 total=0\n";
        for (text, expected) in [
            (format!("{first}{second}"), PressureCounters { some, full }),
            (first.to_owned(), PressureCounters { some, full: None }),
            (second.to_owned(), PressureCounters { some: None, full }),
        ] {
            assert_eq!(PressureCounters::parse(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn garbage_is_a_gap() {
        for text in [
            "",
            "some",
            "some\n",
            "some ",
            "someé",
            "full é=é",
            "some avg10=x avg60=0 avg300=0 total=0",
            "some avg10=nan avg60=0 avg300=0 total=0",
            "some avg10=1e9 avg60=0 avg300=0 total=0",
            "some avg10=1 avg60=0 avg300=0 total=-1",
        ] {
            assert_eq!(PressureCounters::parse(text.as_bytes()), PressureCounters::default(), "{text}");
        }
        assert_eq!(PressureCounters::parse(b"some \xff\xff"), PressureCounters::default());
        assert_eq!(PressureInfo::default().pressure(), None);
    }
}
