//! Memory and swap.

use super::shown::Shown;
use crate::components::Bar;
use crate::format;
use crate::i18n::{text, use_i18n};
use crate::live::use_live_feed;
use leptos::prelude::*;
use protocol::host::HostId;
use protocol::snapshot::Memory;

/// The panel of the memory.
#[component]
pub fn MemoryPanel(id: HostId, shown: Shown) -> impl IntoView {
    let i18n = use_i18n();
    let card = use_live_feed().card(id);
    let read = move || shown.read(|snapshot| snapshot.memory);
    let threshold = Signal::derive(move || Some(card.with(|card| card.thresholds.memory_percent)));
    let swap = move || read().filter(|memory| memory.swap_total > 0);
    let no_swap = Memo::new(move |_| read().is_some_and(|memory| memory.swap_total == 0));
    let bytes = move |part: fn(&Memory) -> u64| move || format::bytes(read().as_ref().map(part));
    view! {
        <section class="panel detail-panel">
            <h2>{text!(i18n, live.metric.memory)}</h2>
            <Bar value=Signal::derive(move || read().and_then(|memory| memory.used_percent())) colour="memory" threshold/>
            <dl class="detail-parts">
                <div><dt>{text!(i18n, live.detail.used)}</dt><dd>{bytes(Memory::used)}</dd></div>
                <div><dt>{text!(i18n, live.detail.available)}</dt><dd>{bytes(|memory| memory.available)}</dd></div>
                <div><dt>{text!(i18n, live.detail.cached)}</dt><dd>{bytes(|memory| memory.cached)}</dd></div>
                <div><dt>{text!(i18n, live.detail.total)}</dt><dd>{bytes(|memory| memory.total)}</dd></div>
            </dl>
            <p class="detail-line">
                <span class="secondary">{text!(i18n, live.metric.swap)}</span>
                <Show when=move || !no_swap.get() fallback=move || view! { <span>{text!(i18n, live.detail.no_swap)}</span> }>
                    <b>{move || format::bytes(swap().map(|memory| memory.swap_used))}" / "{move || format::bytes(swap().map(|memory| memory.swap_total))}</b>
                </Show>
            </p>
            <Show when=move || !no_swap.get()>
                <Bar value=Signal::derive(move || swap().and_then(|memory| memory.swap_percent())) colour="memory"/>
            </Show>
        </section>
    }
}
