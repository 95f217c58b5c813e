//! Whether the figures are those of now, as a lamp that beats.

use crate::format;
use crate::i18n::{text, use_i18n};
use crate::live::{Link, use_live_feed};
use leptos::prelude::*;

/// Beats between two changes: the latency trembles, and nobody reads it twice a second; and a page that does not change needs no new frame.
const CHANGES_EVERY: u64 = 4;

/// Lamp, word, and while live the latency.
#[component]
pub fn LiveLamp() -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let word = move || match feed.link.get() {
        Link::Connecting => text!(i18n, live.link.connecting).into_any(),
        Link::Live => text!(i18n, live.link.every_beat).into_any(),
        Link::Stale => text!(i18n, live.link.stale).into_any(),
        Link::Disconnected => text!(i18n, live.link.disconnected).into_any(),
    };
    let turn = Memo::new(move |_| feed.beat.get() / CHANGES_EVERY);
    let latency = move || {
        turn.get();
        format::whole_milliseconds(feed.latency_ms.get_untracked())
    };
    let is_known = Memo::new(move |_| feed.latency_ms.get().is_some());
    // The lamp changes with the figures, in the same frame: an animation of its own would draw the page between the beats.
    let tick = move || if turn.get().is_multiple_of(2) { "even" } else { "odd" };
    view! {
        <span class="live-lamp" data-testid="live-lamp" data-state=move || feed.link.get().word()>
            <span class="live-lamp-dot" data-tick=tick aria-hidden="true"></span>
            <span>{word}</span>
            <Show when=move || feed.link.get() == Link::Live && is_known.get()>
                <span class="live-lamp-latency">{text!(i18n, live.link.latency)}" "{latency}</span>
            </Show>
        </span>
    }
}
