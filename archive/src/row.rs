//! A row: what is kept of one host and ten seconds, and its bytes while it is open.

use crate::Malformed;
use protocol::host::{HostId, Source};
use protocol::metric::{Kept, Metric, Series};

/// Samples in short: how many, their mean and extremes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stat {
    /// At least one.
    pub count: u32,
    pub mean: f64,
    pub least: f64,
    pub most: f64,
}

impl Stat {
    /// One sample.
    pub fn of(value: f64) -> Self {
        Self { count: 1, mean: value, least: value, most: value }
    }

    /// Both together.
    pub fn with(self, other: Self) -> Self {
        let count = self.count.saturating_add(other.count);
        let share = f64::from(other.count) / (f64::from(self.count) + f64::from(other.count));
        Self {
            count,
            mean: self.mean + (other.mean - self.mean) * share,
            least: self.least.min(other.least),
            most: self.most.max(other.most),
        }
    }
}

/// What is kept of one host and ten seconds. A series that is not there is a gap.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleRow {
    pub host_id: HostId,
    /// Start of the window by the centre's clock: UTC, milliseconds, a multiple of [`crate::WINDOW_MS`].
    pub at_ms: i64,
    /// Where the last of its samples came from.
    pub source: Source,
    /// Sorted, each at most once.
    pub series: Vec<(Series, Stat)>,
}

impl SampleRow {
    /// Takes in another row of the same window: a clock that was set back lives it twice, and both count.
    pub fn join(&mut self, other: Self) {
        for (series, stat) in other.series {
            match self.series.binary_search_by(|(known, _)| known.cmp(&series)) {
                Ok(place) => self.series[place].1 = self.series[place].1.with(stat),
                Err(place) => self.series.insert(place, (series, stat)),
            }
        }
    }
}

/// Numbers of the series of mounts, beside those of [`Metric`].
const MOUNT: u8 = 250;
const INODES: u8 = 251;

/// Bytes of a row's series: for each its number (and name), the count and the mean, with the extremes where they are kept.
pub fn encode(series: &[(Series, Stat)]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(series.len() * 10);
    for (series, stat) in series {
        match series {
            Series::Metric(metric) => bytes.push(*metric as u8),
            Series::Mount(place) | Series::Inodes(place) => {
                bytes.push(if matches!(series, Series::Mount(_)) { MOUNT } else { INODES });
                let place = &place.as_bytes()[..place.len().min(usize::from(u16::MAX))];
                bytes.extend((place.len() as u16).to_le_bytes());
                bytes.extend(place);
            }
        }
        bytes.extend((stat.count.min(u32::from(u16::MAX)) as u16).to_le_bytes());
        bytes.extend((stat.mean as f32).to_le_bytes());
        if series.kept() == Kept::Spread {
            bytes.extend((stat.least as f32).to_le_bytes());
            bytes.extend((stat.most as f32).to_le_bytes());
        }
    }
    bytes
}

/// The series of [`encode`]'s bytes.
///
/// # Errors
/// The bytes are cut off or name a metric that this version does not know.
pub fn decode(bytes: &[u8]) -> Result<Vec<(Series, Stat)>, Malformed> {
    let mut rest = bytes;
    let mut series = Vec::with_capacity(32);
    while !rest.is_empty() {
        let number = take::<1>(&mut rest)?[0];
        let key = match number {
            MOUNT | INODES => {
                let length = usize::from(u16::from_le_bytes(take(&mut rest)?));
                let (place, left) = rest.split_at_checked(length).ok_or(MALFORMED)?;
                rest = left;
                let place = String::from_utf8_lossy(place).into_owned();
                if number == MOUNT { Series::Mount(place) } else { Series::Inodes(place) }
            }
            _ => Series::Metric(Metric::from_number(number).ok_or(MALFORMED)?),
        };
        let count = u32::from(u16::from_le_bytes(take(&mut rest)?));
        let unit = key.unit();
        let mut value = || Ok::<_, Malformed>(f64::from(f32::from_le_bytes(take(&mut rest)?)));
        let mean = value()?;
        let (least, most) = if key.kept() == Kept::Spread { (unit.rounded(value()?), unit.rounded(value()?)) } else { (mean, mean) };
        series.push((key, Stat { count, mean, least, most }));
    }
    Ok(series)
}

const MALFORMED: Malformed = Malformed { what: "row" };

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], Malformed> {
    let (taken, left) = rest.split_first_chunk().ok_or(MALFORMED)?;
    *rest = left;
    Ok(*taken)
}

/// Numbers in the database, never to be reused.
pub fn source_number(source: Source) -> u8 {
    match source {
        Source::Local => 0,
        Source::Agent => 1,
        Source::Tunnel => 2,
        Source::NodeExporter => 3,
        Source::Ssh => 4,
    }
}

/// The source of a number of the database.
///
/// # Errors
/// It is none.
pub fn source_of(number: i64) -> Result<Source, Malformed> {
    [Source::Local, Source::Agent, Source::Tunnel, Source::NodeExporter, Source::Ssh]
        .into_iter()
        .find(|source| i64::from(source_number(*source)) == number)
        .ok_or(Malformed { what: "source" })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn stat(count: u32, mean: f64, least: f64, most: f64) -> Stat {
        Stat { count, mean, least, most }
    }

    #[test]
    fn rows_come_back_from_their_bytes() {
        let series = vec![
            (Series::Metric(Metric::Cpu), stat(20, 12.5, 0.01, 99.99)),
            (Series::Metric(Metric::Load5), stat(19, 1.25, 1.25, 1.25)),
            (Series::Mount("/数据".into()), stat(1, 50.5, 50.5, 50.5)),
        ];
        let bytes = encode(&series);
        assert_eq!(decode(&bytes).unwrap(), series);
        for end in 1..bytes.len() {
            // Whatever is cut off, nothing panics.
            let _ = decode(&bytes[..end]);
        }
        assert!(decode(&[99]).is_err());
    }

    #[test]
    fn a_window_lived_twice_holds_both() {
        let row = |series| SampleRow { host_id: 1, at_ms: 0, source: Source::Agent, series };
        let mut first = row(vec![(Series::Metric(Metric::Cpu), stat(20, 10.0, 5.0, 20.0))]);
        let swap = (Series::Metric(Metric::Swap), Stat::of(3.0));
        first.join(row(vec![(Series::Metric(Metric::Cpu), stat(5, 40.0, 1.0, 60.0)), swap.clone()]));
        assert_eq!(first.series, vec![(Series::Metric(Metric::Cpu), stat(25, 16.0, 1.0, 60.0)), swap]);
    }
}
