//! Fields of this tab's forms: label, control, hint and error.

use super::wrong::Wrong;
use crate::i18n::{t_string, text, use_i18n};
use crate::texts::field_problem_text;
use leptos::prelude::*;
use leptos::text_prop::TextProp;

/// Label above a control, hint and error below it.
#[component]
pub fn Frame(
    wrong: Wrong,
    field: &'static str,
    label: TextProp,
    #[prop(optional_no_strip)] hint: Option<TextProp>,
    #[prop(optional)] optional: bool,
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let form = wrong.form;
    let error = move || wrong.about(field).map(|wrong| field_problem_text(i18n.get_locale(), &wrong));
    view! {
        <div class="field">
            <label class="field-label" for=format!("{form}-{field}")>
                <span>{move || label.get()}</span>
                {optional.then(|| view! { <span class="field-optional">{text!(i18n, common.field.optional)}</span> })}
            </label>
            {children()}
            <p class="field-error" id=format!("{form}-error-{field}") data-testid=format!("{form}-error-{field}")>{error}</p>
            {hint.map(|hint| view! { <p class="field-hint" id=format!("{form}-hint-{field}")>{move || hint.get()}</p> })}
        </div>
    }
}

/// Ids of what describes a field: its hint and its error.
fn described_by(form: &str, field: &str) -> String {
    format!("{form}-hint-{field} {form}-error-{field}")
}

/// One line of text.
#[component]
pub fn Line(
    wrong: Wrong,
    field: &'static str,
    value: RwSignal<String>,
    #[prop(into)] label: TextProp,
    #[prop(optional, into)] hint: Option<TextProp>,
    #[prop(optional)] optional: bool,
    /// What holds while it is empty.
    #[prop(optional, into)]
    placeholder: String,
    /// Of the control.
    #[prop(default = "text")]
    kind: &'static str,
    /// Keyboard of a phone.
    #[prop(default = "text")]
    inputmode: &'static str,
    /// Shown at its end.
    #[prop(optional, into)]
    unit: Option<TextProp>,
    /// Gets the focus when its dialog opens.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let form = wrong.form;
    let id = format!("{form}-{field}");
    let has_unit = unit.is_some();
    view! {
        <Frame wrong field label hint optional>
            <span class:control-with-unit=has_unit>
                <input class="control" type=kind id=id.clone() data-testid=id prop:value=value placeholder=placeholder autocomplete="off"
                    autocapitalize="none" spellcheck="false" inputmode=inputmode autofocus=autofocus aria-describedby=described_by(form, field)
                    aria-invalid=move || wrong.is_invalid(field)
                    on:input:target=move |event| {
                        value.set(event.target().value());
                        wrong.forget(field);
                    }/>
                {unit.map(|unit| view! { <span class="control-unit" aria-hidden="true">{move || unit.get()}</span> })}
            </span>
        </Frame>
    }
}

/// Several lines of text.
#[component]
pub fn Area(
    wrong: Wrong,
    field: &'static str,
    value: RwSignal<String>,
    #[prop(into)] label: TextProp,
    #[prop(optional, into)] hint: Option<TextProp>,
    #[prop(optional)] optional: bool,
    #[prop(default = "3")] rows: &'static str,
    /// What stands in it while it is empty.
    #[prop(optional, into)]
    placeholder: Option<TextProp>,
) -> impl IntoView {
    let form = wrong.form;
    let id = format!("{form}-{field}");
    let placeholder = move || placeholder.as_ref().map(TextProp::get);
    view! {
        <Frame wrong field label hint optional>
            <textarea class="control notify-area" rows=rows id=id.clone() data-testid=id prop:value=value placeholder=placeholder autocomplete="off"
                spellcheck="false" aria-describedby=described_by(form, field) aria-invalid=move || wrong.is_invalid(field)
                on:input:target=move |event| {
                    value.set(event.target().value());
                    wrong.forget(field);
                }></textarea>
        </Frame>
    }
}

