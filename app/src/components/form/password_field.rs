//! A password with a button that shows it.

use super::field_frame::{FieldFrame, control_id, description_ids, is_invalid};
use super::{FormErrors, field_word};
use crate::error::Field;
use crate::i18n::{text, use_i18n};
use leptos::either::Either;
use leptos::prelude::*;
use leptos::text_prop::TextProp;

/// One secret line, hidden until somebody asks to see it.
#[component]
pub fn PasswordField(
    field: Field,
    #[prop(into)] label: TextProp,
    errors: FormErrors,
    test_id: &'static str,
    #[prop(optional, into)] hint: Option<TextProp>,
    #[prop(optional, into)] placeholder: Option<TextProp>,
    #[prop(optional)] optional: bool,
    /// What browsers may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
) -> impl IntoView {
    let i18n = use_i18n();
    let shown = RwSignal::new(false);
    let placeholder = move || placeholder.as_ref().map(TextProp::get);
    let word = move || match shown.get() {
        true => Either::Left(text!(i18n, common.password.hide)),
        false => Either::Right(text!(i18n, common.password.show)),
    };
    view! {
        <FieldFrame field label hint optional errors>
            <span class="control-with-button">
                <input
                    class="control"
                    type=move || if shown.get() { "text" } else { "password" }
                    id=control_id(field)
                    name=field_word(field)
                    placeholder=placeholder
                    autocomplete=autocomplete
                    autocapitalize="none"
                    spellcheck="false"
                    aria-describedby=description_ids(field)
                    aria-invalid=move || is_invalid(errors, field)
                    data-testid=test_id
                    on:input=move |_| errors.forget(field)
                />
                <button
                    type="button"
                    class="control-button"
                    aria-pressed=move || shown.get().to_string()
                    aria-controls=control_id(field)
                    on:click=move |_| shown.update(|shown| *shown = !*shown)
                >
                    {word}
                </button>
            </span>
        </FieldFrame>
    }
}
