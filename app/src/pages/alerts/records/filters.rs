//! What records are narrowed to.

use super::kinds::{HostFilter, KindFilter};
use super::state::use_records;
use super::time::TimeFilter;
use crate::components::Segment;
use crate::i18n::{t, text, use_i18n};
use crate::pages::alerts::place::Filter;
use leptos::prelude::*;
use protocol::host::Level;

/// The row above the table.
#[component]
pub fn Filters() -> impl IntoView {
    let i18n = use_i18n();
    let state = use_records();
    let narrowed = Memo::new(move |_| state.filter.with(|filter| *filter != Filter::default()));
    let one = Memo::new(move |_| state.filter.with(|filter| filter.id));
    let all = move || {
        view! {
            <div class="history-choice alerts-filters" role="group" aria-label=text!(i18n, alerts.filter.label)>
                <HostFilter/>
                <KindFilter/>
                <StateFilter/>
                <LevelFilter/>
                <TimeFilter/>
                <Show when=move || narrowed.get()>
                    <button type="button" class="button button-quiet alerts-clear" data-testid="alerts-clear"
                        on:click=move |_| state.narrow(|filter| *filter = Filter::default())>{text!(i18n, alerts.filter.clear)}</button>
                </Show>
            </div>
        }
    };
    view! {
        <Show when=move || one.get().is_none() fallback=OnlyOne>{all}</Show>
    }
}

/// Says that a link has led to one alert.
#[component]
fn OnlyOne() -> impl IntoView {
    let i18n = use_i18n();
    let state = use_records();
    let id = move || state.filter.with(|filter| filter.id.unwrap_or_default());
    view! {
        <div class="notice alerts-only-one">
            <span class="notice-text">{t!(i18n, alerts.filter.one, id = id)}</span>
            <button type="button" class="button button-small" data-testid="alerts-show-all" on:click=move |_| state.narrow(|filter| filter.id = None)>
                {text!(i18n, alerts.filter.show_all)}
            </button>
        </div>
    }
}

#[component]
fn StateFilter() -> impl IntoView {
    let i18n = use_i18n();
    let state = use_records();
    let segment = move |open: Option<bool>, word: &'static str| {
        let name = match open {
            None => text!(i18n, alerts.filter.any).into_any(),
            Some(true) => text!(i18n, alerts.filter.open).into_any(),
            Some(false) => text!(i18n, alerts.filter.ended).into_any(),
        };
        let chosen = Memo::new(move |_| state.filter.with(|filter| filter.open == open));
        view! { <Segment chosen choose=move || state.narrow(|filter| filter.open = open) test_id=format!("alerts-state-{word}")>{name}</Segment> }
    };
    view! {
        <div class="picker">
            <span class="picker-label">{text!(i18n, alerts.filter.state)}</span>
            <div class="segments" role="group" aria-label=text!(i18n, alerts.filter.state)>
                {segment(None, "any")}
                {segment(Some(true), "open")}
                {segment(Some(false), "ended")}
            </div>
        </div>
    }
}

#[component]
fn LevelFilter() -> impl IntoView {
    let i18n = use_i18n();
    let state = use_records();
    let segment = move |level: Option<Level>, word: &'static str| {
        let name = match level {
            Some(Level::Critical) => {
                view! { <span class="mark-critical" aria-hidden="true">"▲ "</span>{text!(i18n, alerts.level.critical)} }.into_any()
            }
            Some(_) => view! { <span class="mark-warning" aria-hidden="true">"◆ "</span>{text!(i18n, alerts.level.warning)} }.into_any(),
            None => text!(i18n, alerts.filter.any).into_any(),
        };
        let chosen = Memo::new(move |_| state.filter.with(|filter| filter.level == level));
        view! { <Segment chosen choose=move || state.narrow(|filter| filter.level = level) test_id=format!("alerts-level-{word}")>{name}</Segment> }
    };
    view! {
        <div class="picker">
            <span class="picker-label">{text!(i18n, alerts.filter.level)}</span>
            <div class="segments" role="group" aria-label=text!(i18n, alerts.filter.level)>
                {segment(None, "any")}
                {segment(Some(Level::Critical), "critical")}
                {segment(Some(Level::Warning), "warning")}
            </div>
        </div>
    }
}
