//! What can be wrong with the settings, said so that it can be mended without reading the manual.

use super::KEYS;
use std::fmt;
use std::path::PathBuf;

/// Where a setting stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    File(PathBuf),
    /// Name of the environment variable.
    Variable(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(formatter, "{}", path.display()),
            Self::Variable(name) => write!(formatter, "environment variable {name}"),
        }
    }
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{}: cannot read the configuration file: {source}", path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("{}: not valid TOML: {message}", path.display())]
    Syntax { path: PathBuf, message: String },
    #[error("{origin}: unknown key `{key}`; expected one of {}", KEYS.join(", "))]
    UnknownKey { origin: Origin, key: String },
    #[error("{origin}: key `{key}`: found {found}, expected {expected}")]
    Value { origin: Origin, key: &'static str, found: String, expected: &'static str },
}
