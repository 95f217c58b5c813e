//! The one place that reads the wall clock.

use std::time::{SystemTime, UNIX_EPOCH};

/// Now: UTC, microseconds since 1970 (negative before).
pub fn now_us() -> i64 {
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_micros()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_micros()).map_or(i64::MIN, |us| -us),
    }
}

/// Now: UTC, milliseconds since 1970.
pub fn now_ms() -> i64 {
    now_us().div_euclid(1_000)
}
