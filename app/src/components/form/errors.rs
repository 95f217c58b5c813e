//! What the centre said about a form.

use crate::error::{ApiError, Field, FieldReason};
use leptos::prelude::*;

/// The last answer's errors. A field's error goes as soon as somebody types into it.
#[derive(Clone, Copy)]
pub struct FormErrors(RwSignal<Option<ApiError>>);

impl FormErrors {
    /// No errors.
    pub fn new() -> Self {
        Self(RwSignal::new(None))
    }

    /// Shows `error`, or none.
    pub fn set(self, error: Option<ApiError>) {
        self.0.set(error);
    }

    /// What is wrong with a field.
    pub fn reason(self, field: Field) -> Option<FieldReason> {
        self.0.with(|error| error.as_ref().and_then(|error| error.reason_for(field).cloned()))
    }

    /// An error that belongs to no field.
    pub fn general(self) -> Option<ApiError> {
        self.0.with(|error| error.clone().filter(|error| !matches!(error, ApiError::Invalid(_))))
    }

    /// Whether one of these fields is wrong.
    pub fn any_of(self, fields: &[Field]) -> bool {
        fields.iter().any(|&field| self.reason(field).is_some())
    }

    /// Drops what was said about a field.
    pub fn forget(self, field: Field) {
        let said = self.0.with_untracked(|error| error.as_ref().is_some_and(|error| error.reason_for(field).is_some()));
        if said {
            self.0.update(|error| {
                if let Some(ApiError::Invalid(errors)) = error {
                    errors.retain(|error| error.field != field);
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::FieldError;

    #[test]
    fn typing_into_a_field_drops_its_error_only() {
        let owner = Owner::new();
        owner.set();
        let errors = FormErrors::new();
        let wrong = |field| FieldError { field, reason: FieldReason::Required };
        errors.set(Some(ApiError::Invalid(vec![wrong(Field::Address), wrong(Field::Port)])));
        errors.forget(Field::Address);
        assert_eq!((errors.reason(Field::Address), errors.reason(Field::Port)), (None, Some(FieldReason::Required)));
        assert_eq!(errors.general(), None);
        errors.set(Some(ApiError::Busy));
        errors.forget(Field::Port);
        assert_eq!((errors.general(), errors.any_of(&[Field::Port])), (Some(ApiError::Busy), false));
    }
}
