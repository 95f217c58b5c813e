//! When nothing is to be said: maintenance windows, and hosts behind others.

mod behind;
mod delete;
mod edit;
mod fields;
mod list;
mod state;
mod time;

use crate::components::{DataView, Dialog, use_may};
use crate::i18n::{text, use_i18n};
use crate::views::Role;
use behind::BehindPanel;
use delete::DeleteScreen;
use edit::EditScreen;
use leptos::prelude::*;
use list::{NoWindows, WindowList};
use state::{WindowDialog, provide_maintenance};
pub use time::{clock_text, day_name, read_clock};

/// Id of the heading that names the dialog.
const HEADING: &str = "maintenance-heading";

/// Both lists.
#[component]
pub fn Maintenance() -> impl IntoView {
    let i18n = use_i18n();
    let state = provide_maintenance();
    let may = use_may(Role::Operator);
    view! {
        <section class="panel" data-testid="maintenance">
            <div class="alerts-panel-head">
                <p class="secondary">{text!(i18n, alerts.maintenance.intro)}</p>
                <Show when=move || may.get() fallback=move || view! { <p class="secondary">{text!(i18n, alerts.maintenance.read_only)}</p> }>
                    <button type="button" class="button button-main" data-testid="maintenance-add" on:click=move |_| state.dialog.set(WindowDialog::Edit(None))>
                        <span aria-hidden="true">"+"</span>
                        {text!(i18n, alerts.maintenance.add)}
                    </button>
                </Show>
            </div>
            <DataView resource=state.windows empty_when=Vec::is_empty empty=NoWindows let:windows><WindowList windows/></DataView>
        </section>
        <BehindPanel/>
        <WindowDialogs/>
    }
}

/// The tab's one dialog.
#[component]
fn WindowDialogs() -> impl IntoView {
    let state = state::use_maintenance();
    let dialog = state.dialog;
    let open = Signal::derive(move || dialog.with(|dialog| *dialog != WindowDialog::Closed));
    let small = Signal::derive(move || dialog.with(|dialog| matches!(dialog, WindowDialog::Delete(_))));
    let screen = move || match dialog.get() {
        WindowDialog::Closed => ().into_any(),
        WindowDialog::Edit(window) => view! { <EditScreen window=window.map(|window| *window)/> }.into_any(),
        WindowDialog::Delete(window) => view! { <DeleteScreen window=*window/> }.into_any(),
    };
    view! { <Dialog open on_close=state.on_close() labelled_by=HEADING small wide=Signal::stored(false)>{screen}</Dialog> }
}
