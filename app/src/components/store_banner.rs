//! Says that nothing can be stored.

use crate::i18n::{text, use_i18n};
use crate::live::use_live_feed;
use leptos::prelude::*;

/// A banner while the centre cannot write its history; nothing otherwise. Needs the topic `overview`.
#[component]
pub fn StoreBanner() -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    view! {
        <Show when=move || feed.store_failing.get()>
            <div class="stale-banner" role="status" data-testid="store-banner" data-state="store">
                <span aria-hidden="true">"◆"</span>
                <span>{text!(i18n, live.link.store_failing)}</span>
            </div>
        </Show>
    }
}
