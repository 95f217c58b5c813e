//! What happened in the shown range, and what was recorded in it at the full rate.

use super::charts::range_text;
use super::range::Range;
use super::state::history;
use crate::browser;
use crate::i18n::{text, use_i18n};
use crate::moment;
use crate::texts::change_text;
use crate::views::{HistoryMark, Recording};
use leptos::prelude::*;

/// Rows of each list at most.
const LISTED: usize = 60;
/// How much is shown before and after an event, in milliseconds.
const AROUND_MS: i64 = 300_000;

/// Changes of state and source, newest first.
#[component]
pub fn EventList() -> impl IntoView {
    let i18n = use_i18n();
    let history = history();
    let row = move |mark: HistoryMark| {
        let HistoryMark { host_id, at_ms, change, reason } = mark;
        let show = move |_| history.look(Range::between(at_ms - AROUND_MS, at_ms + AROUND_MS, history.now_ms()), false);
        view! {
            <li class="history-event">
                <button type="button" class="link-button" title=text!(i18n, history.events.show) on:click=show>
                    {moment::text(at_ms, browser::offset_minutes(at_ms))}
                </button>
                <span class="secondary">{move || history.host_name(host_id)}</span>
                <span>{move || change_text(i18n.get_locale(), change)}</span>
                <span class="secondary">{reason}</span>
            </li>
        }
    };
    let rows = move || history.loading.marks.with(|marks| marks.marks.iter().rev().take(LISTED).cloned().map(row).collect_view());
    let none = Memo::new(move |_| history.loading.marks.with(|marks| marks.marks.is_empty()));
    view! {
        <section class="panel history-side">
            <h2>{text!(i18n, history.events.title)}</h2>
            <ul class="history-list" data-testid="history-events">{rows}</ul>
            <Show when=move || none.get()><p class="secondary">{text!(i18n, history.events.none)}</p></Show>
        </section>
    }
}

/// What the flight recorder has kept, newest first.
#[component]
pub fn RecordingList() -> impl IntoView {
    let i18n = use_i18n();
    let history = history();
    let row = move |recording: Recording| {
        let range = Range { from_ms: recording.from_ms, to_ms: recording.to_ms };
        let id = recording.host_id;
        view! {
            <li class="history-event">
                <button type="button" class="link-button" data-testid="history-recording" on:click=move |_| history.look(range, false)>
                    {range_text(range)}
                </button>
                <span class="secondary">{move || history.host_name(id)}</span>
            </li>
        }
    };
    let rows = move || history.loading.marks.with(|marks| marks.recordings.iter().rev().take(LISTED).cloned().map(row).collect_view());
    let none = Memo::new(move |_| history.loading.marks.with(|marks| marks.recordings.is_empty()));
    view! {
        <section class="panel history-side">
            <h2>{text!(i18n, history.events.recordings)}</h2>
            <p class="field-hint">{text!(i18n, history.events.recordings_hint)}</p>
            <ul class="history-list" data-testid="history-recordings">{rows}</ul>
            <Show when=move || none.get()><p class="secondary">{text!(i18n, history.events.no_recordings)}</p></Show>
        </section>
    }
}
