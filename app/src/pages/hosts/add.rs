//! Adding a host: the form, then the steps.

use super::context::{HostDialog, HostsContext};
use super::dialogs::HEADING;
use super::fields::{HostFields, StoredLogin};
use super::form_values::{Choices, read_form};
use crate::api::hosts::create_host;
use crate::browser;
use crate::components::{DialogHead, ErrorNotice, FormErrors};
use crate::forms::HostForm;
use crate::i18n::{t_string, text, use_i18n};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

const FORM: &str = "host-form";

/// The form for a new host.
#[component]
pub fn AddScreen() -> impl IntoView {
    let i18n = use_i18n();
    let context: HostsContext = expect_context();
    let initial = HostForm::default();
    let (errors, choices) = (FormErrors::new(), Choices::of(&initial));
    let action = Action::new(|form: &HostForm| {
        let form = form.clone();
        async move {
            let name = if form.remark.trim().is_empty() { form.address.clone() } else { form.remark.clone() };
            create_host(form).await.map(|id| (id, name))
        }
    });
    Effect::new(move || match action.value().get() {
        Some(Ok((id, name))) => {
            context.hosts.refetch();
            context.dialog.set(HostDialog::Progress { id, name, start: None });
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
    let label = move || match action.pending().get() {
        true => t_string!(i18n, hosts.form.submitting_add),
        false if choices.agentless.get() => t_string!(i18n, hosts.form.submit_check),
        false => t_string!(i18n, hosts.form.submit_add),
    };
    view! {
        <form class="dialog-frame" id=FORM method="post" novalidate autocomplete="off" on:submit=submit>
            <DialogHead id=HEADING on_close=context.on_close()>{text!(i18n, hosts.form.add_title)}</DialogHead>
            <div class="dialog-body">
                <HostFields initial errors choices stored=StoredLogin::default() local=false/>
                {move || errors.general().map(|error| view! { <ErrorNotice error/> })}
            </div>
            <footer class="dialog-actions">
                <button type="button" class="button" on:click=move |_| context.on_close().run(())>{text!(i18n, common.dialog.cancel)}</button>
                <button type="submit" class="button button-main" data-testid="host-submit">{label}</button>
            </footer>
        </form>
    }
}
