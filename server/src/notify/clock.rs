//! The time that tasks go by.

use std::sync::Arc;
use std::time::Duration;

/// Tells now: UTC, milliseconds since 1970. Tests turn it as they like.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Nothing is waited for longer, so that a clock that is set does not make a deadline disappear.
const LONGEST: Duration = Duration::from_secs(600);

/// How long to sleep until a deadline; without one as long as is ever slept.
pub fn until(at_ms: Option<i64>, now_ms: i64) -> Duration {
    at_ms.map_or(LONGEST, |at_ms| Duration::from_millis(u64::try_from(at_ms - now_ms).unwrap_or(0)).min(LONGEST))
}
