//! Deleting a host, with or without taking its agent off.

use super::context::{HostDialog, HostsContext};
use super::dialogs::HEADING;
use super::steps::StepList;
use crate::api::hosts::delete_host;
use crate::components::{DialogHead, ErrorNotice};
use crate::error::ApiError;
use crate::i18n::{t, t_string, text, use_i18n};
use crate::live::use_live_feed;
use crate::views::HostSummary;
use leptos::prelude::*;
use protocol::deploy::DeployAction;
use protocol::host::HostId;

/// The question before deleting, then the steps of taking the agent off.
#[component]
pub fn DeleteScreen(host: HostSummary) -> impl IntoView {
    let i18n = use_i18n();
    let context: HostsContext = expect_context();
    let (id, name, installed) = (host.card.id, StoredValue::new(host.card.name), host.agent_port.is_some());
    let uninstall = RwSignal::new(installed);
    let action = Action::new(move |&uninstall: &bool| delete_host(id, uninstall));
    Effect::new(move || {
        if let Some(Ok(())) = action.value().get() {
            context.hosts.refetch();
            context.dialog.set(HostDialog::Closed);
        }
    });
    let failure = Memo::new(move |_| action.value().get().and_then(Result::err).filter(|_| !action.pending().get()));
    let busy = action.pending();
    let label = move || match (busy.get(), failure.with(Option::is_some)) {
        (true, _) => t_string!(i18n, hosts.delete.deleting),
        (false, true) => t_string!(i18n, common.data.try_again),
        (false, false) => t_string!(i18n, hosts.delete.confirm),
    };
    // A deletion that has begun goes on when this dialog is closed.
    let leave = move || if busy.get() { t_string!(i18n, common.dialog.close) } else { t_string!(i18n, common.dialog.cancel) };
    view! {
        <div class="dialog-frame">
            <DialogHead id=HEADING on_close=context.on_close()>{t!(i18n, hosts.delete.title, name = move || name.get_value())}</DialogHead>
            <div class="dialog-body">
                <p>{text!(i18n, hosts.delete.text)}</p>
                {installed.then(|| view! { <UninstallTick uninstall/> })}
                <RemovalSteps id/>
                {move || failure.get().map(|error| view! { <DeleteFailure error/> })}
            </div>
            <footer class="dialog-actions">
                <button type="button" class="button" on:click=move |_| context.on_close().run(())>{leave}</button>
                <Show when=move || matches!(failure.get(), Some(ApiError::Deploy(_)))>
                    <button type="button" class="button" data-testid="delete-without-uninstall" disabled=move || busy.get()
                        on:click=move |_| { action.dispatch(false); }
                    >{text!(i18n, hosts.delete.without_uninstall)}</button>
                </Show>
                <button type="button" class="button button-danger" data-testid="delete-confirm" disabled=move || busy.get()
                    on:click=move |_| { action.dispatch(uninstall.get_untracked()); }
                >{label}</button>
            </footer>
        </div>
    }
}

#[component]
fn UninstallTick(uninstall: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <label class="tick">
            <input type="checkbox" data-testid="delete-uninstall" prop:checked=uninstall
                on:change:target=move |event| uninstall.set(event.target().checked())/>
            <span>{text!(i18n, hosts.delete.uninstall)}</span>
            <span class="field-hint">{text!(i18n, hosts.delete.uninstall_hint)}</span>
        </label>
    }
}

/// The steps of a removal that this page has heard of.
#[component]
fn RemovalSteps(id: HostId) -> impl IntoView {
    let events = use_live_feed().deploy_progress(id);
    // A removal that failed before this dialog was opened is not this one's business.
    let earlier = events.with_untracked(|progress| progress.as_ref().map(|progress| progress.started_at_ms));
    let removal = Signal::derive(move || {
        events.get().filter(|progress| progress.action == DeployAction::Remove && Some(progress.started_at_ms) != earlier)
    });
    view! { <StepList progress=removal/> }
}

#[component]
fn DeleteFailure(error: ApiError) -> impl IntoView {
    let i18n = use_i18n();
    let kept = matches!(error, ApiError::Deploy(_)).then(|| view! { <p class="field-hint">{text!(i18n, hosts.delete.failed_note)}</p> });
    view! {
        <div class="form-group" data-testid="delete-failure">
            <ErrorNotice error/>
            {kept}
        </div>
    }
}
