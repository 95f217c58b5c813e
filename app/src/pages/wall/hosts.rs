//! All hosts, worst first, as large as their number allows.

use super::board::{BoardSurface, provide_board};
use super::density::density_of;
use super::host_card::HostCard;
use super::host_tile::HostTile;
use super::selection::use_selection;
use crate::i18n::{text, use_i18n};
use crate::live::use_live_feed;
use leptos::prelude::*;

/// The panel at the left.
#[component]
pub fn HostsPanel() -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let selection = use_selection();
    let count = Memo::new(move |_| feed.host_ids.with(Vec::len));
    let density = Memo::new(move |_| density_of(count.get()));
    let tiles = Memo::new(move |_| density.get().tiles);
    let roomy = Memo::new(move |_| density.get().roomy);
    provide_board();
    // A few large cards change little, and have room for more than figures.
    let drawn = Memo::new(move |_| !tiles.get() && !roomy.get());
    let places = Signal::derive(move || (selection.order.get(), density.get().word));
    let empty = move || feed.known.get() && count.get() == 0;
    view! {
        <section class="wall-panel wall-hosts">
            <div class="wall-panel-head">
                <h2>{text!(i18n, live.wall.hosts)}</h2>
                <span class="wall-panel-note">{text!(i18n, live.wall.worst_first)}" · "{count}" "{text!(i18n, live.wall.hosts_unit)}</span>
            </div>
            <Show when=empty>
                <div class="wall-empty" data-testid="wall-empty">
                    <strong>{text!(i18n, live.wall.empty_title)}</strong>
                    <span>{text!(i18n, live.wall.empty_text)}</span>
                </div>
            </Show>
            <div class="wall-grid-frame">
            <div class="wall-grid" data-testid="wall-hosts" data-density=move || density.get().word>
                <Show
                    when=move || tiles.get()
                    fallback=move || {
                        view! { <For each=move || selection.order.get() key=|&id| id let:id><HostCard id roomy/></For> }
                    }
                >
                    <For each=move || selection.order.get() key=|&id| id let:id><HostTile id/></For>
                </Show>
            </div>
            <BoardSurface places active=drawn/>
            </div>
        </section>
    }
}
