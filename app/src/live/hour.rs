//! The last hour of one host: what the centre has stored, and what has arrived live since. Pure.

use super::metric::Metric;
use crate::views::{Spread, Trend, TrendPoint};
use protocol::live::HostFigures;

/// Length of the window, in milliseconds.
pub const HOUR_MS: i64 = 3_600_000;

/// Width of one point, in milliseconds: that of the store.
const STEP_MS: i64 = 10_000;

/// A hole longer than this is a gap in the line, in milliseconds.
const GAP_MS: i64 = 3 * STEP_MS;

/// One point of a chart: UTC milliseconds and a value; no value is a gap.
pub type ChartPoint = (i64, Option<f32>);

/// Points with the least and the most of each.
pub type SpreadPoints = (Vec<ChartPoint>, Vec<Option<(f32, f32)>>);

/// The last hour of one host in steps of ten seconds; the last point is that of the running ten seconds and moves.
#[derive(Clone, Debug, Default)]
pub struct HourBuffer {
    points: Vec<Bucket>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Bucket {
    at_ms: i64,
    /// CPU, memory, disk, in, out.
    figures: [Figure; 5],
}

/// Live samples of one figure.
#[derive(Clone, Copy, Debug, Default)]
struct Figure {
    sum: f64,
    count: u32,
    least: f32,
    most: f32,
}

impl HourBuffer {
    /// Starts with what the centre has stored. Points that had arrived live and are newer are kept.
    pub fn load(&mut self, trend: &Trend) {
        let newest = trend.points.last().map_or(i64::MIN, |point| point.at_ms);
        self.points.retain(|bucket| bucket.at_ms > newest);
        let stored = trend.points.iter().map(Bucket::of);
        self.points = stored.chain(self.points.drain(..)).collect();
        self.forget_old();
    }

    /// Takes in one beat; `at_ms` is the centre's clock.
    pub fn push(&mut self, at_ms: i64, figures: &HostFigures) {
        let start = at_ms - at_ms.rem_euclid(STEP_MS);
        let values = [
            figures.cpu_percent.map(f64::from),
            figures.memory_percent.map(f64::from),
            figures.disk_percent.map(f64::from),
            figures.in_bytes_per_s,
            figures.out_bytes_per_s,
        ];
        match self.points.last_mut() {
            Some(last) if last.at_ms >= start => last.add(values),
            _ => {
                let mut bucket = Bucket { at_ms: start, ..Bucket::default() };
                bucket.add(values);
                self.points.push(bucket);
                self.forget_old();
            }
        }
    }

    /// Means of a metric, in per cent.
    pub fn metric(&self, metric: Metric) -> Vec<ChartPoint> {
        self.points(place_of(metric), Figure::mean)
    }

    /// Means and extremes of a metric, in per cent.
    pub fn metric_spread(&self, metric: Metric) -> SpreadPoints {
        self.spread(place_of(metric))
    }

    /// Means and extremes of inbound and outbound traffic, in bytes per second.
    pub fn network_spread(&self) -> (SpreadPoints, SpreadPoints) {
        (self.spread(3), self.spread(4))
    }

    /// Whether nothing is known yet.
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    fn spread(&self, place: usize) -> SpreadPoints {
        let extremes = self.points(place, Figure::extremes).into_iter().map(|(_, extremes)| extremes).collect();
        (self.points(place, Figure::mean), extremes)
    }

    fn points<T>(&self, place: usize, read: impl Fn(&Figure) -> T) -> Vec<(i64, Option<T>)> {
        let mut points = Vec::with_capacity(self.points.len());
        let mut before = None;
        for bucket in &self.points {
            if before.is_some_and(|before| bucket.at_ms - before > GAP_MS) {
                points.push((bucket.at_ms - STEP_MS, None));
            }
            let figure = &bucket.figures[place];
            points.push((bucket.at_ms, (figure.count > 0).then(|| read(figure))));
            before = Some(bucket.at_ms);
        }
        points
    }

    fn forget_old(&mut self) {
        let oldest = self.points.last().map_or(0, |last| last.at_ms - HOUR_MS);
        let keep_from = self.points.partition_point(|bucket| bucket.at_ms < oldest);
        self.points.drain(..keep_from);
    }
}

impl Bucket {
    fn of(point: &TrendPoint) -> Self {
        let disk = point.disk.map(|disk| Spread { mean: disk, least: disk, most: disk });
        let stored = [point.cpu, point.memory, disk, point.in_bytes_per_s, point.out_bytes_per_s];
        Self { at_ms: point.at_ms, figures: stored.map(|spread| spread.map_or_else(Figure::default, Figure::of)) }
    }

