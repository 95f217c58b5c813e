//! The mean of the last seconds.

use std::collections::VecDeque;

/// A sample counts for at least so long: the time between two beats.
const SAMPLE_MS: u64 = 500;

/// Values of a window that slides with time.
#[derive(Clone, Debug, Default)]
pub struct SlidingMean {
    window_ms: u64,
    samples: VecDeque<(u64, f64)>,
    sum: f64,
    /// The first sample after the last gap.
    since: Option<u64>,
}

impl SlidingMean {
    /// A mean over `window_ms`; zero: of the last value alone.
    pub fn new(window_ms: u64) -> Self {
        Self { window_ms, ..Self::default() }
    }

    /// Takes a value in and answers the mean; `None` until the window is full, or without a value. Time only goes forward.
    pub fn add(&mut self, now: u64, value: Option<f64>) -> Option<f64> {
        let Some(value) = value else {
            *self = Self::new(self.window_ms);
            return None;
        };
        let since = *self.since.get_or_insert(now);
        self.samples.push_back((now, value));
        self.sum += value;
        while self.samples.len() > 1 && self.samples.front().is_some_and(|(at, _)| at + self.window_ms <= now) {
            self.sum -= self.samples.pop_front().map_or(0.0, |(_, old)| old);
        }
        if self.samples.len() == 1 {
            self.sum = value;
        }
        (now - since + SAMPLE_MS >= self.window_ms).then(|| self.sum / self.samples.len() as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_averaged_and_a_gap_begins_anew() {
        let mut mean = SlidingMean::new(2_000);
        let values = [10.0, 10.0, 10.0, 10.0, 90.0, 90.0, 90.0, 90.0];
        let means: Vec<_> = (0..).zip(values).map(|(index, value)| mean.add(index * 500, Some(value))).collect();
        assert_eq!(means, [None, None, None, Some(10.0), Some(30.0), Some(50.0), Some(70.0), Some(90.0)]);
        assert_eq!(mean.add(4_000, None), None);
        assert_eq!(mean.add(4_500, Some(5.0)), None);
        assert_eq!(mean.add(60_000, Some(7.0)), Some(7.0), "what is older than the window is gone");
        let mut last = SlidingMean::new(0);
        assert_eq!((last.add(0, Some(1.0)), last.add(500, Some(2.0))), (Some(1.0), Some(2.0)));
    }
}
