//! History: rows of ten seconds, sealed into compressed chunks, rolled up into coarser tiers, kept as long as each tier says.

mod ask;
mod chunk;
mod keeper;
mod legacy;
mod read;
mod row;
mod rows;
mod tier;
#[cfg(test)]
mod tests;
mod trusted;

pub use ask::{Answer, Ask, AskError, Line, MOST_POINTS, MOST_RANGE_MS};
pub use keeper::{Keeper, Left, Retention};
pub use row::{SampleRow, Stat};
pub use tier::{TIERS, Tier, WINDOW_MS};
