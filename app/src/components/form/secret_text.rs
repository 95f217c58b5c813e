//! A secret of many lines, such as a private key.

use super::field_frame::{FieldFrame, control_id, description_ids, is_invalid};
use super::{FormErrors, field_word};
use crate::error::Field;
use leptos::prelude::*;
use leptos::text_prop::TextProp;

/// Many lines of secret text.
#[component]
pub fn SecretText(
    field: Field,
    #[prop(into)] label: TextProp,
    errors: FormErrors,
    test_id: &'static str,
    #[prop(optional, into)] hint: Option<TextProp>,
    #[prop(optional, into)] placeholder: Option<TextProp>,
) -> impl IntoView {
    let placeholder = move || placeholder.as_ref().map(TextProp::get);
    view! {
        <FieldFrame field label hint optional=false errors>
            <textarea
                class="control"
                rows="5"
                id=control_id(field)
                name=field_word(field)
                placeholder=placeholder
                autocomplete="off"
                spellcheck="false"
                aria-describedby=description_ids(field)
                aria-invalid=move || is_invalid(errors, field)
                data-testid=test_id
                on:input=move |_| errors.forget(field)
            ></textarea>
        </FieldFrame>
    }
}
