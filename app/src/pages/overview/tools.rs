//! Search, order and arrangement of the hosts.

use super::choice::{Arrangement, Choice};
use crate::components::Segment;
use crate::i18n::{text, use_i18n};
use crate::live::Order;
use leptos::prelude::*;

/// The row above the hosts.
#[component]
pub fn Tools(search: RwSignal<String>, choice: Choice) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="overview-tools">
            <input
                type="search"
                class="control search"
                data-testid="overview-search"
                placeholder=text!(i18n, live.overview.search)
                aria-label=text!(i18n, live.overview.search)
                prop:value=search
                on:input:target=move |event| search.set(event.target().value())
            />
            <div class="segments" role="group" aria-label=text!(i18n, live.overview.sort)>
                <Segment
                    chosen=move || choice.order.get() == Order::WorstFirst
                    choose=move || choice.order.set(Order::WorstFirst)
                    test_id="overview-sort-worst"
                >
                    {text!(i18n, live.overview.sort_worst)}
                </Segment>
                <Segment chosen=move || choice.order.get() == Order::ByName choose=move || choice.order.set(Order::ByName) test_id="overview-sort-name">
                    {text!(i18n, live.overview.sort_name)}
                </Segment>
            </div>
            <div class="segments" role="group" aria-label=text!(i18n, live.overview.view)>
                <Segment
                    chosen=move || choice.arrangement.get() == Arrangement::Cards
                    choose=move || choice.arrangement.set(Arrangement::Cards)
                    test_id="overview-cards"
                >
                    {text!(i18n, live.overview.view_cards)}
                </Segment>
                <Segment
                    chosen=move || choice.arrangement.get() == Arrangement::Table
                    choose=move || choice.arrangement.set(Arrangement::Table)
                    test_id="overview-table"
                >
                    {text!(i18n, live.overview.view_table)}
                </Segment>
            </div>
        </div>
    }
}
