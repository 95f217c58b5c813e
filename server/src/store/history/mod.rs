//! History: rows of ten seconds, sealed into compressed chunks, rolled up into coarser tiers, kept as long as each tier says.

mod ask;
mod check;
mod keeper;
mod legacy;
mod processes;
mod read;
mod recordings;
mod retention;
mod rows;
#[cfg(test)]
mod tests;
mod trusted;

pub use archive::{DAY_MS, HOUR_MS, SampleRow, Stat, TIERS, Tier, WINDOW_MS};
pub use ask::{Answer, Ask, AskError, Line, MOST_LINES, MOST_POINTS, MOST_RANGE_MS};
pub(super) use check::{check_chunks, check_recordings, check_rows};
pub use keeper::{Keeper, Left};
pub use processes::{ProcessMinute, ProgramTotal, ProgramUse};
pub use recordings::{RECORDED_MS, Recorded, RecordedPiece};
pub use retention::{Retention, TierSize};
pub use rows::Batch;
