//! `/`: all hosts at a glance, live.

mod choice;
mod empty;
mod host_card;
mod host_table;
mod key_figures;
mod tools;

use crate::components::{AppFrame, LiveLamp, PageTitle, StaleBanner, StoreBanner};
use crate::i18n::{text, use_i18n};
use crate::live::use_live_feed;
use choice::{Arrangement, use_choice};
use empty::{FirstServer, NoHosts};
use host_card::HostCard;
use host_table::HostTable;
use key_figures::KeyFigures;
use leptos::prelude::*;
use protocol::host::LOCAL_HOST_ID;
use protocol::live::Topic;
use tools::Tools;

/// Key figures of the fleet, and every host as a card or a row.
#[component]
pub fn OverviewPage() -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    feed.subscribe(Topic::Overview);
    view! {
        <PageTitle page=text!(i18n, live.overview.title)/>
        <AppFrame>
            <div class="page-head">
                <h1>{text!(i18n, live.overview.title)}</h1>
                <LiveLamp/>
            </div>
            <StaleBanner/>
            <StoreBanner/>
            <KeyFigures/>
            <Show when=move || feed.known.get() fallback=move || view! { <p class="data-loading" role="status">{text!(i18n, live.overview.waiting)}</p> }>
                <Hosts/>
            </Show>
        </AppFrame>
    }
}

/// Search, order, and the hosts themselves.
#[component]
fn Hosts() -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let choice = use_choice();
    let search = RwSignal::new(String::new());
    let hosts = feed.arranged(move || choice.order.get(), move || search.get());
    let any = Memo::new(move |_| feed.host_ids.with(|ids| !ids.is_empty()));
    let only_local = Memo::new(move |_| feed.host_ids.with(|ids| *ids == [LOCAL_HOST_ID]));
    let none_found = Memo::new(move |_| hosts.with(Vec::is_empty));
    let cards = move || {
        view! {
            <div class="host-cards">
                <For each=move || hosts.get() key=|&id| id let:id><HostCard id/></For>
                <Show when=move || only_local.get()><FirstServer/></Show>
            </div>
        }
    };
    view! {
        <Show when=move || any.get() fallback=NoHosts>
            <Tools search choice/>
            <Show when=move || !none_found.get() fallback=move || view! { <p class="data-loading">{text!(i18n, live.overview.nothing_found)}</p> }>
                <Show when=move || choice.arrangement.get() == Arrangement::Cards fallback=move || view! { <HostTable hosts/> }>{cards}</Show>
            </Show>
        </Show>
    }
}
