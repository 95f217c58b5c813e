//! What the centre said about the form of a notifier, a route or the heartbeat. Fields are known by their names.

use crate::error::ApiError;
use leptos::prelude::*;
use protocol::notify::{FieldProblem, WrongField};

/// The last answer's errors. A field's error goes as soon as somebody changes the field.
#[derive(Clone, Copy)]
pub struct Wrong {
    /// Beginning of the ids and test ids of the form's fields.
    pub form: &'static str,
    error: RwSignal<Option<ApiError>>,
}

impl Wrong {
    /// No errors.
    pub fn new(form: &'static str) -> Self {
        Self { form, error: RwSignal::new(None) }
    }

    /// Shows `error`, or none.
    pub fn set(self, error: Option<ApiError>) {
        self.error.set(error);
    }

    /// What is wrong with a field.
    pub fn about(self, field: &str) -> Option<WrongField> {
        self.error.with(|error| found(error.as_ref(), field).cloned())
    }

    /// `aria-invalid` of a field.
    pub fn is_invalid(self, field: &str) -> &'static str {
        if self.error.with(|error| found(error.as_ref(), field).is_some()) { "true" } else { "false" }
    }

    /// An error that belongs to no field.
    pub fn general(self) -> Option<ApiError> {
        self.error.with(|error| error.clone().filter(|error| !matches!(error, ApiError::WrongFields(_))))
    }

    /// Drops what was said about a field.
    pub fn forget(self, field: &str) {
        if self.error.with_untracked(|error| found(error.as_ref(), field).is_some()) {
            self.error.update(|error| {
                if let Some(ApiError::WrongFields(wrong)) = error {
                    wrong.retain(|wrong| wrong.field != field);
                }
            });
        }
    }
}

fn found<'a>(error: Option<&'a ApiError>, field: &str) -> Option<&'a WrongField> {
    match error {
        Some(ApiError::WrongFields(wrong)) => wrong.iter().find(|wrong| wrong.field == field),
        _ => None,
    }
}

/// A field that the page itself cannot read.
pub fn unreadable(field: &str) -> WrongField {
    WrongField { field: field.to_owned(), problem: FieldProblem::NoNumber, detail: String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changing_a_field_drops_its_error_only() {
        let owner = Owner::new();
        owner.set();
        let wrong = Wrong::new("form");
        wrong.set(Some(ApiError::WrongFields(vec![unreadable("port"), unreadable("url")])));
        wrong.forget("port");
        assert_eq!((wrong.about("port"), wrong.is_invalid("url"), wrong.general()), (None, "true", None));
        wrong.set(Some(ApiError::Busy));
        wrong.forget("url");
        assert_eq!((wrong.is_invalid("url"), wrong.general()), ("false", Some(ApiError::Busy)));
    }
}
