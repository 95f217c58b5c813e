//! The load of one minute moves in steps: the kernel computes it every five seconds (`kernel/sched/loadavg.c`), so that a window of ten
//! seconds has the value that the one before ended with, and two more. They say more shortly what least, most and mean are.

use super::column::MALFORMED;
use super::scale::{Codes, Scale};
use crate::Malformed;
use crate::row::Stat;
use protocol::metric::{Metric, Series};

/// Samples between two computations, and in a window of which none is missing.
const SAMPLES: i64 = 10;
const WHOLE: u32 = 20;
/// Shares of rows that must be in steps, or it is not worth it: nine of ten.
const WORTH: (usize, usize) = (9, 10);
/// Tags of rows in steps are less than this.
const TAGS: i64 = 3 * (SAMPLES + 1);

/// Columns of a series in steps, by which row they are: the first and the second step, each less what is left of the value before, and how
/// many samples the value before still has and where it is found. A row that is not in steps has its least, its width, and its mean's
/// distance from the middle behind all tags.
#[derive(Default)]
pub struct Steps {
    pub first: Vec<i64>,
    pub second: Vec<i64>,
    pub tags: Vec<i64>,
}

/// Whether a series moves in such steps.
pub fn is_stepped(series: &Series) -> bool {
    *series == Series::Metric(Metric::Load1)
}

/// What the windows before say of the next one.
#[derive(Default)]
struct Before {
    /// The last value, then most and least of the last window: where it was not in steps, it ended with one of these, perhaps.
    values: [i64; 3],
}

impl Before {
    fn of(codes: Codes, stat: &Stat, last: i64) -> Self {
        Self { values: [last, codes.code(Scale::Hundredths, stat.most), codes.code(Scale::Hundredths, stat.least)] }
    }
}

/// The values of a window: the one before, and the two that follow.
#[derive(Clone, Copy)]
struct Window {
    values: [i64; 3],
    /// Samples of the first one.
    samples: i64,
}

impl Window {
    /// How many samples each has.
    fn weights(self) -> [i64; 3] {
        [self.samples, SAMPLES, SAMPLES - self.samples]
    }

    fn stat(self) -> Stat {
        let sampled = || self.values.into_iter().zip(self.weights()).filter(|(_, weight)| *weight > 0);
        let sum: i64 = sampled().map(|(value, weight)| value.saturating_mul(weight)).fold(0, i64::saturating_add);
        let hundredths = |code: Option<i64>| code.unwrap_or_default() as f64 / 100.0;
        Stat {
            count: WHOLE,
            mean: sum as f64 / 100.0 / f64::from(WHOLE),
            least: hundredths(sampled().map(|(value, _)| value).min()),
            most: hundredths(sampled().map(|(value, _)| value).max()),
        }
    }

    /// The last value that was sampled.
    fn last(self) -> i64 {
        if self.samples == SAMPLES { self.values[1] } else { self.values[2] }
    }
}

/// Divides windows into steps; `None`: too many are not in any.
pub fn divide(codes: Codes, stats: &[&Stat]) -> Option<Steps> {
    let (mut steps, mut before, mut samples, mut found) = (Steps::default(), Before::default(), 0, 0);
    for (number, stat) in stats.iter().enumerate() {
        let window = find(stat, &before, samples);
        let last = match window {
            Some((place, window)) => {
                found += 1;
                samples = window.samples;
                let [start, first, second] = window.values;
                steps.first.push(first - left(start));
                steps.second.push(second - left(first));
                steps.tags.push(place * (SAMPLES + 1) + samples);
                window.last()
            }
            None => {
                let (least, most) = (codes.code(Scale::Hundredths, stat.least), codes.code(Scale::Hundredths, stat.most));
                let distance = codes.mean_code(stat.mean) - middle(codes, least, most);
                steps.first.push(least);
                steps.second.push(most - least);
                steps.tags.push(if least == most { TAGS } else { TAGS + ((distance << 1) ^ (distance >> 63)) });
                most
            }
        };
        before = Before::of(codes, stat, last);
        // Most of a chunk is like its beginning.
        if number == 100 && found * WORTH.1 < number * WORTH.0 / 2 {
            return None;
        }
    }
    (found * WORTH.1 >= stats.len() * WORTH.0).then_some(steps)
}

/// The windows of steps, each with its last value (of a row that is not in steps: its mean). `counts` are those of the rows.
///
/// # Errors
/// The columns are damaged.
pub fn join(codes: Codes, steps: &Steps, counts: &[u32]) -> Result<Vec<(Stat, f64)>, Malformed> {
    let Steps { first, second, tags } = steps;
    if first.len() != counts.len() || second.len() != counts.len() || tags.len() != counts.len() {
        return Err(MALFORMED);
    }
    let (mut found, mut before) = (Vec::with_capacity(counts.len()), Before::default());
    for (((first, second), tag), count) in first.iter().zip(second).zip(tags).zip(counts) {
        let (stat, last, shown) = if (0..TAGS).contains(tag) {
            let start = before.values[(tag / (SAMPLES + 1)) as usize];
            let one = first.saturating_add(left(start));
            let window = Window { values: [start, one, second.saturating_add(left(one))], samples: tag % (SAMPLES + 1) };
            (window.stat(), window.last(), window.last() as f64 / 100.0)
        } else {
            let (least, most) = (*first, first.saturating_add((*second).max(0)));
            let (low, high) = (codes.value(Scale::Hundredths, least), codes.value(Scale::Hundredths, most));
            let folded = tag.saturating_sub(TAGS);
            let distance = (folded >> 1) ^ -(folded & 1);
            let mean = codes.mean_value(middle(codes, least, most).saturating_add(distance));
            let mean = if low == high { low } else { mean.clamp(low, high) };
            (Stat { count: *count, mean, least: low, most: high }, most, mean)
        };
        before = Before::of(codes, &stat, last);
        found.push((stat, shown));
    }
    Ok(found)
}

