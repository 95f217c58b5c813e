//! The latest alerts, and what happened to hosts.

use super::happenings::{Happening, What, latest};
use crate::format;
use crate::i18n::{text, use_i18n};
use crate::live::use_live_feed;
use leptos::prelude::*;

/// How many fit on the screen.
const SHOWN: usize = 6;

/// The third panel at the right.
#[component]
pub fn EventsPanel() -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let newest = Memo::new(move |_| feed.board.with(|board| feed.notices.with(|notices| latest(board.as_ref(), notices.iter(), SHOWN))));
    let none = Memo::new(move |_| newest.with(Vec::is_empty));
    view! {
        <section class="wall-panel wall-events">
            <div class="wall-panel-head"><h2>{text!(i18n, live.wall.events)}</h2></div>
            <Show when=move || !none.get() fallback=move || view! { <p class="wall-empty-small">{text!(i18n, live.wall.no_events)}</p> }>
                <ol class="wall-event-list" data-testid="wall-events">
                    <For each=move || newest.get() key=Happening::key let:happening><Event happening/></For>
                </ol>
            </Show>
        </section>
    }
}

/// Mark, text, and how long ago.
#[component]
fn Event(happening: Happening) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let (mark, level) = happening.mark();
    let at_ms = happening.at_ms;
    let name = match &happening.what {
        What::Alert(alert) => Signal::stored(alert.host_name.clone()),
        What::Status(id, _) => {
            let card = feed.card(*id);
            Signal::derive(move || card.with(|card| card.name.clone()))
        }
    };
    let minutes = Memo::new(move |_| (feed.at_ms.get().unwrap_or(at_ms) - at_ms) / 60_000);
    let age = move || format::ago(minutes.get() * 60_000, i18n.get_locale());
    view! {
        <li class="wall-event">
            <span class="wall-event-mark" data-level=level aria-hidden="true">{mark}</span>
            <span class="wall-event-text"><b>{name}</b>" "{move || happening.text(i18n.get_locale())}</span>
            <span class="wall-event-age">{age}</span>
        </li>
    }
}
