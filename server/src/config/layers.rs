//! The layers of settings and where each value came from.

use super::{ConfigError, KEYS, Origin};
use figment::providers::{Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};
use std::path::{Path, PathBuf};

const PREFIX: &str = "TACTUS_";

/// Beginnings of variables that are no settings: switches of the tests, benches and `.ci/run`, which a centre that they start inherits.
const RESERVED: [&str; 5] = ["TACTUS_REQUIRE_REAL", "TACTUS_TEST", "TACTUS_BENCH", "TACTUS_CENTRE", "TACTUS_CI_"];

/// Name of the environment layer in figment's metadata.
const ENVIRONMENT: &str = "environment";

/// File below environment, neither parsed yet. Defaults belong to the subjects.
pub(super) struct Layers {
    figment: Figment,
    file: Option<PathBuf>,
}

/// Environment variables as a layer. figment's own one guesses types (`TACTUS_DATA_DIR=1` would be a number).
struct Variables(Dict);

impl Provider for Variables {
    fn metadata(&self) -> Metadata {
        Metadata::named(ENVIRONMENT)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Profile::Default.collect(self.0.clone()))
    }
}

impl Layers {
    pub(super) fn read(file: Option<&Path>, variables: impl IntoIterator<Item = (String, String)>) -> Result<Self, ConfigError> {
        let mut figment = Figment::new();
        if let Some(path) = file {
            let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
            let layer = Toml::string(&text);
            let data = layer.data().map_err(|error| ConfigError::Syntax { path: path.to_owned(), message: error.to_string() })?;
            let found = data.values().flat_map(Dict::keys);
            refuse_unknown(found, |_| Origin::File(path.to_owned()))?;
            figment = figment.merge(layer);
        }
        let variables: Dict = variables
            .into_iter()
            .filter(|(name, _)| !RESERVED.iter().any(|reserved| name.starts_with(reserved)))
            .filter_map(|(name, value)| Some((name.strip_prefix(PREFIX)?.to_lowercase(), Value::from(value))))
            .collect();
        refuse_unknown(variables.keys(), |key| Origin::Variable(variable_of(key)))?;
        Ok(Self { figment: figment.merge(Variables(variables)), file: file.map(Path::to_owned) })
    }

    /// The text under `key`, turned into a `T`; `None` if the key is set nowhere.
    pub(super) fn parse<T>(
        &self,
        key: &'static str,
        expected: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, ConfigError> {
        let Ok(value) = self.figment.find_value(key) else { return Ok(None) };
        match value.as_str().and_then(parse) {
            Some(parsed) => Ok(Some(parsed)),
            None => Err(self.wrong(key, &value, expected)),
        }
    }

    /// The list under `key`, each item turned into a `T`; in the environment items are separated by commas. Empty if the key is set
    /// nowhere.
    pub(super) fn parse_list<T>(
        &self,
        key: &'static str,
        expected: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<T>, ConfigError> {
        let Ok(value) = self.figment.find_value(key) else { return Ok(Vec::new()) };
        let items = match &value {
            Value::String(_, text) if self.is_variable(key) => {
                text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(&parse).collect()
            }
            Value::Array(_, items) => items.iter().map(|item| item.as_str().and_then(&parse)).collect::<Option<Vec<T>>>(),
            _ => None,
        };
        items.ok_or_else(|| self.wrong(key, &value, expected))
    }

    fn wrong(&self, key: &'static str, value: &Value, expected: &'static str) -> ConfigError {
        let origin = match &self.file {
            Some(path) if !self.is_variable(key) => Origin::File(path.clone()),
            _ => Origin::Variable(variable_of(key)),
        };
        ConfigError::Value { origin, key, found: describe(value), expected }
    }

    fn is_variable(&self, key: &str) -> bool {
        self.figment.find_metadata(key).is_some_and(|metadata| metadata.name == ENVIRONMENT)
    }
}

fn refuse_unknown<'a>(keys: impl Iterator<Item = &'a String>, origin: impl Fn(&str) -> Origin) -> Result<(), ConfigError> {
    match keys.into_iter().find(|key| !KEYS.contains(&key.as_str())) {
        Some(key) => Err(ConfigError::UnknownKey { origin: origin(key), key: key.clone() }),
        None => Ok(()),
    }
}

fn variable_of(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase())
}

fn describe(value: &Value) -> String {
    match value {
        Value::String(_, text) => format!("{text:?}"),
        Value::Num(_, number) => {
            let whole = number.to_i128().map(|whole| whole.to_string()).or_else(|| number.to_u128().map(|whole| whole.to_string()));
            whole.or_else(|| number.to_f64().map(|broken| broken.to_string())).unwrap_or_default()
        }
        Value::Bool(_, bool) => bool.to_string(),
        Value::Array(_, items) => format!("[{}]", items.iter().map(describe).collect::<Vec<_>>().join(", ")),
        Value::Dict(..) => "a table".into(),
        Value::Char(_, char) => format!("{char:?}"),
        Value::Empty(..) => "nothing".into(),
    }
}
