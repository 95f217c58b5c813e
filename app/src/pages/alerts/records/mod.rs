//! The records: what is open, live, and what was.

mod actions;
mod details;
mod dialog;
mod filters;
mod kinds;
mod merge;
mod row;
mod state;
mod table;
mod time;

use crate::components::ErrorNotice;
use crate::i18n::{text, use_i18n};
use actions::ActionBar;
pub use details::series_of;
use dialog::DeedDialog;
use filters::Filters;
use leptos::prelude::*;
pub use row::time_text;
use state::provide_records;
use table::RecordTable;

/// Filters, what can be done, and the table.
#[component]
pub fn Records() -> impl IntoView {
    let i18n = use_i18n();
    let state = provide_records();
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
    let wrong = move || {
        let notice = move || view! { <p class="notice" data-testid="alerts-wrong"><span class="notice-text">{text!(i18n, alerts.filter.wrong)}</span></p> };
        state.place.wrong.get().then(notice)
    };
    view! {
        <Filters/>
        {wrong}
        {failed}
        <ActionBar/>
        <RecordTable/>
        <DeedDialog/>
    }
}
