//! Whether the screen is live, how hosts are read, how much is stored, which keys there are.

use super::keys::toggle_full_screen;
use crate::api::history::get_about;
use crate::components::SoundToggle;
use crate::format;
use crate::i18n::{text, use_i18n};
use crate::live::{Link, SOURCES, use_live_feed};
use crate::texts::source_name;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The line at the bottom.
#[component]
pub fn WallFooter() -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let word = move || match feed.link.get() {
        Link::Connecting => text!(i18n, live.link.connecting).into_any(),
        Link::Live => text!(i18n, live.link.live).into_any(),
        Link::Stale => text!(i18n, live.link.stale).into_any(),
        Link::Disconnected => text!(i18n, live.link.disconnected).into_any(),
    };
    let counts = Memo::new(move |_| feed.fleet.with(|fleet| fleet.sources));
    let sources = move || {
        let used = SOURCES.into_iter().zip(counts.get()).filter(|(_, count)| *count > 0);
        used.map(|(source, count)| format!("{} {count}", source_name(i18n.get_locale(), source))).collect::<Vec<_>>().join(" · ")
    };
    let store = use_store_size();
    view! {
        <footer class="wall-footer">
            <span class="wall-live" data-testid="wall-live-state" data-state=move || feed.link.get().word()>
                <span class="wall-live-dot" aria-hidden="true"></span>
                {word}
            </span>
            <span data-testid="wall-sources">{sources}</span>
            <Show when=move || feed.store_failing.get()>
                <span class="wall-footer-trouble" role="status" data-testid="wall-store-failing">"◆ "{text!(i18n, live.wall.store_failing)}</span>
            </Show>
            <Show when=move || store.get().is_some()><span>{text!(i18n, live.wall.store)}" "{move || format::bytes(store.get())}</span></Show>
            <span class="wall-footer-side">
                <SoundToggle/>
                <span>{text!(i18n, live.wall.keys)}</span>
                <button type="button" class="wall-key" on:click=move |_| toggle_full_screen()>{text!(i18n, live.wall.full_screen)}</button>
            </span>
        </footer>
    }
}

/// Bytes of the centre's store, asked whenever the connection comes up.
fn use_store_size() -> RwSignal<Option<u64>> {
    let feed = use_live_feed();
    let size = RwSignal::new(None);
    let connected = Memo::new(move |_| feed.link.get() == Link::Live);
    Effect::new(move |_| {
        if connected.get() {
            spawn_local(async move {
                if let Ok(about) = get_about().await {
                    size.try_set(Some(about.data_bytes));
                }
            });
        }
    });
    size
}
