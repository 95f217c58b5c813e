//! Where the centre keeps and finds its files.

use super::ConfigError;
use super::layers::Layers;
use std::path::{Path, PathBuf};

/// Where the centre keeps and finds its files. Relative paths count from the working directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathsConfig {
    /// Database and key file.
    pub data_dir: PathBuf,
    /// What `cargo xtask` built for the browser.
    pub site_dir: PathBuf,
    /// Agents for the hosts, one executable per architecture.
    pub agents_dir: PathBuf,
    /// Root below which the centre's own `/proc` and `/sys` are read; `/host` in a container.
    pub host_root: PathBuf,
}

impl PathsConfig {
    pub(super) fn parse(layers: &Layers) -> Result<Self, ConfigError> {
        let folder = |key| layers.parse(key, "an existing folder", |text| Path::new(text).is_dir().then(|| PathBuf::from(text)));
        let data_dir = layers.parse("data_dir", "a path", |text| (!text.is_empty()).then(|| PathBuf::from(text)))?;
        Ok(Self {
            data_dir: data_dir.unwrap_or_else(|| PathBuf::from("./data")),
            site_dir: folder("site_dir")?.unwrap_or_else(|| built("site")),
            agents_dir: folder("agents_dir")?.unwrap_or_else(|| built("agents")),
            host_root: folder("host_root")?.unwrap_or_else(|| PathBuf::from("/")),
        })
    }
}

/// The folder `name` of the build: beside the executable (an unpacked archive), beside its folder (`target/release/tactus`), or two levels
/// up (`target/debug/deps/…`, tests); `target/<name>` if there is none.
fn built(name: &str) -> PathBuf {
    let executable = std::env::current_exe().unwrap_or_default();
    let found = executable.ancestors().skip(1).take(3).map(|folder| folder.join(name)).find(|folder| folder.is_dir());
    found.unwrap_or_else(|| Path::new("target").join(name))
}
