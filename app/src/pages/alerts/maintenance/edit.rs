//! Adding and changing a window.

use super::HEADING;
use super::fields::{Entries, ErrorOf, TimeFields};
use super::state::{WindowDialog, use_maintenance};
use crate::api::alerts::save_maintenance;
use crate::browser;
use crate::components::{DialogHead, ErrorNotice, FormErrors, TextField};
use crate::error::Field;
use crate::forms::MaintenanceForm;
use crate::i18n::{t_string, text, use_i18n};
use crate::live::use_live_feed;
use crate::pages::alerts::scopes::ScopePicker;
use crate::views::MaintenanceView;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use protocol::alert::RuleScope;

const FORM: &str = "maintenance-form";

/// The form; empty without a window.
#[component]
pub fn EditScreen(window: Option<MaintenanceView>) -> impl IntoView {
    let i18n = use_i18n();
    let state = use_maintenance();
    let now_ms = use_live_feed().at_ms.get_untracked().unwrap_or_else(browser::now_ms);
    let (id, name) = window.as_ref().map_or((0, String::new()), |window| (window.id, window.name.clone()));
    let entries = Entries::of(window.map(|window| window.plan), now_ms);
    let errors = FormErrors::new();
    let show_error = move |error| {
        errors.set(Some(error));
        browser::focus_first_invalid(FORM);
    };
    let action = Action::new(move |form: &MaintenanceForm| save_maintenance(form.clone()));
    Effect::new(move || match action.value().get() {
        Some(Ok(_)) => {
            state.windows.refetch();
            state.dialog.set(WindowDialog::Closed);
        }
        Some(Err(error)) => show_error(error),
        None => {}
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if action.pending().get_untracked() {
            return;
        }
        errors.set(None);
        match entries.plan() {
            Ok(plan) => {
                action.dispatch(MaintenanceForm { id, name: browser::values_of(&event).text(Field::MaintenanceName), plan });
            }
            Err(error) => show_error(error),
        }
    };
    let title =
        move || if id == 0 { t_string!(i18n, alerts.maintenance.add_title) } else { t_string!(i18n, alerts.maintenance.edit_title) };
    let choose = Callback::new(move |scope: RuleScope| {
        errors.forget(Field::RuleScope);
        entries.scope.set(scope);
    });
    let label = move || if action.pending().get() { t_string!(i18n, common.dialog.saving) } else { t_string!(i18n, common.dialog.save) };
    view! {
        <form class="dialog-frame" id=FORM method="post" novalidate autocomplete="off" on:submit=submit>
            <DialogHead id=HEADING on_close=state.on_close()>{title}</DialogHead>
            <div class="dialog-body">
                <TextField field=Field::MaintenanceName label=move || t_string!(i18n, alerts.maintenance.name) errors test_id="maintenance-name"
                    value=name autofocus=true/>
                <ScopePicker scope=entries.scope choose word="maintenance-scope"/>
                <ErrorOf field=Field::RuleScope errors/>
                <TimeFields entries errors/>
                {move || errors.general().map(|error| view! { <ErrorNotice error/> })}
            </div>
            <footer class="dialog-actions">
                <button type="button" class="button" on:click=move |_| state.on_close().run(())>{text!(i18n, common.dialog.cancel)}</button>
                <button type="submit" class="button button-main" data-testid="maintenance-save" disabled=move || action.pending().get()>{label}</button>
            </footer>
        </form>
    }
}
