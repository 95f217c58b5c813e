//! The centre's own program, `tactus`.

use crate::process::{build, cargo};
use crate::step::step;
use crate::workspace::Workspace;
use anyhow::Result;
use std::path::PathBuf;

/// How the centre is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// As the unit tests are compiled: shares everything with them.
    Dev,
    /// What `cargo xtask run` starts.
    Release,
    /// What is given to people.
    Dist,
}

impl Profile {
    /// Name in `Cargo.toml` and folder below `target/`.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Dev => ("dev", "debug"),
            Self::Release => ("release", "release"),
            Self::Dist => ("dist", "dist"),
        }
    }
}

/// Builds `tactus` and says where it is.
pub fn build_centre(workspace: &Workspace, profile: Profile) -> Result<PathBuf> {
    let (name, folder) = profile.names();
    step(&format!("centre: compiling ({name})"), || {
        build("centre", cargo().args(["build", "--package", "server", "--bin", "tactus", "--locked", "--profile", name]))
    })?;
    Ok(workspace.path("target").join(folder).join("tactus"))
}
