//! What history is made of: rows of ten seconds, the tiers that they are rolled up into, and the chunks that they are sealed in. Pure:
//! the centre's store decides when, and keeps the bytes.

pub mod chunk;
mod rollup;
mod row;
mod tier;

pub use rollup::roll_up;
pub use row::{SampleRow, Stat, decode, encode, source_number, source_of};
pub use tier::{DAY_MS, DAYS_MS, HOUR_MS, MINUTE_MS, MONTH_MS, TIERS, Tier, WINDOW_MS, start_of};

/// Bytes or a number that this version did not write and cannot read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed {what}")]
pub struct Malformed {
    /// What should have been there, in a word.
    pub what: &'static str,
}
