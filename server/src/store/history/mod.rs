//! History: rows of ten seconds, sealed into compressed chunks, rolled up into coarser tiers, kept as long as each tier says.

mod ask;
mod check;
mod chunk;
mod keeper;
mod legacy;
mod processes;
mod read;
mod recordings;
mod retention;
mod row;
mod rows;
#[cfg(test)]
mod tests;
mod tier;
mod trusted;

pub use ask::{Answer, Ask, AskError, Line, MOST_LINES, MOST_POINTS, MOST_RANGE_MS};
pub(super) use check::{check_chunks, check_recordings, check_rows};
pub use keeper::{Keeper, Left};
pub use processes::{ProcessMinute, ProgramTotal, ProgramUse};
pub use recordings::{RECORDED_MS, Recorded, RecordedPiece};
pub use retention::{Retention, TierSize};
pub use row::{SampleRow, Stat};
pub use rows::Batch;
pub use tier::{DAY_MS, HOUR_MS, TIERS, Tier, WINDOW_MS};
