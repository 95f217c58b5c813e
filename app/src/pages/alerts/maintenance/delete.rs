//! The question before a window is deleted.

use super::HEADING;
use super::state::{WindowDialog, use_maintenance};
use crate::api::alerts::delete_maintenance;
use crate::components::{DialogHead, ErrorNotice};
use crate::i18n::{t, text, use_i18n};
use crate::views::MaintenanceView;
use leptos::prelude::*;

/// What it means, and the button.
#[component]
pub fn DeleteScreen(window: MaintenanceView) -> impl IntoView {
    let i18n = use_i18n();
    let state = use_maintenance();
    let id = window.id;
    let action = Action::new(move |(): &()| delete_maintenance(id));
    Effect::new(move || {
        if let Some(Ok(())) = action.value().get() {
            state.windows.refetch();
            state.dialog.set(WindowDialog::Closed);
        }
    });
    let failed = move || action.value().get().and_then(Result::err).filter(|_| !action.pending().get());
    view! {
        <div class="dialog-frame">
            <DialogHead id=HEADING on_close=state.on_close()>{t!(i18n, alerts.maintenance.delete_title, name = window.name)}</DialogHead>
            <div class="dialog-body">
                <p>{text!(i18n, alerts.maintenance.delete_text)}</p>
                {move || failed().map(|error| view! { <ErrorNotice error/> })}
            </div>
            <footer class="dialog-actions">
                <button type="button" class="button" on:click=move |_| state.on_close().run(())>{text!(i18n, common.dialog.cancel)}</button>
                <button type="button" class="button button-danger" data-testid="maintenance-delete-confirm" disabled=move || action.pending().get()
                    on:click=move |_| { action.dispatch(()); }>{text!(i18n, alerts.maintenance.delete)}</button>
            </footer>
        </div>
    }
}
