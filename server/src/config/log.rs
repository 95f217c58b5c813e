//! What is logged.

use super::ConfigError;
use super::layers::Layers;
use tracing_subscriber::EnvFilter;

/// What is logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogConfig {
    /// Directives of `tracing_subscriber::EnvFilter`, such as `info` or `info,tactus=debug`.
    pub filter: String,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { filter: "info".into() }
    }
}

impl LogConfig {
    pub(super) fn parse(layers: &Layers) -> Result<Self, ConfigError> {
        let expected = "levels, such as info or info,tactus=debug";
        let filter = layers.parse("log", expected, |text| EnvFilter::try_new(text).ok().map(|_| text.to_owned()))?;
        Ok(filter.map_or_else(Self::default, |filter| Self { filter }))
    }
}
