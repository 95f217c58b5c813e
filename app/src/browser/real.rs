//! The browser's side.

use crate::components::field_word;
use crate::error::Field;
use leptos::ev::SubmitEvent;
use leptos::prelude::{request_animation_frame, window};
use leptos::web_sys::HtmlDialogElement;
use protocol::secret::Secret;
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlElement, HtmlFormElement};

/// What stands in a form's fields. Read from the page itself, because password managers fill fields
/// without telling anybody.
pub struct FormValues(Option<FormData>);

impl FormValues {
    /// Text of a field; empty when there is no such field.
    pub fn text(&self, field: Field) -> String {
        self.0.as_ref().and_then(|data| data.get(field_word(field)).as_string()).unwrap_or_default()
    }

    /// Text of a secret field.
    pub fn secret(&self, field: Field) -> Secret {
        Secret::new(self.text(field))
    }
}

/// The fields of the form that is being submitted.
pub fn values_of(event: &SubmitEvent) -> FormValues {
    let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
    FormValues(form.and_then(|form| FormData::new_with_form(&form).ok()))
}

/// Leaves this page for `path` by a full load.
pub fn load_page(path: &str) {
    // A failure means that the browser is leaving already.
    let _ = window().location().set_href(path);
}

/// Puts the focus on the first wrong field of the form with this id, once the page shows the errors.
pub fn focus_first_invalid(form_id: &'static str) {
    request_animation_frame(move || {
        let selector = format!("#{form_id} [aria-invalid='true']");
        let found = leptos::prelude::document().query_selector(&selector).ok().flatten();
        if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}

/// Opens a dialog above the page.
pub fn show_dialog(dialog: &HtmlDialogElement) {
    if !dialog.open() {
        // It fails only for a dialog that is not in the document, which then is about to vanish.
        let _ = dialog.show_modal();
    }
}

/// Closes a dialog.
pub fn close_dialog(dialog: &HtmlDialogElement) {
    dialog.close();
}
