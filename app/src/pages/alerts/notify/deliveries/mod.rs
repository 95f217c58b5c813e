//! What became of messages.

mod filters;
mod merge;
mod row;
mod state;
mod table;

use crate::components::ErrorNotice;
use crate::i18n::{text, use_i18n};
use filters::Filters;
use leptos::prelude::*;
use state::provide_deliveries;
use table::DeliveryTable;

/// Filters and the table.
#[component]
pub fn Deliveries() -> impl IntoView {
    let i18n = use_i18n();
    let state = provide_deliveries();
    let failed = move || {
        state.failure.get().map(|error| {
            view! {
                <div class="data-failed">
                    <ErrorNotice error/>
                    <button type="button" class="button" on:click=move |_| state.again()>{text!(i18n, common.data.try_again)}</button>
                </div>
            }
        })
    };
    view! {
        <section class="panel" data-testid="deliveries">
            <div class="alerts-panel-head">
                <div>
                    <h2>{text!(i18n, notify.delivery.title)}</h2>
                    <p class="secondary">{text!(i18n, notify.delivery.intro)}</p>
                </div>
                <Filters/>
            </div>
            {failed}
            <DeliveryTable/>
        </section>
    }
}