fn middle(codes: Codes, least: i64, most: i64) -> i64 {
    codes.mean_code((codes.value(Scale::Hundredths, least) + codes.value(Scale::Hundredths, most)) / 2.0)
}

/// What is left of a load when the next is computed and no task runs.
fn left(code: i64) -> i64 {
    const KEPT: f64 = 1_884.0 / 2_048.0;
    (code as f64 * KEPT).round() as i64
}

/// The steps that make up a window, and which value of [`Before`] they begin with. `samples` is what the first one had in the last window.
fn find(stat: &Stat, before: &Before, samples: i64) -> Option<(i64, Window)> {
    let sum = (stat.mean * f64::from(WHOLE) * 100.0).round();
    // Open rows hold an f32.
    if stat.count != WHOLE || (stat.mean * f64::from(WHOLE) * 100.0 - sum).abs() > sum.abs().max(1.0) * 1e-6 {
        return None;
    }
    let sum = sum as i64;
    let ends = [stat.least, stat.most].map(|extreme| (extreme * 100.0).round() as i64);
    let order = std::iter::once(samples).chain((0..=SAMPLES).filter(|other| *other != samples));
    order.flat_map(|samples| (0..3).map(move |place| (place, samples))).find_map(|(place, samples)| {
        let start = before.values[place as usize];
        solve(start, samples, sum, ends).map(|window| (place, window))
    })
}

/// The two steps after `start` with which sum and extremes are right; the smaller ones, if there are several.
fn solve(start: i64, samples: i64, sum: i64, ends: [i64; 2]) -> Option<Window> {
    let after = SAMPLES - samples;
    let rest = sum - start * samples;
    let exactly = |number: i64, by: i64| (by > 0 && number % by == 0).then(|| number / by);
    let of_first =
        |first: i64| if after == 0 { Some([first, first]) } else { exactly(rest - SAMPLES * first, after).map(|last| [first, last]) };
    let of_last = |last: i64| exactly(rest - after * last, SAMPLES).map(|first| [first, last]);
    let tries = [of_first(ends[0]), of_first(ends[1]), of_last(ends[0]), of_last(ends[1])];
    let windows = tries.into_iter().flatten().map(|[first, last]| Window { values: [start, first, last], samples });
    windows.filter(|window| is_right(*window, sum, ends)).min_by_key(|window| {
        let [start, first, last] = window.values;
        (first - left(start)).abs() + (last - left(first)).abs()
    })
}

fn is_right(window: Window, sum: i64, ends: [i64; 2]) -> bool {
    let sampled = || window.values.into_iter().zip(window.weights()).filter(|(_, weight)| *weight > 0);
    let whole: i64 = sampled().map(|(value, weight)| value * weight).sum();
    whole == sum && sampled().map(|(value, _)| value).min() == Some(ends[0]) && sampled().map(|(value, _)| value).max() == Some(ends[1])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::CODES;
    use super::*;

    /// Windows as the pipeline makes them of a load that the kernel computes every `period` samples; now and then a sample is missing.
    fn windows(period: usize, phase: usize) -> Vec<Stat> {
        let (mut load, mut running, mut stats) = (0.4_f64, 1_u64, Vec::new());
        for window in 0..600 {
            let mut stat: Option<Stat> = None;
            for sample in window * 20..window * 20 + 20 {
                if (sample + phase).is_multiple_of(period) {
                    running = running.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    load = (load * 1_884.0 + (running >> 61) as f64 * 164.0) / 2_048.0;
                }
                if sample % 1_009 != 0 {
                    let one = Stat::of((load * 100.0).round() / 100.0);
                    stat = Some(stat.map_or(one, |stat| stat.with(one)));
                }
            }
            stats.extend(stat.map(|stat| Stat { mean: f64::from(stat.mean as f32), ..stat }));
        }
        stats
    }

    #[test]
    fn loads_of_a_kernel_are_steps_and_come_back_exactly() {
        for phase in [0, 3, 9] {
            let stats = windows(10, phase);
            let counts: Vec<u32> = stats.iter().map(|stat| stat.count).collect();
            let steps = divide(CODES, &stats.iter().collect::<Vec<_>>()).unwrap();
            let read = join(CODES, &steps, &counts).unwrap();
            for (stat, (read, last)) in stats.iter().zip(&read) {
                assert_eq!((stat.count, stat.least, stat.most), (read.count, read.least, read.most));
                assert!((stat.mean - read.mean).abs() <= stat.mean * 0.000_5, "{stat:?} is not {read:?}");
                assert!((read.least..=read.most).contains(last));
            }
            let again: Vec<Stat> = read.into_iter().map(|(stat, _)| stat).collect();
            let steps = divide(CODES, &again.iter().collect::<Vec<_>>()).unwrap();
            assert_eq!(join(CODES, &steps, &counts).unwrap().into_iter().map(|(stat, _)| stat).collect::<Vec<_>>(), again);
        }
    }

    #[test]
    fn what_moves_otherwise_is_not_divided() {
        let stats: Vec<Stat> = (0..300).map(|n| Stat { count: 20, mean: 3.301_7 + f64::from(n % 7), least: 1.0, most: 20.0 }).collect();
        assert!(divide(CODES, &stats.iter().collect::<Vec<_>>()).is_none());
    }
}
