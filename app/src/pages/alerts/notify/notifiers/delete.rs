//! The question before a notifier is deleted.

use crate::api::notify::delete_notifier;
use crate::components::{DialogHead, ErrorNotice};
use crate::i18n::{t, text, use_i18n};
use crate::pages::alerts::notify::HEADING;
use crate::pages::alerts::notify::state::{NotifyDialog, use_notify};
use leptos::prelude::*;
use protocol::notify::NotifierId;

/// What it means, and the button.
#[component]
pub fn DeleteNotifier(id: NotifierId, name: String) -> impl IntoView {
    let i18n = use_i18n();
    let state = use_notify();
    let action = Action::new(move |(): &()| delete_notifier(id));
    Effect::new(move || {
        if let Some(Ok(())) = action.value().get() {
            state.ask_notifiers();
            state.ask_routes();
            state.dialog.set(NotifyDialog::Closed);
        }
    });
    let failed = move || action.value().get().and_then(Result::err).filter(|_| !action.pending().get());
    view! {
        <div class="dialog-frame">
            <DialogHead id=HEADING on_close=state.on_close()>{t!(i18n, notify.notifier.delete_title, name = name)}</DialogHead>
            <div class="dialog-body">
                <p>{text!(i18n, notify.notifier.delete_text)}</p>
                {move || failed().map(|error| view! { <ErrorNotice error/> })}
            </div>
            <footer class="dialog-actions">
                <button type="button" class="button" on:click=move |_| state.on_close().run(())>{text!(i18n, common.dialog.cancel)}</button>
                <button type="button" class="button button-danger" data-testid="notifier-delete-confirm" disabled=move || action.pending().get()
                    on:click=move |_| { action.dispatch(()); }>{text!(i18n, notify.notifier.delete)}</button>
            </footer>
        </div>
    }
}
