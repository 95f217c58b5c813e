//! Errors of server functions as sentences.

use super::failure_text;
use crate::error::ApiError;
use crate::i18n::{Locale, td_string};

/// What went wrong and what to do about it, in one or two sentences.
pub fn api_error_text(locale: Locale, error: &ApiError) -> String {
    match error {
        ApiError::Unauthorized => td_string!(locale, errors.api.unauthorized).to_string(),
        ApiError::Forbidden => td_string!(locale, errors.api.forbidden).to_string(),
        ApiError::NotFound => td_string!(locale, errors.api.not_found).to_string(),
        ApiError::Invalid(_) | ApiError::WrongFields(_) => td_string!(locale, errors.api.invalid).to_string(),
        ApiError::Throttled { wait_s } => td_string!(locale, errors.api.throttled, seconds = wait_s),
        ApiError::Deploy(failure) => failure_text(locale, failure),
        ApiError::Busy => td_string!(locale, errors.api.busy).to_string(),
        ApiError::Unavailable => td_string!(locale, errors.api.unavailable).to_string(),
        ApiError::Network => td_string!(locale, errors.api.network).to_string(),
        ApiError::Internal { reference } => td_string!(locale, errors.api.internal, reference = reference.as_str()),
    }
}
