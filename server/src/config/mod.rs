//! Settings of the centre: defaults < `tactus.toml` < environment variables `TACTUS_*`. Read once, checked, passed down.

mod collect;
mod error;
mod http;
mod layers;
mod log;
mod outbound;
mod paths;

pub use collect::CollectConfig;
pub use error::{ConfigError, Origin};
pub use http::{HttpConfig, PublicUrl};
pub use log::LogConfig;
pub use outbound::OutboundConfig;
pub use paths::PathsConfig;

use layers::Layers;
use std::path::Path;

/// Read when it exists and no other file is named.
pub const DEFAULT_FILE: &str = "tactus.toml";

/// Every key that the file may contain. The environment variable of a key is `TACTUS_` and the key in capitals.
pub const KEYS: [&str; 10] = [
    "listen",
    "data_dir",
    "site_dir",
    "agents_dir",
    "trusted_proxies",
    "host_root",
    "public_url",
    "warm_ssh",
    "outbound_allow_loopback",
    "log",
];

/// All settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub http: HttpConfig,
    pub paths: PathsConfig,
    pub collect: CollectConfig,
    pub outbound: OutboundConfig,
    pub log: LogConfig,
}

impl Config {
    /// Reads `file` (or `./tactus.toml` if it exists) and this process' environment.
    ///
    /// # Errors
    /// The first setting that is wrong: where it stands, what was found and what is expected.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let default = Path::new(DEFAULT_FILE);
        let file = file.or_else(|| default.exists().then_some(default));
        let variables =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.to_string_lossy().into_owned())));
        Self::from_sources(file, variables)
    }

    /// Like [`Config::load`], from the given file and variables only. Variables without the prefix `TACTUS_` are ignored.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn from_sources(file: Option<&Path>, variables: impl IntoIterator<Item = (String, String)>) -> Result<Self, ConfigError> {
        let layers = Layers::read(file, variables)?;
        Ok(Self {
            http: HttpConfig::parse(&layers)?,
            paths: PathsConfig::parse(&layers)?,
            collect: CollectConfig::parse(&layers)?,
            outbound: OutboundConfig::parse(&layers)?,
            log: LogConfig::parse(&layers)?,
        })
    }
}
