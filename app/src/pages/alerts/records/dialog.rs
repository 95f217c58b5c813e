//! Acknowledging, resolving and snoozing: what it means, and a note.

use super::state::{Deed, use_records};
use crate::api::alerts::act_on_alerts;
use crate::browser;
use crate::components::{Dialog, DialogHead, ErrorNotice, FormErrors, Segment, TextField};
use crate::error::Field;
use crate::i18n::{t, t_string, text, use_i18n};
use crate::live::use_live_feed;
use crate::views::AlertAct;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use protocol::alert::AlertId;

const FORM: &str = "deed-form";
const HEADING: &str = "deed-heading";
const MINUTE_MS: i64 = 60_000;

/// Minutes that are offered for a snooze.
const SNOOZES: [i64; 6] = [30, 60, 240, 480, 1_440, 10_080];

/// The tab's one dialog.
#[component]
pub fn DeedDialog() -> impl IntoView {
    let state = use_records();
    let open = Signal::derive(move || state.dialog.with(Option::is_some));
    let on_close = Callback::new(move |()| {
        if state.dialog.with_untracked(Option::is_some) {
            state.dialog.set(None);
        }
    });
    let screen = move || state.dialog.get().map(|(deed, ids)| view! { <Screen deed ids on_close/> });
    view! { <Dialog open on_close labelled_by=HEADING small=Signal::stored(true) wide=Signal::stored(false)>{screen}</Dialog> }
}

#[component]
fn Screen(deed: Deed, ids: Vec<AlertId>, on_close: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let state = use_records();
    let errors = FormErrors::new();
    let count = ids.len();
    let ids = StoredValue::new(ids);
    let snooze = RwSignal::new(SNOOZES[1]);
    let action = Action::new(move |act: &AlertAct| act_on_alerts(ids.get_value(), act.clone()));
    Effect::new(move || match action.value().get() {
        Some(Ok(done)) => {
            state.done.set(Some(done));
            state.ticked.update(|ticked| ticked.clear());
            state.dialog.set(None);
        }
        Some(Err(error)) => {
            errors.set(Some(error));
            browser::focus_first_invalid(FORM);
        }
        None => {}
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if action.pending().get_untracked() {
            return;
        }
        errors.set(None);
        let note = browser::values_of(&event).text(Field::Note);
        let now_ms = feed.at_ms.get_untracked().unwrap_or_else(browser::now_ms);
        action.dispatch(match deed {
            Deed::Acknowledge => AlertAct::Acknowledge { note },
            Deed::Resolve => AlertAct::Resolve { note },
            Deed::Snooze => AlertAct::Snooze { until_ms: now_ms + snooze.get_untracked() * MINUTE_MS },
        });
    };
    let (title, text, label) = match deed {
        Deed::Acknowledge => (
            t!(i18n, alerts.act.acknowledge_title, count = count).into_any(),
            text!(i18n, alerts.act.acknowledge_text).into_any(),
            text!(i18n, alerts.act.do_acknowledge).into_any(),
        ),
        Deed::Resolve => (
            t!(i18n, alerts.act.resolve_title, count = count).into_any(),
            text!(i18n, alerts.act.resolve_text).into_any(),
            text!(i18n, alerts.act.do_resolve).into_any(),
        ),
        Deed::Snooze => (
            t!(i18n, alerts.act.snooze_title, count = count).into_any(),
            text!(i18n, alerts.act.snooze_text).into_any(),
            text!(i18n, alerts.act.do_snooze).into_any(),
        ),
    };
    let entry = match deed {
        Deed::Snooze => view! { <SnoozeChoice snooze errors/> }.into_any(),
        _ => view! {
            <TextField field=Field::Note label=move || t_string!(i18n, alerts.act.note) errors test_id="deed-note" optional=true autofocus=true/>
        }
        .into_any(),
    };
    view! {
        <form class="dialog-frame" id=FORM method="post" novalidate autocomplete="off" on:submit=submit>
            <DialogHead id=HEADING on_close>{title}</DialogHead>
            <div class="dialog-body">
                <p>{text}</p>
                {entry}
                {move || errors.general().map(|error| view! { <ErrorNotice error/> })}
            </div>
            <footer class="dialog-actions">
                <button type="button" class="button" on:click=move |_| on_close.run(())>{text!(i18n, common.dialog.cancel)}</button>
                <button type="submit" class="button button-main" data-testid="deed-submit" disabled=move || action.pending().get()>{label}</button>
            </footer>
        </form>
    }
}

/// For how long.
#[component]
fn SnoozeChoice(snooze: RwSignal<i64>, errors: FormErrors) -> impl IntoView {
    let i18n = use_i18n();
    let segment = move |minutes: i64| {
        let name = match minutes {
            ..60 => t!(i18n, alerts.act.minutes, count = minutes).into_any(),
            60..1_440 => t!(i18n, alerts.act.hours, count = minutes / 60).into_any(),
            _ => t!(i18n, alerts.act.days, count = minutes / 1_440).into_any(),
        };
        let chosen = Signal::derive(move || snooze.get() == minutes);
        view! { <Segment chosen choose=move || snooze.set(minutes) test_id=format!("snooze-{minutes}")>{name}</Segment> }
    };
    let error = move || {
        let reason = errors.reason(Field::SnoozeUntil)?;
        Some(crate::texts::field_reason_text(i18n.get_locale(), Field::SnoozeUntil, &reason))
    };
    view! {
        <div class="field">
            <span class="field-label">{text!(i18n, alerts.act.until)}</span>
            <div class="segments" role="group" aria-label=text!(i18n, alerts.act.until)>{SNOOZES.map(segment).collect_view()}</div>
            <p class="field-error">{error}</p>
        </div>
    }
}
