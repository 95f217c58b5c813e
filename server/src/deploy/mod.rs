//! Putting agents on hosts and taking them off, step by step, leaving nothing behind when a step fails.

mod artifact;
mod check;
mod credentials;
mod enter;
mod failure;
mod first_sample;
mod install;
mod plan;
mod preflight;
mod progress;
mod remote;
mod remove;
mod restrict;
mod upgrade;
mod visit;

pub use artifact::{ARCHITECTURES, Artifacts};
pub use check::{Checked, check};
pub use install::{Installed, install};
pub use progress::Report;
pub use remove::remove;
pub use restrict::restrict;
pub use upgrade::{is_newer, upgrade};
