//! `/hosts/:id`: everything about one host, live.

mod alerts;
mod cpu;
mod disks;
mod events;
mod facts;
mod head;
mod memory;
mod mounts;
mod nics;
mod processes;
mod sensors;
mod shown;
mod trends;

use crate::components::{AppFrame, PageTitle, StaleBanner, StoreBanner};
use crate::i18n::{t_string, text, use_i18n};
use crate::live::use_live_feed;
use alerts::OpenAlerts;
use cpu::CpuPanel;
use disks::DisksPanel;
use events::EventsPanel;
use facts::FactsPanel;
use head::{Head, StatusNotice};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;
use memory::MemoryPanel;
use mounts::MountsPanel;
use nics::NicsPanel;
use processes::ProcessesPanel;
use protocol::host::HostId;
use protocol::live::Topic;
use sensors::SensorsPanel;
use shown::Shown;
use trends::Trends;

/// One host; its number is in the path.
#[component]
pub fn HostDetailPage() -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    feed.subscribe(Topic::Overview);
    let parameters = use_params_map();
    let id = Memo::new(move |_| parameters.with(|parameters| parameters.get("id").and_then(|text| text.parse::<HostId>().ok())));
    let missing = Memo::new(move |_| feed.known.get() && id.get().is_none_or(|id| feed.host_ids.with(|ids| !ids.contains(&id))));
    let title = move || {
        let name = id.get().map(|id| feed.card(id).with(|card| card.name.clone())).filter(|name| !name.is_empty());
        name.unwrap_or_else(|| t_string!(i18n, live.detail.title).to_owned())
    };
    view! {
        <PageTitle page=title/>
        <AppFrame>
            <p class="detail-back"><A href="/">"← "{text!(i18n, live.detail.back)}</A></p>
            <StaleBanner/>
            <StoreBanner/>
            <Show
                when=move || !missing.get()
                fallback=move || view! { <div class="panel empty-state" data-testid="detail-missing"><p>{text!(i18n, live.detail.not_found)}</p></div> }
            >
                {move || id.get().map(|id| view! { <Detail id/> })}
            </Show>
        </AppFrame>
    }
}

/// All panels of one host.
#[component]
fn Detail(id: HostId) -> impl IntoView {
    let feed = use_live_feed();
    feed.subscribe(Topic::Host(id));
    let shown = Shown::new(id);
    view! {
        <Head id shown/>
        <StatusNotice id/>
        <OpenAlerts id/>
        <div class="detail-grid">
            <Trends id/>
            <CpuPanel id shown/>
            <MemoryPanel id shown/>
            <MountsPanel id shown/>
            <DisksPanel shown/>
            <NicsPanel shown/>
            <ProcessesPanel shown by_memory=false/>
            <ProcessesPanel shown by_memory=true/>
            <SensorsPanel shown/>
            <FactsPanel id shown/>
            <EventsPanel id/>
        </div>
    }
}
