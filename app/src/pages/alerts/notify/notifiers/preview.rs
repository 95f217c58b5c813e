//! What templates make of an example, and what they can say.

use super::values::Values;
use crate::api::notify::preview_notifier;
use crate::i18n::{t_string, text, use_i18n};
use crate::pages::alerts::notify::wrong::Wrong;
use crate::texts::{notifier_field_label, variable_text};
use leptos::prelude::*;
use protocol::notify::{NotifierForm, TEMPLATE_VARIABLES, TemplatePreview};

/// How a variable is written in a template.
fn written(name: &str) -> String {
    format!("{{{{ {name} }}}}")
}

/// Two buttons, and the texts.
#[component]
pub fn Preview(values: Values, wrong: Wrong) -> impl IntoView {
    let i18n = use_i18n();
    let action = Action::new(move |(form, is_digest): &(NotifierForm, bool)| preview_notifier(form.clone(), *is_digest));
    let shown = RwSignal::new(None::<TemplatePreview>);
    Effect::new(move || match action.value().get() {
        Some(Ok(preview)) => shown.set(Some(preview)),
        Some(Err(error)) => {
            shown.set(None);
            wrong.set(Some(error));
        }
        None => {}
    });
    let ask = move |is_digest: bool| {
        wrong.set(None);
        let mut form = values.form();
        // No template sees them, so they need not travel.
        form.secrets.clear();
        action.dispatch((form, is_digest));
    };
    let text = move |(name, text): (String, String)| {
        let spec = values.kind.field(&name);
        let label = move || spec.map_or("", |spec| notifier_field_label(i18n.get_locale(), values.kind, spec.name));
        let body = if text.is_empty() { t_string!(i18n, notify.notifier.preview_empty).to_owned() } else { text };
        view! { <dt>{label}</dt><dd><pre class="notify-preview" data-testid=format!("notifier-preview-{name}") tabindex="0">{body}</pre></dd> }
    };
    view! {
        <div class="notify-preview-box">
            <span class="form-group-title">{text!(i18n, notify.notifier.preview)}</span>
            <span class="notify-row">
                <button type="button" class="button button-small" data-testid="notifier-preview-single" disabled=move || action.pending().get()
                    on:click=move |_| ask(false)>{text!(i18n, notify.notifier.preview_single)}</button>
                <button type="button" class="button button-small" data-testid="notifier-preview-digest" disabled=move || action.pending().get()
                    on:click=move |_| ask(true)>{text!(i18n, notify.notifier.preview_digest)}</button>
                <span class="field-hint">{text!(i18n, notify.notifier.preview_hint)}</span>
            </span>
            <div role="status">
                {move || shown.get().map(|preview| view! { <dl class="notify-texts">{preview.texts.into_iter().map(text).collect_view()}</dl> })}
            </div>
        </div>
        <Variables/>
    }
}

/// What templates can say.
#[component]
fn Variables() -> impl IntoView {
    let i18n = use_i18n();
    let variable =
        move |&name: &&'static str| view! { <dt><code>{name}</code></dt><dd>{move || variable_text(i18n.get_locale(), name)}</dd> };
    view! {
        <details class="fold">
            <summary data-testid="notifier-variables">{text!(i18n, notify.variable.title)}</summary>
            <div>
                <p class="field-hint">{move || t_string!(i18n, notify.variable.intro, example = written("host"))}</p>
                <dl class="notify-variables">{TEMPLATE_VARIABLES.iter().map(variable).collect_view()}</dl>
            </div>
        </details>
    }
}
