//! What happened last.

use super::notice_text::{notice_mark, notice_text};
use crate::format;
use crate::i18n::{t, use_i18n};
use crate::live::{Notice, use_live_feed};
use leptos::prelude::*;

/// How many fit on the screen.
const SHOWN: usize = 6;

/// The third panel at the right.
#[component]
pub fn EventsPanel() -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let newest = Memo::new(move |_| feed.notices.with(|notices| notices.iter().take(SHOWN).cloned().collect::<Vec<_>>()));
    let none = Memo::new(move |_| newest.with(Vec::is_empty));
    view! {
        <section class="wall-panel wall-events">
            <div class="wall-panel-head"><h2>{t!(i18n, live.wall.events)}</h2></div>
            <Show when=move || !none.get() fallback=move || view! { <p class="wall-empty-small">{t!(i18n, live.wall.no_events)}</p> }>
                <ol class="wall-event-list" data-testid="wall-events">
                    <For each=move || newest.get() key=|notice| notice.number let:notice><Event notice/></For>
                </ol>
            </Show>
        </section>
    }
}

/// Mark, text, and how long ago.
#[component]
fn Event(notice: Notice) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let card = feed.card(notice.host_id);
    let (mark, level) = notice_mark(notice.kind);
    let at_ms = notice.at_ms;
    let minutes = Memo::new(move |_| (feed.at_ms.get().unwrap_or(at_ms) - at_ms) / 60_000);
    let age = move || format::ago(minutes.get() * 60_000, i18n.get_locale());
    view! {
        <li class="wall-event">
            <span class="wall-event-mark" data-level=level aria-hidden="true">{mark}</span>
            <span class="wall-event-text">
                <b>{move || card.with(|card| card.name.clone())}</b>" "{move || notice_text(i18n.get_locale(), notice.kind)}
            </span>
            <span class="wall-event-age">{age}</span>
        </li>
    }
}
