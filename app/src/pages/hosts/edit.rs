//! Changing a host.

use super::context::{HostDialog, HostsContext};
use super::dialogs::HEADING;
use super::fields::{HostFields, StoredLogin};
use super::form_values::{Choices, form_of, read_form};
use crate::api::hosts::update_host;
use crate::browser;
use crate::components::{DialogHead, ErrorNotice, FormErrors};
use crate::forms::HostForm;
use crate::i18n::{t, t_string, text, use_i18n};
use crate::views::HostSummary;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use protocol::deploy::DeployAction;
use protocol::host::HostId;

const FORM: &str = "host-form";

/// The form with a host's entries. A host without an agent can be installed in the same go.
#[component]
pub fn EditScreen(host: HostSummary) -> impl IntoView {
    let i18n = use_i18n();
    let context: HostsContext = expect_context();
    let (id, local, name) = (host.card.id, host.local, StoredValue::new(host.card.name.clone()));
    let can_install = !local && host.agent_port.is_none() && !host.card.agentless;
    let stored =
        StoredLogin { method: Some(host.method), sudo_password: host.has_sudo_password, exporter_password: host.has_exporter_password };
    let can_restrict = host.agent_port.is_some() && !host.restricted_key;
    let restricted = host.restricted_key;
    let initial = form_of(&host);
    let (errors, choices) = (FormErrors::new(), Choices::of(&initial));
    let install = RwSignal::new(false);
    let action = Action::new(move |form: &HostForm| update_host(id, form.clone()));
    Effect::new(move || match action.value().get() {
        Some(Ok(())) => {
            context.hosts.refetch();
            context.dialog.set(match install.get_untracked() {
                true => HostDialog::Progress { id, name: name.get_value(), start: Some(DeployAction::Install) },
                false => HostDialog::Closed,
            });
        }
        Some(Err(error)) => {
            errors.set(Some(error));
            browser::focus_first_invalid(FORM);
        }
        None => {}
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !action.pending().get_untracked() {
            errors.set(None);
            action.dispatch(read_form(&browser::values_of(&event), choices));
        }
    };
    view! {
        <form class="dialog-frame" id=FORM method="post" novalidate autocomplete="off" on:submit=submit>
            <DialogHead id=HEADING on_close=context.on_close()>
                {t!(i18n, hosts.form.edit_title, name = move || name.get_value())}
            </DialogHead>
            <div class="dialog-body">
                {restricted.then(|| view! { <p class="notice"><span class="notice-text">{text!(i18n, hosts.restrict.is_restricted)}</span></p> })}
                <HostFields initial errors choices stored local/>
                {can_restrict.then(|| view! { <RestrictOffer id name/> })}
                {move || errors.general().map(|error| view! { <ErrorNotice error/> })}
            </div>
            <SaveButtons busy=action.pending() can_install install/>
        </form>
    }
}

/// The offer to put a key that may only read in the place of the stored login.
#[component]
pub fn RestrictOffer(id: HostId, name: StoredValue<String>) -> impl IntoView {
    let i18n = use_i18n();
    let context: HostsContext = expect_context();
    let start = move |_| context.dialog.set(HostDialog::Progress { id, name: name.get_value(), start: Some(DeployAction::Restrict) });
    view! {
        <div class="notice offer">
            <span class="notice-text">{text!(i18n, hosts.restrict.offer)}</span>
            <button type="button" class="button button-small" data-testid="host-restrict" on:click=start>{text!(i18n, hosts.restrict.start)}</button>
        </div>
    }
}

#[component]
fn SaveButtons(#[prop(into)] busy: Signal<bool>, can_install: bool, install: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let context: HostsContext = expect_context();
    let label = move || if busy.get() { t_string!(i18n, common.dialog.saving) } else { t_string!(i18n, common.dialog.save) };
    let save_class = if can_install { "button" } else { "button button-main" };
    // Enter presses the first button of type "submit": the main one therefore comes first and is moved to the end by its order.
    view! {
        <footer class="dialog-actions">
            <button type="button" class="button" on:click=move |_| context.on_close().run(())>{text!(i18n, common.dialog.cancel)}</button>
            {can_install.then(|| view! {
                <button type="submit" class="button button-main button-last" data-testid="host-submit-install" on:click=move |_| install.set(true)>
                    {text!(i18n, hosts.form.save_install)}
                </button>
            })}
            <button type="submit" class=save_class data-testid="host-submit" on:click=move |_| install.set(false)>{label}</button>
        </footer>
    }
}
