//! Ten seconds of live samples become one row.

use crate::store::{SampleRow, Spread};
use protocol::host::{HostId, Source};
use protocol::live::HostFigures;

/// Mean and extremes of the values so far.
#[derive(Clone, Copy, Debug)]
struct Collected {
    sum: f64,
    count: u32,
    least: f64,
    most: f64,
}

impl Default for Collected {
    fn default() -> Self {
        Self { sum: 0.0, count: 0, least: f64::INFINITY, most: f64::NEG_INFINITY }
    }
}

impl Collected {
    fn add(&mut self, value: Option<f64>) {
        if let Some(value) = value {
            self.sum += value;
            self.count += 1;
            self.least = self.least.min(value);
            self.most = self.most.max(value);
        }
    }

    fn spread(self) -> Option<Spread> {
        (self.count > 0).then(|| Spread { mean: self.sum / f64::from(self.count), least: self.least, most: self.most })
    }
}

/// The open window of one host.
#[derive(Debug, Default)]
pub struct Window {
    source: Option<Source>,
    cpu: Collected,
    memory: Collected,
    disk: Option<f64>,
    network_in: Collected,
    network_out: Collected,
    load: Collected,
    latency: Collected,
}

impl Window {
    /// Adds the figures of one sample.
    pub fn add(&mut self, source: Source, figures: &HostFigures) {
        self.source = Some(source);
        self.cpu.add(figures.cpu_percent.map(f64::from));
        self.memory.add(figures.memory_percent.map(f64::from));
        self.disk = figures.disk_percent.map(f64::from).or(self.disk);
        self.network_in.add(figures.in_bytes_per_s);
        self.network_out.add(figures.out_bytes_per_s);
        self.load.add(figures.load_one.map(f64::from));
        self.latency.add(figures.latency_ms.map(f64::from));
    }

    /// Ends the window and starts the next; `None` when there was no sample.
    pub fn close(&mut self, host_id: HostId, at_ms: i64) -> Option<SampleRow> {
        let window = std::mem::take(self);
        Some(SampleRow {
            host_id,
            at_ms,
            source: window.source?,
            cpu: window.cpu.spread(),
            memory: window.memory.spread(),
            disk: window.disk,
            network_in: window.network_in.spread(),
            network_out: window.network_out.spread(),
            load: window.load.spread(),
            latency_ms: window.latency.spread().map(|latency| latency.mean),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_holds_mean_and_extremes_and_gaps_stay_gaps() {
        let mut window = Window::default();
        assert_eq!(window.close(1, 0), None);
        for cpu in [Some(10.0), Some(90.0), None, Some(20.0)] {
            window.add(Source::Agent, &HostFigures { cpu_percent: cpu, ..HostFigures::default() });
        }
        let row = window.close(1, 10_000);
        assert_eq!(row.as_ref().and_then(|row| row.cpu), Some(Spread { mean: 40.0, least: 10.0, most: 90.0 }));
        assert_eq!(row.and_then(|row| row.memory), None);
        assert_eq!(window.close(1, 20_000), None, "the next window starts empty");
    }
}
