//! Putting agents on hosts and taking them off, step by step, leaving nothing behind when a step fails.

mod artifact;
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

pub use artifact::{ARCHITECTURES, Artifacts};
pub use install::{Installed, install};
pub use progress::Report;
pub use remove::remove;
