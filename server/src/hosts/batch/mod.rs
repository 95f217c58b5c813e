//! Many hosts from one text: what each line says, and what is wrong with it. Pure.

mod csv;
mod list;
mod ssh_config;

use super::{ValidHost, validate_host};
use app::error::{ApiError, Field, FieldError, FieldReason};
use app::forms::{BatchForm, BatchKind, HostForm};
use app::views::BatchLine;
use std::collections::HashMap;

/// Most bytes of a text: with its JSON and a private key it stays below what a request may have.
const MAX_TEXT: usize = 128 * 1_024;

/// Most hosts of a text.
const MAX_HOSTS: usize = 1_000;

/// What a text says of one host.
#[derive(Debug)]
struct Described {
    /// Line where it begins, from 1.
    line: usize,
    form: HostForm,
    errors: Vec<FieldError>,
}

/// One host of a text, checked.
pub struct CheckedLine {
    /// What the page shows of it; without secrets.
    pub shown: BatchLine,
    /// What is added; `None` where something is wrong.
    pub host: Option<ValidHost>,
}

/// Reads a text. `taken` names the host that has an address (in lower case) and port already.
///
/// # Errors
/// [`ApiError::Invalid`] when the text as a whole cannot be used: empty, too long, too many hosts, a header without addresses.
pub fn read_batch(form: &BatchForm, taken: impl Fn(&str, u16) -> Option<String>) -> Result<Vec<CheckedLine>, ApiError> {
    let text = form.text.reveal().trim_start_matches('\u{feff}');
    let whole = |reason| ApiError::field(Field::Batch, reason);
    if text.len() > MAX_TEXT {
        return Err(whole(FieldReason::TooLong { most: MAX_TEXT }));
    }
    let described = match form.kind {
        BatchKind::List => list::read(text, &form.defaults),
        BatchKind::Csv => csv::read(text, &form.defaults).map_err(whole)?,
        BatchKind::SshConfig => ssh_config::read(text, &form.defaults),
    };
    match described.len() {
        0 => return Err(whole(FieldReason::Required)),
        1..=MAX_HOSTS => {}
        _ => return Err(whole(FieldReason::TooManyLines { most: MAX_HOSTS })),
    }
    let mut places: HashMap<(String, u16), usize> = HashMap::new();
    Ok(described.into_iter().map(|described| check(described, &mut places, &taken)).collect())
}

fn check(described: Described, places: &mut HashMap<(String, u16), usize>, taken: &impl Fn(&str, u16) -> Option<String>) -> CheckedLine {
    let Described { line, form, mut errors } = described;
    let checked = validate_host(&form, |_| false);
    let (host, shown) = match checked {
        Ok(host) => {
            let place = (host.profile.address.clone(), host.profile.port);
            let name = taken(&place.0, place.1);
            if let Some(earlier) = places.get(&place) {
                errors.push(FieldError { field: Field::Address, reason: FieldReason::Repeated { line: *earlier } });
            } else if let Some(name) = name {
                errors.push(FieldError { field: Field::Address, reason: FieldReason::Taken { name } });
            }
            places.entry(place).or_insert(line);
            let shown = (host.profile.address.clone(), host.profile.port.to_string());
            (Some(host), shown)
        }
        Err(error) => {
            if let ApiError::Invalid(found) = error {
                // What the line itself could not be read as explains more than that the field is empty now.
                if errors.is_empty() {
                    errors = found;
                }
            }
            (None, (form.address.clone(), form.port.clone()))
        }
    };
    let shown = BatchLine {
        line,
        address: shown.0,
        port: shown.1,
        user: form.user,
        method: form.method,
        remark: form.remark,
        group: form.group,
        tags: form.tags,
        agentless: form.agentless,
        errors,
    };
    CheckedLine { host: host.filter(|_| shown.errors.is_empty()), shown }
}

#[cfg(test)]
mod tests;
