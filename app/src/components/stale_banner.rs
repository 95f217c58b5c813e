//! Says that the figures on the screen are old.

use crate::format;
use crate::i18n::{t_string, use_i18n};
use crate::live::{Link, use_live_feed};
use leptos::prelude::*;

/// A banner with the age of the figures; nothing while they are those of now.
#[component]
pub fn StaleBanner() -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let text = move || {
        let age = format::duration(Some(u64::from(feed.silent_s.get())), i18n.get_locale());
        match feed.link.get() {
            Link::Disconnected => t_string!(i18n, live.link.disconnected_for, age = age),
            _ => t_string!(i18n, live.link.stale_for, age = age),
        }
    };
    view! {
        <Show when=move || feed.link.get().is_old()>
            <div class="stale-banner" role="status" data-testid="stale-banner" data-state=move || feed.link.get().word()>
                <span aria-hidden="true">"◆"</span>
                <span>{text}</span>
            </div>
        </Show>
    }
}
