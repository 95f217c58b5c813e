//! The table of messages.

use super::row::DeliveryRow;
use super::state::use_deliveries;
use crate::i18n::{t_string, text, use_i18n};
use leptos::prelude::*;
use protocol::notify::{DeliveryFilter, DeliveryId};

/// Columns of the table.
pub const COLUMNS: &str = "6";

/// Newest first, and the way to older ones.
#[component]
pub fn DeliveryTable() -> impl IntoView {
    let i18n = use_i18n();
    let state = use_deliveries();
    let ids = Memo::new(move |_| state.shown.with(|shown| shown.iter().flatten().map(|delivery| delivery.id).collect::<Vec<DeliveryId>>()));
    let known = Memo::new(move |_| state.shown.with(Option::is_some));
    let nothing = move || {
        if !known.get() {
            return state
                .failure
                .with(Option::is_none)
                .then(|| view! { <p class="data-loading" role="status">{text!(i18n, common.data.loading)}</p> }.into_any());
        }
        let narrowed = state.filter.with(|filter| *filter != DeliveryFilter::default());
        let text = move || if narrowed { t_string!(i18n, notify.delivery.nothing) } else { t_string!(i18n, notify.delivery.none) };
        Some(view! { <p class="data-loading" data-testid="delivery-none">{text}</p> }.into_any())
    };
    let older = move || if state.busy.get() { t_string!(i18n, notify.delivery.loading) } else { t_string!(i18n, notify.delivery.older) };
    view! {
        <Show when=move || !ids.with(Vec::is_empty) fallback=move || nothing>
            <div class="table-wrap">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{text!(i18n, notify.delivery.state)}</th>
                            <th scope="col">{text!(i18n, notify.delivery.created)}</th>
                            <th scope="col">{text!(i18n, notify.delivery.subject)}</th>
                            <th scope="col">{text!(i18n, notify.delivery.notifier)}</th>
                            <th scope="col">{text!(i18n, notify.delivery.attempts)}</th>
                            <th scope="col"><span class="visually-hidden">{text!(i18n, alerts.rules.action)}</span></th>
                        </tr>
                    </thead>
                    <tbody><For each=move || ids.get() key=|id| *id let:id><DeliveryRow id/></For></tbody>
                </table>
            </div>
            <Show when=move || state.more.get()>
                <p class="alerts-older">
                    <button type="button" class="button" data-testid="delivery-older" disabled=move || state.busy.get()
                        on:click=move |_| state.ask_older()>{older}</button>
                </p>
            </Show>
        </Show>
    }
}
