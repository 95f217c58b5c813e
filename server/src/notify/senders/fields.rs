//! The filled-in form of a notifier, with its secrets unsealed.

use protocol::notify::NotifierKind;
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;

/// The filled-in form of a notifier. `Debug` shows no secret.
#[derive(Clone, Debug)]
pub struct Fields {
    kind: NotifierKind,
    values: BTreeMap<String, String>,
    secrets: BTreeMap<String, SecretString>,
}

impl Fields {
    /// The form of a kind.
    pub fn new(kind: NotifierKind, values: BTreeMap<String, String>, secrets: BTreeMap<String, SecretString>) -> Self {
        Self { kind, values, secrets }
    }

    /// What stands in a field, secret or not, without blanks around it; its default where it is empty.
    pub fn text(&self, name: &str) -> &str {
        let default = || self.kind.field(name).map_or("", |field| field.default);
        let secret = self.secrets.get(name).map(|secret| secret.expose_secret());
        secret.or_else(|| self.values.get(name).map(String::as_str)).map(str::trim).filter(|text| !text.is_empty()).unwrap_or_else(default)
    }

    /// The entries of a list.
    pub fn list(&self, name: &str) -> Vec<&str> {
        self.text(name).split([',', '，', '\n']).map(str::trim).filter(|entry| !entry.is_empty()).collect()
    }

    /// Whether a flag is set.
    pub fn flag(&self, name: &str) -> bool {
        self.text(name) == "true"
    }

    /// All secrets, so that they can be masked.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        self.secrets.values().map(|secret| secret.expose_secret().trim())
    }
}
