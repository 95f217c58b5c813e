//! The dialog in which a rule is changed, and tested before it is saved.

use super::fields::RuleFields;
use super::form_values::{Choices, can_replay, read_form};
use super::replay::{ReplayPanel, Replayer};
use super::state::{Editing, use_rules};
use crate::api::alerts::save_rule;
use crate::browser;
use crate::components::{Dialog, DialogHead, ErrorNotice, FormErrors};
use crate::forms::RuleForm;
use crate::i18n::{t_string, text, use_i18n};
use crate::live::use_live_feed;
use crate::pages::alerts::scopes::{host_name, scope_name};
use crate::texts::named;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use protocol::host::Level;

/// Id of the form.
pub const FORM: &str = "rule-form";
const HEADING: &str = "rule-heading";

/// The tab's one dialog.
#[component]
pub fn RuleDialog() -> impl IntoView {
    let state = use_rules();
    let open = Signal::derive(move || state.editing.with(Option::is_some));
    let on_close = Callback::new(move |()| {
        if state.editing.with_untracked(Option::is_some) {
            state.editing.set(None);
        }
    });
    let screen = move || state.editing.get().map(|editing| view! { <Screen editing on_close/> });
    view! { <Dialog open on_close labelled_by=HEADING small=Signal::stored(false) wide=Signal::stored(false)>{screen}</Dialog> }
}

#[component]
fn Screen(editing: Editing, on_close: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let state = use_rules();
    let errors = FormErrors::new();
    let settings = &editing.line.settings;
    let choices = RwSignal::new(Choices {
        // Who sets a rule wants it to be at work, unless it is there and off.
        enabled: settings.enabled || editing.line.own.is_none(),
        warn_no_data: settings.warn_no_data,
        state_level: if settings.critical.is_some() { Level::Critical } else { Level::Warning },
    });
    let kept = StoredValue::new(editing.clone());
    let form = move |values: &browser::FormValues| kept.with_value(|editing| read_form(values, editing, choices.get_untracked()));
    let show_errors = move |error| {
        errors.set(Some(error));
        browser::focus_first_invalid(FORM);
    };
    let action = Action::new(move |form: &RuleForm| save_rule(form.clone()));
    Effect::new(move || match action.value().get() {
        Some(Ok(_)) => {
            state.lines.refetch();
            state.editing.set(None);
        }
        Some(Err(error)) => show_errors(error),
        None => {}
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !action.pending().get_untracked() {
            errors.set(None);
            action.dispatch(form(&browser::values_of(&event)));
        }
    };
    let replayer = Replayer::new(
        Callback::new(move |()| {
            errors.set(None);
            form(&browser::values_in(FORM))
        }),
        Callback::new(show_errors),
    );
    Effect::new(move |_| {
        choices.track();
        replayer.settings_have_changed();
    });
    let title = move || {
        let locale = i18n.get_locale();
        let (name, scope) = kept.with_value(|editing| {
            (named(locale, editing.line.kind, &editing.line.target), scope_name(locale, &editing.scope, |id| host_name(feed, id)))
        });
        t_string!(i18n, alerts.rule.title, name = name, scope = scope)
    };
    let kind = editing.line.kind;
    let test = match can_replay(kind) {
        true => view! { <ReplayPanel kind replayer/> }.into_any(),
        false => view! { <p class="field-hint">{text!(i18n, alerts.replay.cannot)}</p> }.into_any(),
    };
    let label = move || if action.pending().get() { t_string!(i18n, common.dialog.saving) } else { t_string!(i18n, common.dialog.save) };
    view! {
        <form class="dialog-frame" id=FORM method="post" novalidate autocomplete="off" on:submit=submit on:input=move |_| replayer.settings_have_changed()>
            <DialogHead id=HEADING on_close>{title}</DialogHead>
            <div class="dialog-body">
                <RuleFields editing choices errors/>
                {test}
                {move || errors.general().map(|error| view! { <ErrorNotice error/> })}
            </div>
            <footer class="dialog-actions">
                <button type="button" class="button" on:click=move |_| on_close.run(())>{text!(i18n, common.dialog.cancel)}</button>
                <button type="submit" class="button button-main" data-testid="rule-save" disabled=move || action.pending().get()>{label}</button>
            </footer>
        </form>
    }
}
