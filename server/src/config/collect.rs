//! How hosts are read.

use super::ConfigError;
use super::layers::Layers;

/// How hosts are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollectConfig {
    /// Whether one SSH session of each host is kept logged in, so that the way around an agent takes less than two beats. Without it a
    /// login comes first.
    pub warm_ssh: bool,
}

impl Default for CollectConfig {
    fn default() -> Self {
        Self { warm_ssh: true }
    }
}

impl CollectConfig {
    pub(super) fn parse(layers: &Layers) -> Result<Self, ConfigError> {
        let warm_ssh = layers.parse("warm_ssh", "true or false", |text| text.parse().ok())?;
        Ok(warm_ssh.map_or_else(Self::default, |warm_ssh| Self { warm_ssh }))
    }
}