    fn add(&mut self, values: [Option<f64>; 5]) {
        for (figure, value) in self.figures.iter_mut().zip(values) {
            if let Some(value) = value {
                figure.add(value);
            }
        }
    }
}

impl Figure {
    fn of(spread: Spread) -> Self {
        Self { sum: f64::from(spread.mean), count: 1, least: spread.least, most: spread.most }
    }

    fn add(&mut self, value: f64) {
        let small = value as f32;
        (self.least, self.most) = if self.count == 0 { (small, small) } else { (self.least.min(small), self.most.max(small)) };
        self.sum += value;
        self.count += 1;
    }

    fn mean(&self) -> f32 {
        (self.sum / f64::from(self.count)) as f32
    }

    fn extremes(&self) -> (f32, f32) {
        (self.least, self.most)
    }
}

fn place_of(metric: Metric) -> usize {
    match metric {
        Metric::Cpu => 0,
        Metric::Memory => 1,
        Metric::Disk => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cpu(value: f32) -> HostFigures {
        HostFigures { cpu_percent: Some(value), ..HostFigures::default() }
    }

    fn stored(at_ms: i64, mean: f32) -> TrendPoint {
        TrendPoint { at_ms, cpu: Some(Spread { mean, least: mean, most: mean }), ..TrendPoint::default() }
    }

    #[test]
    fn live_beats_average_into_ten_seconds() {
        let mut hour = HourBuffer::default();
        for (at_ms, value) in [(20_000, 10.0), (20_500, 30.0), (30_000, 50.0)] {
            hour.push(at_ms, &cpu(value));
        }
        assert_eq!(hour.metric(Metric::Cpu), [(20_000, Some(20.0)), (30_000, Some(50.0))]);
        assert_eq!(hour.metric(Metric::Disk), [(20_000, None), (30_000, None)]);
    }

    #[test]
    fn stored_points_come_first_and_replace_what_they_cover() {
        let mut hour = HourBuffer::default();
        hour.push(20_000, &cpu(99.0));
        hour.push(30_000, &cpu(7.0));
        hour.load(&Trend { host_id: 3, step_ms: STEP_MS, points: vec![stored(10_000, 1.0), stored(20_000, 2.0)] });
        assert_eq!(hour.metric(Metric::Cpu), [(10_000, Some(1.0)), (20_000, Some(2.0)), (30_000, Some(7.0))]);
    }

    #[test]
    fn extremes_of_the_running_ten_seconds_grow_with_the_beats_and_meet_the_stored_ones() {
        let mut hour = HourBuffer::default();
        for (at_ms, value) in [(30_000, 10.0), (30_500, 90.0), (31_000, 20.0)] {
            hour.push(at_ms, &cpu(value));
        }
        let point = TrendPoint { at_ms: 20_000, cpu: Some(Spread { mean: 5.0, least: 1.0, most: 60.0 }), ..TrendPoint::default() };
        hour.load(&Trend { host_id: 3, step_ms: STEP_MS, points: vec![point] });
        let (points, extremes) = hour.metric_spread(Metric::Cpu);
        assert_eq!(points, [(20_000, Some(5.0)), (30_000, Some(40.0))]);
        assert_eq!(extremes, [Some((1.0, 60.0)), Some((10.0, 90.0))]);
        hour.push(31_500, &cpu(2.0));
        assert_eq!(hour.metric_spread(Metric::Cpu).1[1], Some((2.0, 90.0)));
        hour.push(80_000, &cpu(3.0));
        assert_eq!(hour.metric_spread(Metric::Cpu).1[2..], [None, Some((3.0, 3.0))], "a hole is a gap of the band, too");
    }

    #[test]
    fn a_hole_is_a_gap_and_old_points_go() {
        let mut hour = HourBuffer::default();
        hour.push(0, &cpu(1.0));
        hour.push(HOUR_MS, &cpu(2.0));
        assert_eq!(hour.metric(Metric::Cpu), [(0, Some(1.0)), (HOUR_MS - STEP_MS, None), (HOUR_MS, Some(2.0))]);
        hour.push(HOUR_MS + STEP_MS, &cpu(3.0));
        assert_eq!(hour.metric(Metric::Cpu).len(), 2);
    }
}
