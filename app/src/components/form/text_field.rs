//! A field of one line.

use super::field_frame::{FieldFrame, control_id, description_ids, is_invalid};
use super::{FormErrors, field_word};
use crate::error::Field;
use leptos::prelude::*;
use leptos::text_prop::TextProp;

/// One line of text. Its content is read from the page when the form is sent.
#[component]
pub fn TextField(
    field: Field,
    #[prop(into)] label: TextProp,
    errors: FormErrors,
    test_id: &'static str,
    /// What stands in it at first.
    #[prop(optional, into)]
    value: String,
    #[prop(optional, into)] hint: Option<TextProp>,
    #[prop(optional, into)] placeholder: Option<TextProp>,
    /// Unit shown at its end.
    #[prop(optional)]
    unit: Option<&'static str>,
    #[prop(optional)] optional: bool,
    /// What browsers may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Keyboard of a phone.
    #[prop(default = "text")]
    inputmode: &'static str,
    /// Id of a list of entries that are offered.
    #[prop(optional)]
    list: Option<&'static str>,
    /// Gets the focus when its dialog opens.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let placeholder = move || placeholder.as_ref().map(TextProp::get);
    view! {
        <FieldFrame field label hint optional errors>
            <span class:control-with-unit=unit.is_some()>
                <input
                    class="control"
                    type="text"
                    id=control_id(field)
                    name=field_word(field)
                    value=value
                    placeholder=placeholder
                    autocomplete=autocomplete
                    autocapitalize="none"
                    spellcheck="false"
                    inputmode=inputmode
                    list=list
                    autofocus=autofocus
                    aria-describedby=description_ids(field)
                    aria-invalid=move || is_invalid(errors, field)
                    data-testid=test_id
                    on:input=move |_| errors.forget(field)
                />
                {unit.map(|unit| view! { <span class="control-unit" aria-hidden="true">{unit}</span> })}
            </span>
        </FieldFrame>
    }
}