/// One secret line, hidden until somebody asks to see what is being typed. What is stored is never there to be seen.
#[component]
pub fn SecretLine(
    wrong: Wrong,
    field: &'static str,
    value: RwSignal<String>,
    #[prop(into)] label: TextProp,
    #[prop(optional, into)] hint: Option<TextProp>,
    #[prop(optional)] optional: bool,
    #[prop(optional, into)] placeholder: Option<TextProp>,
) -> impl IntoView {
    let i18n = use_i18n();
    let form = wrong.form;
    let id = format!("{form}-{field}");
    let shown = RwSignal::new(false);
    let placeholder = move || placeholder.as_ref().map(TextProp::get);
    let word = move || if shown.get() { t_string!(i18n, common.password.hide) } else { t_string!(i18n, common.password.show) };
    view! {
        <Frame wrong field label hint optional>
            <span class="control-with-button">
                <input class="control" type=move || if shown.get() { "text" } else { "password" } id=id.clone() data-testid=id.clone() prop:value=value
                    placeholder=placeholder autocomplete="new-password" autocapitalize="none" spellcheck="false"
                    aria-describedby=described_by(form, field) aria-invalid=move || wrong.is_invalid(field)
                    on:input:target=move |event| {
                        value.set(event.target().value());
                        wrong.forget(field);
                    }/>
                <button type="button" class="control-button" aria-pressed=move || shown.get().to_string() aria-controls=id
                    on:click=move |_| shown.update(|shown| *shown = !*shown)>{word}</button>
            </span>
        </Frame>
    }
}

/// One of a few.
#[component]
pub fn Choice(
    wrong: Wrong,
    field: &'static str,
    value: RwSignal<String>,
    #[prop(into)] label: TextProp,
    /// What can be chosen.
    choices: &'static [&'static str],
    /// How it is called.
    name: fn(crate::i18n::Locale, &'static str) -> &'static str,
) -> impl IntoView {
    let i18n = use_i18n();
    let form = wrong.form;
    let id = format!("{form}-{field}");
    let option = move |choice: &'static str| {
        view! { <option value=choice selected=move || value.with(|value| value == choice)>{move || name(i18n.get_locale(), choice)}</option> }
    };
    view! {
        <Frame wrong field label>
            <select class="control" id=id.clone() data-testid=id aria-describedby=described_by(form, field) aria-invalid=move || wrong.is_invalid(field)
                on:change:target=move |event| {
                    value.set(event.target().value());
                    wrong.forget(field);
                }>{choices.iter().map(|choice| option(choice)).collect_view()}</select>
        </Frame>
    }
}

/// Yes or no.
#[component]
pub fn Tick(
    wrong: Wrong,
    field: &'static str,
    value: RwSignal<bool>,
    #[prop(into)] label: TextProp,
    #[prop(optional, into)] hint: Option<TextProp>,
) -> impl IntoView {
    view! {
        <label class="tick">
            <input type="checkbox" data-testid=format!("{}-{field}", wrong.form) prop:checked=value
                on:change:target=move |event| {
                    value.set(event.target().checked());
                    wrong.forget(field);
                }/>
            <span>{move || label.get()}</span>
            {hint.map(|hint| view! { <span class="field-hint">{move || hint.get()}</span> })}
        </label>
    }
}

/// A part of a form that is folded. It opens where an entry in it is wrong, and closes by hand only.
#[component]
pub fn Fold(
    wrong: Wrong,
    /// The fields in it.
    fields: Vec<&'static str>,
    #[prop(into)] title: TextProp,
    test_id: &'static str,
    children: Children,
) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || {
        if fields.iter().any(|field| wrong.about(field).is_some()) {
            open.set(true);
        }
    });
    view! {
        <details class="fold" prop:open=open on:toggle:target=move |event| open.set(event.target().open())>
            <summary data-testid=test_id>{move || title.get()}</summary>
            <div class="form-group">{children()}</div>
        </details>
    }
}
