//! A beep for new alerts: off unless somebody wants it, made by the browser itself, so that no file is loaded.

#[cfg(feature = "hydrate")]
mod beep;

use crate::browser;
use crate::i18n::{text, use_i18n};
use crate::live::use_live_feed;
use leptos::prelude::*;

/// Where the browser keeps the choice.
const KEY: &str = "tactus-alert-sound";

/// Whether new alerts are heard, in context.
#[derive(Clone, Copy)]
struct Sound(RwSignal<bool>);

/// Puts the choice into context and lets new alerts be heard. Call once, in `App`.
pub fn provide_sound() {
    let wanted = RwSignal::new(false);
    provide_context(Sound(wanted));
    let feed = use_live_feed();
    // After hydration: the centre does not know the choice.
    Effect::new(move |_| {
        if browser::remembered(KEY).as_deref() == Some("on") {
            wanted.set(true);
            ready();
        }
    });
    Effect::new(move |heard: Option<u64>| {
        let newest = feed.popups.with(|popups| popups.newest().map(|popup| (popup.number, popup.is_critical(), popup.word())));
        let Some((number, critical, word)) = newest else { return heard.unwrap_or_default() };
        // What is over makes no noise.
        if wanted.get_untracked() && number > heard.unwrap_or_default() && word != "resolved" {
            play(critical);
        }
        number.max(heard.unwrap_or_default())
    });
}

/// The switch.
#[component]
pub fn SoundToggle() -> impl IntoView {
    let i18n = use_i18n();
    let Sound(wanted) = expect_context();
    let toggle = move |_| {
        let on = !wanted.get_untracked();
        wanted.set(on);
        browser::remember(KEY, if on { "on" } else { "off" });
        if on {
            // A browser lets a page be heard only after somebody has touched it: this is the moment, and the sound shows that it works.
            play(false);
        }
    };
    let word = move || if wanted.get() { text!(i18n, alerts.sound.on).into_any() } else { text!(i18n, alerts.sound.off).into_any() };
    view! {
        <button
            type="button"
            class="button button-quiet sound-toggle"
            data-testid="sound-toggle"
            aria-pressed=move || wanted.get().to_string()
            title=text!(i18n, alerts.sound.title)
            on:click=toggle
        >
            <span aria-hidden="true">"♪"</span>
            {word}
        </button>
    }
}

#[cfg(feature = "hydrate")]
fn play(critical: bool) {
    beep::play(critical);
}

#[cfg(feature = "hydrate")]
fn ready() {
    beep::wake_on_touch();
}

#[cfg(not(feature = "hydrate"))]
fn play(_critical: bool) {}

#[cfg(not(feature = "hydrate"))]
fn ready() {}
