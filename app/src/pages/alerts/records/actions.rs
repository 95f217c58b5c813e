//! What is done with all alerts that are ticked.

use super::state::{Deed, use_records};
use crate::api::alerts::act_on_alerts;
use crate::components::{ErrorNotice, use_may};
use crate::i18n::{t, text, use_i18n};
use crate::views::{AlertAct, Role};
use leptos::prelude::*;
use protocol::alert::AlertId;

/// The bar above the table; while nothing is ticked, how many are open.
#[component]
pub fn ActionBar() -> impl IntoView {
    let i18n = use_i18n();
    let state = use_records();
    let may = use_may(Role::Operator);
    let count = Memo::new(move |_| state.ticked.with(|ticked| ticked.len()));
    let chosen = move || state.ticked.with_untracked(|ticked| ticked.iter().copied().collect::<Vec<_>>());
    let wake = Action::new(move |ids: &Vec<AlertId>| act_on_alerts(ids.clone(), AlertAct::Wake));
    Effect::new(move || {
        if let Some(Ok(done)) = wake.value().get() {
            state.done.set(Some(done));
            state.ticked.update(|ticked| ticked.clear());
        }
    });
    let failed = move || wake.value().get().and_then(Result::err).filter(|_| !wake.pending().get());
    let open = move |deed: Deed| move |_| state.dialog.set(Some((deed, chosen())));
    view! {
        <Show when=move || { may.get() && count.get() > 0 }>
            <div class="selection-bar alerts-bar" role="toolbar" aria-label=text!(i18n, alerts.column.select) data-testid="alerts-bar">
                <span role="status">{t!(i18n, alerts.act.selected, count = move || count.get())}</span>
                <button type="button" class="button button-small" data-testid="alerts-acknowledge" on:click=open(Deed::Acknowledge)>
                    {text!(i18n, alerts.act.acknowledge)}
                </button>
                <button type="button" class="button button-small" data-testid="alerts-resolve" on:click=open(Deed::Resolve)>
                    {text!(i18n, alerts.act.resolve)}
                </button>
                <button type="button" class="button button-small" data-testid="alerts-snooze" on:click=open(Deed::Snooze)>
                    {text!(i18n, alerts.act.snooze)}
                </button>
                <button type="button" class="button button-small" data-testid="alerts-wake" on:click=move |_| { wake.dispatch(chosen()); }>
                    {text!(i18n, alerts.act.wake)}
                </button>
                <button type="button" class="button button-quiet button-small" on:click=move |_| state.ticked.update(|ticked| ticked.clear())>
                    {text!(i18n, alerts.act.clear)}
                </button>
            </div>
        </Show>
        {move || failed().map(|error| view! { <ErrorNotice error/> })}
        <p class="alerts-done" role="status" data-testid="alerts-done">
            {move || state.done.get().map(|count| view! { <span class="settings-saved">"✓ "{t!(i18n, alerts.act.done, count = count)}</span> })}
        </p>
    }
}
