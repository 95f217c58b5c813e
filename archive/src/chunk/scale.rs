//! How values become integers: a value with two decimals in hundredths, a rate by the bits of its f32, of which the lowest are zero, a mean
//! by its logarithm.

use crate::row::Stat;
use protocol::metric::{Kept, RATE_BITS, Series, Unit};

/// What is smaller is zero: far less than the mean of a month in which one sample was 0.01.
const LEAST_MEAN: f64 = 1e-9;
/// Lowest bits of an f32 that are not kept; those of a rate are zero already.
const RATE_CUT: u32 = 23 - RATE_BITS;

/// What the integers of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    Hundredths,
    /// The upper bits of the f32: rates.
    Bits,
    /// Steps of a logarithm: means that stand alone, whose small values need more than two decimals.
    Mean,
}

impl Scale {
    /// That of a series in chunks of version 1, which kept means of the pressures.
    pub fn of_first_version(series: &Series) -> Self {
        let pressures = ["pressure_cpu_percent", "pressure_memory_percent", "pressure_io_percent"];
        match (series.unit(), series.kept()) {
            (_, Kept::Mean) => Self::Mean,
            _ if pressures.contains(&series.to_string().as_str()) => Self::Mean,
            (Unit::BytesPerSecond, _) => Self::Bits,
            _ => Self::Hundredths,
        }
    }

    /// That which loses nothing of a series' values. What is kept of a series may have changed since the older ones were written.
    pub fn of<'a>(series: &Series, mut stats: impl Iterator<Item = &'a Stat>) -> Self {
        match (series.unit(), series.kept()) {
            (_, Kept::Mean) => Self::Mean,
            (Unit::BytesPerSecond, _) => Self::Bits,
            (_, Kept::Spread) => Self::Hundredths,
            (_, Kept::Last) if stats.all(|stat| is_hundredths(stat.least) && is_hundredths(stat.most)) => Self::Hundredths,
            (_, Kept::Last) => Self::Mean,
        }
    }
}

/// Open rows hold an f32.
fn is_hundredths(value: f64) -> bool {
    ((value * 100.0).round() / 100.0 - value).abs() <= value.abs().max(0.01) * f64::from(f32::EPSILON)
}

/// The integers of one version.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Codes {
    /// Two means that can be told apart differ by this share.
    pub mean_step: f64,
}

impl Codes {
    /// The integer of a value.
    pub fn code(self, scale: Scale, value: f64) -> i64 {
        match scale {
            Scale::Bits => i64::from(ordered(value as f32).saturating_add(1 << (RATE_CUT - 1)) >> RATE_CUT),
            Scale::Mean => self.mean_code(value),
            Scale::Hundredths => (value * 100.0).round() as i64,
        }
    }

    /// The value of an integer.
    pub fn value(self, scale: Scale, code: i64) -> f64 {
        match scale {
            Scale::Bits => f64::from(unordered((code << RATE_CUT) as i32)),
            Scale::Mean => self.mean_value(code),
            Scale::Hundredths => code as f64 / 100.0,
        }
    }

    /// The integer of a mean.
    pub fn mean_code(self, mean: f64) -> i64 {
        if mean.abs() < LEAST_MEAN {
            return 0;
        }
        let steps = ((mean.abs() / LEAST_MEAN).ln() / self.mean_step).round() as i64 + 1;
        if mean < 0.0 { -steps } else { steps }
    }

    /// The mean of an integer.
    pub fn mean_value(self, code: i64) -> f64 {
        if code == 0 {
            return 0.0;
        }
        let mean = LEAST_MEAN * ((code.saturating_abs() - 1) as f64 * self.mean_step).exp();
        if code < 0 { -mean } else { mean }
    }

    /// A value as it is read back.
    pub fn read_back(self, scale: Scale, value: f64) -> f64 {
        self.value(scale, self.code(scale, value))
    }
}

/// Bits of a float as an integer of the same order.
fn ordered(value: f32) -> i32 {
    let bits = value.to_bits() as i32;
    if bits < 0 { bits ^ i32::MAX } else { bits }
}

fn unordered(code: i32) -> f32 {
    f32::from_bits((if code < 0 { code ^ i32::MAX } else { code }) as u32)
}
