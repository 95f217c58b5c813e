//! What stands around every field.

use super::{FormErrors, field_word};
use crate::error::Field;
use crate::i18n::{text, use_i18n};
use crate::texts::field_reason_text;
use leptos::prelude::*;
use leptos::text_prop::TextProp;

/// Id of a field's control.
pub(super) fn control_id(field: Field) -> String {
    format!("field-{}", field_word(field))
}

/// Ids of what describes a field: its hint and its error.
pub(super) fn description_ids(field: Field) -> String {
    let word = field_word(field);
    format!("hint-{word} error-{word}")
}

/// `aria-invalid` of a field.
pub(super) fn is_invalid(errors: FormErrors, field: Field) -> &'static str {
    if errors.reason(field).is_some() { "true" } else { "false" }
}

/// Label above a control, hint and error below it.
#[component]
pub fn FieldFrame(
    field: Field,
    label: TextProp,
    hint: Option<TextProp>,
    optional: bool,
    errors: FormErrors,
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let word = field_word(field);
    let error = move || errors.reason(field).map(|reason| field_reason_text(i18n.get_locale(), field, &reason));
    view! {
        <div class="field">
            <label class="field-label" for=control_id(field)>
                <span>{move || label.get()}</span>
                {optional.then(|| view! { <span class="field-optional">{text!(i18n, common.field.optional)}</span> })}
            </label>
            {children()}
            <p class="field-error" id=format!("error-{word}") data-testid=format!("field-error-{word}")>{error}</p>
            {hint.map(|hint| view! { <p class="field-hint" id=format!("hint-{word}")>{move || hint.get()}</p> })}
        </div>
    }
}
