//! One record.

use super::details::Details;
use super::state::use_records;
use super::table::COLUMNS;
use crate::browser;
use crate::components::use_may;
use crate::format;
use crate::i18n::{t_string, text, use_i18n};
use crate::live::use_live_feed;
use crate::moment;
use crate::pages::alerts::place::level_word;
use crate::texts::{alert_name, alert_state_text, alert_text, condition_text, lasted_ms, level_name};
use crate::views::Role;
use leptos::prelude::*;
use protocol::alert::{Alert, AlertId};
use protocol::host::Level;
use std::collections::HashSet;

/// A moment in the browser's time zone.
pub fn time_text(at_ms: i64) -> String {
    moment::text(at_ms, browser::offset_minutes(at_ms))
}

/// What an alert is now, in a word for attributes.
fn state_word(alert: &Alert, now_ms: i64) -> &'static str {
    match (alert.is_open(), alert.is_snoozed(now_ms), &alert.acknowledged) {
        (false, ..) => "ended",
        (true, true, _) => "snoozed",
        (true, false, Some(_)) => "acknowledged",
        (true, false, None) => "open",
    }
}

/// An open alert is as bad as it is now, one that has ended as bad as it was.
fn shown_level(alert: &Alert) -> Level {
    if alert.is_open() { alert.level } else { alert.worst }
}

/// Puts an alert into a set, or takes it out.
fn change(set: RwSignal<HashSet<AlertId>>, id: AlertId, wanted: bool) {
    set.update(|set| {
        if wanted {
            set.insert(id);
        } else {
            set.remove(&id);
        }
    });
}

/// Its row, and its details below it.
#[component]
pub fn Row(id: AlertId) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let state = use_records();
    let may = use_may(Role::Operator);
    let alert = Memo::new(move |_| state.shown.with(|shown| shown.find(id).cloned()));
    let read = move |part: fn(&Alert) -> String| move || alert.with(|alert| alert.as_ref().map(part));
    let words = move |part: fn(crate::i18n::Locale, &Alert) -> String| {
        move || alert.with(|alert| alert.as_ref().map(|alert| part(i18n.get_locale(), alert)).unwrap_or_default())
    };
    let open = Memo::new(move |_| alert.with(|alert| alert.as_ref().is_some_and(Alert::is_open)));
    let level = Memo::new(move |_| alert.with(|alert| alert.as_ref().map_or("calm", |alert| level_word(shown_level(alert)))));
    // To the second where it is open: the rest does not change.
    let now_ms =
        Memo::new(move |_| if open.get() { feed.at_ms.get().unwrap_or_else(browser::now_ms) / 1_000 * 1_000 } else { browser::now_ms() });
    let lasted = move || {
        let seconds = alert.with(|alert| alert.as_ref().map(|alert| (lasted_ms(alert, now_ms.get()) / 1_000) as u64));
        format::duration(seconds, i18n.get_locale())
    };
    let word = Memo::new(move |_| alert.with(|alert| alert.as_ref().map_or("ended", |alert| state_word(alert, now_ms.get()))));
    let state_text = Memo::new(move |_| {
        alert.with(|alert| alert.as_ref().map(|alert| alert_state_text(i18n.get_locale(), alert, now_ms.get(), time_text)))
    });
    let mark = move || if level.get() == "critical" { "▲" } else { "◆" };
    // A warning that was worse before.
    let worst = move || {
        let worst = alert.with(|alert| alert.as_ref().map(|alert| alert.worst).filter(|worst| level_word(*worst) != level.get()))?;
        Some(t_string!(i18n, alerts.row.worst, level = level_name(i18n.get_locale(), worst)))
    };
    let note = move || {
        alert.with(|alert| {
            let alert = alert.as_ref()?;
            let remark = alert.resolved_by_hand.as_ref().or(alert.acknowledged.as_ref())?;
            (!remark.note.is_empty()).then(|| remark.note.clone())
        })
    };
    let spoken = move || (words(alert_text)(), read(|alert| alert.host_name.clone())().unwrap_or_default());
    let ticked = Memo::new(move |_| state.ticked.with(|ticked| ticked.contains(&id)));
    let tick = move |wanted: bool| change(state.ticked, id, wanted);
    let expanded = Memo::new(move |_| state.opened.with(|opened| opened.contains(&id)));
    let toggle = move |_| change(state.opened, id, !expanded.get_untracked());
    let details_label = move || {
        let (text, host) = spoken();
        t_string!(i18n, alerts.row.details_of, text = text, host = host)
    };
    let select_label = move || {
        let (text, host) = spoken();
        t_string!(i18n, alerts.row.select, text = text, host = host)
    };
    view! {
        <tr data-testid="alert-row" data-id=id.to_string() data-state=word data-level=level data-host=read(|alert| alert.host_id.to_string())
            data-kind=read(|alert| alert.kind.name().to_owned())
        >
            <td class="tick-cell">
                <Show when=move || open.get() && may.get()>
                    <input type="checkbox" class="row-tick" data-testid=format!("alert-tick-{id}") prop:checked=ticked aria-label=select_label
                        on:change:target=move |event| tick(event.target().checked())/>
                </Show>
            </td>
            <td data-label=text!(i18n, alerts.column.level)>
                <span class="host-name-cell">
                    <span class="alert-level" data-level=level>
                        <span aria-hidden="true">{mark}</span>" "{words(|locale, alert| level_name(locale, shown_level(alert)).to_owned())}
                    </span>
                    <span class="host-note">{worst}</span>
                </span>
            </td>
            <td data-label=text!(i18n, alerts.column.host)>
                <span class="host-name-cell"><b>{read(|alert| alert.host_name.clone())}</b><span class="host-note">{read(|alert| alert.group.clone())}</span></span>
            </td>
            <td data-label=text!(i18n, alerts.column.metric)>{words(alert_name)}</td>
            <td class="number" data-label=text!(i18n, alerts.column.value)>
                <span class="alert-value" data-level=move || if open.get() { level.get() } else { "calm" }>{read(condition_text)}</span>
            </td>
            <td data-label=text!(i18n, alerts.column.began)><span class="nowrap">{read(|alert| time_text(alert.fired_at_ms))}</span></td>
            <td class="number" data-label=text!(i18n, alerts.column.lasted)><span class="nowrap">{lasted}</span></td>
            <td data-label=text!(i18n, alerts.column.state)>
                <span class="host-name-cell">
                    <span class="alert-state" data-state=word data-testid=format!("alert-state-{id}")>{state_text}</span>
                    <span class="host-note">{note}</span>
                </span>
            </td>
            <td>
                <button type="button" class="button button-quiet button-small" data-testid=format!("alert-details-{id}")
                    aria-expanded=move || expanded.get().to_string() aria-label=details_label on:click=toggle
                >
                    {text!(i18n, alerts.column.details)}
                    <span class="alert-chevron" aria-hidden="true">{move || if expanded.get() { "▴" } else { "▾" }}</span>
                </button>
            </td>
        </tr>
        <Show when=move || expanded.get()>
            <tr class="alert-details-row"><td colspan=COLUMNS><Details id alert/></td></tr>
        </Show>
    }
}
