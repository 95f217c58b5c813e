//! The agent: reads this machine on a beat and serves what it read.
//!
//! It executes, writes and deletes nothing: there is no code here that could. Without the feature `serve` only the reading is left,
//! which the centre uses for its own machine.

pub mod machine;
#[cfg(feature = "serve")]
pub mod serve;

/// Version of this build, as `--version` and the facts of a snapshot say it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
