//! The common beat: everybody samples on multiples of 500 ms of UTC, so that a frame's hosts belong to one instant.

use std::time::Duration;

/// Length of one beat, in milliseconds.
pub const BEAT_MS: u64 = 500;

/// How long after the beat the centre sends its frame, in milliseconds: time for agents to sample and for the network.
pub const FRAME_OFFSET_MS: u64 = 60;

/// Time to wait from `utc_us` (UTC, microseconds) until the next beat that is at `offset_ms` after a multiple of
/// [`BEAT_MS`]. Because each wait is computed from the clock, lateness never adds up. A beat that is nearer than
/// half a beat is skipped, so that waking a little early, or a clock that steps, never makes two beats of one.
pub fn until_next_beat(utc_us: i64, offset_ms: u64) -> Duration {
    let beat_us = (BEAT_MS * 1_000) as i64;
    let phase_us = (utc_us - (offset_ms * 1_000) as i64).rem_euclid(beat_us);
    let mut wait_us = beat_us - phase_us;
    if wait_us < beat_us / 2 {
        wait_us += beat_us;
    }
    Duration::from_micros(wait_us as u64)
}

#[cfg(test)]
mod tests {
    use super::until_next_beat;

    #[test]
    fn waits_until_the_next_multiple_and_never_less_than_half_a_beat() {
        for (utc_us, offset_ms, wait_us) in [
            (0, 0, 500_000),
            (2_000, 0, 498_000),
            (-2_000, 0, 502_000),
            (250_000, 0, 250_000),
            (250_001, 0, 749_999),
            (499_900, 0, 500_100),
            (60_000, 60, 500_000),
            (61_500, 60, 498_500),
            (0, 60, 560_000),
        ] {
            assert_eq!(until_next_beat(utc_us, offset_ms).as_micros(), wait_us, "{utc_us} {offset_ms}");
        }
    }
}
