//! The agent: reads this machine on a beat and serves what it read.
//!
//! It executes, writes and deletes nothing: there is no code here that could. Without the feature `serve` only the reading is left,
//! which the centre uses for its own machine.

pub mod machine;
#[cfg(feature = "serve")]
pub mod serve;

/// Version of this build, as `--version` and the facts of a snapshot say it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Stands in the program as it is, so that the centre knows the version of an agent that it has not run.
pub const VERSION_MARK: &str = concat!("tactus-agent-version=", env!("CARGO_PKG_VERSION"), ";");

/// The version that stands in [`VERSION_MARK`].
pub fn version() -> &'static str {
    // Read from memory, so that the mark stays in the program.
    let mark = std::hint::black_box(VERSION_MARK);
    mark.split_once('=').and_then(|(_, version)| version.strip_suffix(';')).unwrap_or(VERSION)
}
