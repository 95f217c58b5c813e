//! The tiers: one table that drives rollup, sealing, retention and the choice of a query.

/// Width of a row of the finest tier in milliseconds.
pub const WINDOW_MS: i64 = 10_000;

pub const MINUTE_MS: i64 = 60_000;
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
pub const DAY_MS: i64 = 24 * HOUR_MS;
/// A month is long in coming: until then the chunks of coarse tiers are of five days.
pub const DAYS_MS: i64 = 5 * DAY_MS;
/// Chunks of coarse tiers grow up to thirty days.
pub const MONTH_MS: i64 = 30 * DAY_MS;

/// A resolution with its retention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tier {
    /// In the database, never to be reused.
    pub number: u8,
    /// Width of a row in milliseconds.
    pub step_ms: i64,
    /// Chunks of the first span are merged into ones of the next when that has passed; milliseconds, each a multiple of the one before.
    pub spans_ms: &'static [i64],
    /// How long it is kept unless a setting says otherwise, in days.
    pub kept_days: u32,
}

/// Finest first. Each step is a multiple of the one before, and of the last divides an hour: an hour is what is sealed at once.
pub const TIERS: [Tier; 3] = [
    Tier { number: 1, step_ms: WINDOW_MS, spans_ms: &[HOUR_MS, DAY_MS], kept_days: 90 },
    Tier { number: 2, step_ms: 5 * MINUTE_MS, spans_ms: &[HOUR_MS, DAY_MS, DAYS_MS, MONTH_MS], kept_days: 365 },
    Tier { number: 3, step_ms: HOUR_MS, spans_ms: &[HOUR_MS, DAY_MS, DAYS_MS, MONTH_MS], kept_days: 5 * 365 },
];

/// Start of the period of `span_ms` that holds `at_ms`.
pub fn start_of(at_ms: i64, span_ms: i64) -> i64 {
    at_ms - at_ms.rem_euclid(span_ms)
}
