//! What a chart shows, without anything of ECharts.

use super::trend::Trend;

/// One chart.
#[derive(Clone, Debug, PartialEq)]
pub enum ChartModel {
    Trend(Trend),
    Gauges(Gauges),
    Ring(Ring),
}

impl ChartModel {
    /// Whether `other` differs from this one by its data only, so that the drawn chart needs nothing but new data.
    pub fn has_frame_of(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Trend(one), Self::Trend(two)) => one.has_frame_of(two),
            (Self::Gauges(one), Self::Gauges(two)) => one.arcs.len() == two.arcs.len(),
            (Self::Ring(one), Self::Ring(two)) => one.slices.len() == two.slices.len(),
            _ => false,
        }
    }
}

/// Half rings side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Gauges {
    pub arcs: Vec<Arc>,
}

/// One half ring.
#[derive(Clone, Debug, PartialEq)]
pub struct Arc {
    pub colour: &'static str,
    /// A gap draws the empty track.
    pub value: Option<f64>,
    /// Value of the full half ring.
    pub most: f64,
}

/// A ring of shares.
#[derive(Clone, Debug, PartialEq)]
pub struct Ring {
    pub slices: Vec<Slice>,
}

/// One share.
#[derive(Clone, Debug, PartialEq)]
pub struct Slice {
    pub name: String,
    pub colour: &'static str,
    pub count: usize,
}

/// Full scale for a gauge that has shown `most_seen`: 1, 2 or 5 times a power of ten, at least a tenth above, at least 1 MB/s, so
/// that an idle fleet looks idle.
pub fn full_scale(most_seen: f64) -> f64 {
    let wanted = (most_seen * 1.1).max(1e6);
    let power = 10f64.powf(wanted.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|step| step * power).find(|&scale| scale >= wanted).unwrap_or(wanted)
}

#[cfg(test)]
mod tests {
    use super::full_scale;

    #[test]
    fn full_scales_are_round_and_large_enough() {
        for (most_seen, scale) in [(0.0, 1e6), (950_000.0, 2e6), (1.7e6, 2e6), (3e6, 5e6), (4.7e6, 1e7), (1.24e9, 2e9), (9.5e9, 2e10)] {
            assert_eq!(full_scale(most_seen), scale, "{most_seen}");
        }
    }
}
