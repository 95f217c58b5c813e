//! The table: open alerts first, then those that have ended.

use super::row::Row;
use super::state::use_records;
use crate::components::use_may;
use crate::i18n::{t, t_string, text, use_i18n};
use crate::live::use_live_feed;
use crate::pages::alerts::place::Filter;
use crate::views::Role;
use leptos::prelude::*;
use protocol::alert::AlertId;

/// Columns of the table.
pub const COLUMNS: &str = "9";

/// All records that fit.
#[component]
pub fn RecordTable() -> impl IntoView {
    let i18n = use_i18n();
    let state = use_records();
    let open = Memo::new(move |_| state.shown.with(|shown| shown.open.iter().map(|alert| alert.id).collect::<Vec<_>>()));
    let ended = Memo::new(move |_| state.shown.with(|shown| shown.ended.iter().map(|alert| alert.id).collect::<Vec<_>>()));
    let empty = Memo::new(move |_| state.shown.with(|shown| shown.is_empty()));
    let busy = state.busy;
    view! {
        <section class="panel" data-testid="alerts-records">
            <Show when=move || !empty.get() fallback=Nothing>
                <div class="table-wrap">
                    <table class="table alerts-table">
                        <Head/>
                        <Show when=move || !open.with(Vec::is_empty)>
                            <tbody>
                                <OpenHead open/>
                                <For each=move || open.get() key=|&id| id let:id><Row id/></For>
                            </tbody>
                        </Show>
                        <Show when=move || !ended.with(Vec::is_empty)>
                            <tbody>
                                <tr class="group-row"><th scope="rowgroup" colspan=COLUMNS>{text!(i18n, alerts.filter.ended)}</th></tr>
                                <For each=move || ended.get() key=|&id| id let:id><Row id/></For>
                            </tbody>
                        </Show>
                    </table>
                </div>
            </Show>
            <Show when=move || state.more.get()>
                <p class="alerts-older">
                    <button type="button" class="button" data-testid="alerts-older" disabled=move || busy.get() on:click=move |_| state.ask_older()>
                        {move || if busy.get() { t_string!(i18n, alerts.list.loading) } else { t_string!(i18n, alerts.list.older) }}
                    </button>
                </p>
            </Show>
        </section>
    }
}

#[component]
fn Nothing() -> impl IntoView {
    let i18n = use_i18n();
    let state = use_records();
    let text = move || match (state.busy.get(), state.filter.with(|filter| *filter == Filter::default())) {
        (true, _) => t_string!(i18n, alerts.list.loading),
        (false, true) => t_string!(i18n, alerts.list.calm),
        (false, false) => t_string!(i18n, alerts.list.none),
    };
    view! { <p class="data-loading" role="status" data-testid="alerts-nothing">{text}</p> }
}

/// How many are open, and the box that ticks them all.
#[component]
fn OpenHead(open: Memo<Vec<AlertId>>) -> impl IntoView {
    let i18n = use_i18n();
    let state = use_records();
    let may = use_may(Role::Operator);
    let counts = use_live_feed().open_counts();
    let all = Memo::new(move |_| open.with(|open| state.ticked.with(|ticked| open.iter().all(|id| ticked.contains(id)))));
    let tick_all = move |wanted: bool| {
        state.ticked.set(if wanted { open.get_untracked().into_iter().collect() } else { Default::default() });
    };
    let text = t!(i18n, alerts.list.open_now, critical = move || counts.get().1, warning = move || counts.get().0);
    view! {
        <tr class="group-row">
            <th scope="rowgroup" colspan=COLUMNS>
                <label class="group-label">
                    <Show when=move || may.get()>
                        <input type="checkbox" data-testid="alerts-tick-all" prop:checked=all aria-label=text!(i18n, alerts.act.all_open)
                            on:change:target=move |event| tick_all(event.target().checked())/>
                    </Show>
                    <span data-testid="alerts-open-now">{text}</span>
                </label>
            </th>
        </tr>
    }
}

#[component]
fn Head() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <thead>
            <tr>
                <th scope="col"><span class="visually-hidden">{text!(i18n, alerts.column.select)}</span></th>
                <th scope="col">{text!(i18n, alerts.column.level)}</th>
                <th scope="col">{text!(i18n, alerts.column.host)}</th>
                <th scope="col">{text!(i18n, alerts.column.metric)}</th>
                <th scope="col" class="number">{text!(i18n, alerts.column.value)}</th>
                <th scope="col">{text!(i18n, alerts.column.began)}</th>
                <th scope="col" class="number">{text!(i18n, alerts.column.lasted)}</th>
                <th scope="col">{text!(i18n, alerts.column.state)}</th>
                <th scope="col"><span class="visually-hidden">{text!(i18n, alerts.column.details)}</span></th>
            </tr>
        </thead>
    }
}
