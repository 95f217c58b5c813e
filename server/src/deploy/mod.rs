//! Putting agents on hosts and taking them off, step by step, leaving nothing behind when a step fails.

mod artifact;
mod credentials;
mod install;

pub use artifact::{ARCHITECTURES, Artifacts};
pub use install::{Installed, install, remove};
