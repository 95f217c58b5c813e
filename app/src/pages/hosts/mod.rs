//! `/hosts`: the inventory, and everything that is done to hosts.

mod add;
mod batch;
mod batch_progress;
mod context;
mod delete;
mod dialogs;
mod edit;
mod failure;
mod fields;
mod form_values;
mod progress;
mod row;
mod search;
mod selection;
mod steps;
mod table;
mod trust;

use crate::api::hosts::list_hosts;
use crate::components::{AppFrame, DataView, LazyBody, PageTitle, use_hydrated};
use crate::fetched::fetched;
use crate::i18n::{text, use_i18n};
use crate::live::use_live_feed;
use context::{HostDialog, HostsContext};
use dialogs::HostDialogs;
use leptos::prelude::*;
use protocol::live::Topic;
use search::{HostCount, SearchBox};
use selection::SelectionBar;
use std::collections::HashSet;
use table::HostTable;

/// `/hosts`.
#[component]
pub fn HostsPage() -> impl IntoView {
    let i18n = use_i18n();
    let hydrated = use_hydrated();
    let live = use_live_feed();
    live.subscribe(Topic::Overview);
    let hosts = fetched(move || live.changes.get(), |_| list_hosts());
    let context = HostsContext {
        hosts,
        dialog: RwSignal::new(HostDialog::Closed),
        search: RwSignal::new(String::new()),
        ticked: RwSignal::new(HashSet::new()),
    };
    provide_context(context);
    view! {
        <PageTitle page=text!(i18n, hosts.title)/>
        <AppFrame>
            <div class="page-head">
                <h1>{text!(i18n, hosts.title)}</h1>
                <HostCount/>
                <div class="page-head-side">
                    <SearchBox/>
                    <button type="button" class="button" data-testid="add-many" disabled=move || !hydrated.get()
                        on:click=move |_| context.dialog.set(HostDialog::Batch)
                    >{text!(i18n, hosts.add_many)}</button>
                    <button
                        type="button"
                        class="button button-main"
                        data-testid="add-host"
                        disabled=move || !hydrated.get()
                        on:click=move |_| context.dialog.set(HostDialog::Add)
                    >
                        <span aria-hidden="true">"+"</span>
                        {text!(i18n, hosts.add)}
                    </button>
                </div>
            </div>
            <SelectionBar/>
            <section class="panel">
                <DataView resource=hosts empty_when=Vec::is_empty empty=EmptyInventory let:hosts>
                    <HostTable hosts/>
                </DataView>
            </section>
            <LazyBody load=|| Box::pin(host_dialogs()) unseen=true/>
        </AppFrame>
    }
}

/// The dialogs are a fifth of the page's program, and nobody needs them to log in or to look at a wall.
#[lazy]
fn host_dialogs() -> AnyView {
    view! { <HostDialogs/> }.into_any()
}

#[component]
fn EmptyInventory() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="empty-state">
            <h2>{text!(i18n, hosts.empty.title)}</h2>
            <p>{text!(i18n, hosts.empty.text)}</p>
        </div>
    }
}
