//! Two counters and a time to a rate.

/// No device moves this much in a second (bytes, packets, requests): a larger step is a counter that was set anew.
const IMPOSSIBLE_PER_S: f64 = 1e13;

/// Change per second. `None` when the counter has restarted or wrapped, or no time has passed.
pub(crate) fn per_second(previous: u64, now: u64, elapsed_s: f64) -> Option<f64> {
    let change = now.checked_sub(previous)? as f64;
    let rate = change / elapsed_s;
    (elapsed_s > 0.0 && rate < IMPOSSIBLE_PER_S).then_some(rate)
}

#[cfg(test)]
mod tests {
    use super::per_second;

    #[test]
    fn a_restarted_counter_is_a_gap() {
        for (previous, now, elapsed_s, rate) in [
            (100, 200, 0.5, Some(200.0)),
            (100, 100, 0.5, Some(0.0)),
            (200, 100, 0.5, None),
            (u64::MAX, 3, 0.5, None),
            (0, u64::MAX, 0.5, None),
            (100, 200, 0.0, None),
            (100, 100, 0.0, None),
            (100, 200, -1.0, None),
            (100, 200, f64::NAN, None),
        ] {
            assert_eq!(per_second(previous, now, elapsed_s), rate, "{previous} {now} {elapsed_s}");
        }
    }
}
