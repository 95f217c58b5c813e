//! Name, lamp, clock.

use super::clock::use_clock;
use super::drawn::{DrawnText, DrawnTexts};
use crate::components::{Brand, LanguageSwitch, LiveLamp};
use crate::format;
use crate::i18n::{text, use_i18n};
use leptos::prelude::*;
use leptos_router::components::A;

/// The line at the top.
#[component]
pub fn WallHeader() -> impl IntoView {
    let i18n = use_i18n();
    let now = use_clock();
    let clock = move || now.get().map_or_else(|| "––:––:––".into(), |(at_ms, offset)| format::clock(at_ms, offset));
    let date = move || now.get().map(|(at_ms, offset)| format::date(at_ms, offset, i18n.get_locale()));
    view! {
        <header class="wall-header">
            <A href="/" attr:class="wall-brand" attr:title=text!(i18n, live.wall.back)><Brand/></A>
            <h1 class="wall-subtitle">{text!(i18n, live.wall.subtitle)}</h1>
            <LiveLamp/>
            <span class="wall-header-side">
                <LanguageSwitch/>
                <span class="wall-clock" data-testid="wall-clock"><DrawnText>{clock}</DrawnText></span>
                <span class="wall-date">{date}</span>
            </span>
            <DrawnTexts/>
        </header>
    }
}
