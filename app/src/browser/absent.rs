//! The centre's side: the same functions without a browser.

use crate::error::Field;
use leptos::ev::{Event, SubmitEvent};
use leptos::web_sys::HtmlDialogElement;
use protocol::secret::Secret;

/// Fields of a form; always empty here.
pub struct FormValues;

impl FormValues {
    /// Empty.
    pub fn text(&self, _field: Field) -> String {
        String::new()
    }

    /// Empty.
    pub fn secret(&self, _field: Field) -> Secret {
        Secret::default()
    }
}

/// No fields.
pub fn values_of(_event: &SubmitEvent) -> FormValues {
    FormValues
}

/// No fields.
pub fn values_in(_form_id: &str) -> FormValues {
    FormValues
}

/// UTC.
pub fn offset_minutes(_at_ms: i64) -> i32 {
    0
}

/// Nothing.
pub fn read_file(_event: &Event, _field: Field) {}

/// Nothing.
pub fn load_page(_path: &str) {}

/// Nothing.
pub fn focus_first_invalid(_form_id: &'static str) {}

/// Nothing.
pub fn show_dialog(_dialog: &HtmlDialogElement) {}

/// Nothing.
pub fn close_dialog(_dialog: &HtmlDialogElement) {}

/// Nothing.
pub fn focus_first(_selector: &str) {}

/// The beginning of time: nothing happens here.
pub fn now_ms() -> i64 {
    0
}

/// UTC.
pub fn time_zone() -> String {
    "UTC".into()
}

/// Nothing.
pub fn remembered(_key: &str) -> Option<String> {
    None
}

/// Nothing.
pub fn remember(_key: &str, _text: &str) {}
