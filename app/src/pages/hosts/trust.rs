//! The decision on a changed host key.

use super::context::{HostDialog, HostsContext};
use super::dialogs::HEADING;
use super::failure::{Fingerprints, fingerprints_of};
use super::form_values::form_of;
use crate::api::hosts::{forget_host_key, update_host};
use crate::components::{DialogHead, ErrorNotice};
use crate::forms::HostForm;
use crate::i18n::{t, t_string, text, use_i18n};
use crate::views::HostSummary;
use leptos::prelude::*;
use protocol::deploy::DeployAction;

/// Both fingerprints and a deliberate button. What is pinned is exactly the fingerprint that is shown here, so that a third key,
/// shown at the next login, is refused again.
#[component]
pub fn TrustScreen(host: HostSummary) -> impl IntoView {
    let i18n = use_i18n();
    let context: HostsContext = expect_context();
    let (id, name) = (host.card.id, StoredValue::new(host.card.name.clone()));
    let failure = host.last_failure.as_ref().and_then(|(_, failure)| fingerprints_of(failure));
    let (pinned, shown) = failure.unwrap_or_else(|| (host.fingerprint.clone(), None));
    let form = HostForm { fingerprint: shown.clone().unwrap_or_default(), ..form_of(&host) };
    let install = move || context.dialog.set(HostDialog::Progress { id, name: name.get_value(), start: Some(DeployAction::Install) });
    let action = Action::new(move |(): &()| {
        let form = form.clone();
        async move { if form.fingerprint.is_empty() { forget_host_key(id).await } else { update_host(id, form).await } }
    });
    Effect::new(move || {
        if let Some(Ok(())) = action.value().get() {
            install();
        }
    });
    let seen = shown.is_some();
    let failed = move || action.value().get().and_then(Result::err);
    let label = move || if action.pending().get() { t_string!(i18n, hosts.trust.trusting) } else { t_string!(i18n, hosts.trust.confirm) };
    view! {
        <div class="dialog-frame">
            <DialogHead id=HEADING on_close=context.on_close()>{t!(i18n, hosts.trust.title, name = move || name.get_value())}</DialogHead>
            <div class="dialog-body">
                <p>{text!(i18n, hosts.trust.text)}</p>
                <code class="command">{text!(i18n, hosts.trust.command)}</code>
                <Fingerprints pinned shown/>
                <p class="notice notice-warning">
                    <span class="notice-mark" aria-hidden="true">"◆"</span>
                    <span class="notice-text">{text!(i18n, hosts.trust.warning)}</span>
                </p>
                {move || failed().map(|error| view! { <ErrorNotice error/> })}
            </div>
            <footer class="dialog-actions">
                <button type="button" class="button" on:click=move |_| context.on_close().run(())>{text!(i18n, common.dialog.cancel)}</button>
                {(!seen).then(|| view! {
                    <button type="button" class="button button-main" data-testid="trust-probe" on:click=move |_| install()>
                        {text!(i18n, hosts.trust.probe)}
                    </button>
                })}
                {seen.then(|| view! {
                    <button type="button" class="button button-danger" data-testid="trust-confirm" disabled=move || action.pending().get()
                        on:click=move |_| { action.dispatch(()); }
                    >{label}</button>
                })}
            </footer>
        </div>
    }
}
