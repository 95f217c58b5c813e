//! Where messages may go.

use super::ConfigError;
use super::layers::Layers;

/// Where messages may go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutboundConfig {
    /// Whether notifiers may reach this machine itself. Off, because what listens on loopback often trusts whoever asks.
    pub allow_loopback: bool,
}

impl OutboundConfig {
    pub(super) fn parse(layers: &Layers) -> Result<Self, ConfigError> {
        let allow_loopback = layers.parse("outbound_allow_loopback", "true or false", |text| text.parse().ok())?;
        Ok(Self { allow_loopback: allow_loopback.unwrap_or_default() })
    }
}
