//! The time that records are narrowed to.

use super::state::use_records;
use crate::browser;
use crate::components::Segment;
use crate::i18n::{t_string, text, use_i18n};
use crate::moment;
use crate::pages::alerts::place::{DAYS, Time};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

/// The last days, or two moments.
#[component]
pub fn TimeFilter() -> impl IntoView {
    let i18n = use_i18n();
    let state = use_records();
    let time = Memo::new(move |_| state.filter.with(|filter| filter.time));
    let open = RwSignal::new(matches!(time.get_untracked(), Time::Fixed { .. }));
    let choose = move |time: Time| {
        open.set(false);
        state.narrow(|filter| filter.time = time);
    };
    let days = move |days: u32| {
        let name = match days {
            1 => text!(i18n, alerts.filter.day).into_any(),
            7 => text!(i18n, alerts.filter.week).into_any(),
            30 => text!(i18n, alerts.filter.month).into_any(),
            _ => text!(i18n, alerts.filter.quarter).into_any(),
        };
        let chosen = Memo::new(move |_| time.get() == Time::Days(days));
        view! { <Segment chosen choose=move || choose(Time::Days(days)) test_id=format!("alerts-days-{days}")>{name}</Segment> }
    };
    let custom = Memo::new(move |_| matches!(time.get(), Time::Fixed { .. }));
    view! {
        <div class="picker">
            <span class="picker-label">{text!(i18n, alerts.filter.time)}</span>
            <div class="segments" role="group" aria-label=text!(i18n, alerts.filter.time)>
                <Segment chosen=Signal::derive(move || time.get() == Time::Ever) choose=move || choose(Time::Ever) test_id="alerts-days-all">
                    {text!(i18n, alerts.filter.ever)}
                </Segment>
                {DAYS.map(days).collect_view()}
                <Segment chosen=custom choose=move || open.update(|open| *open = !*open) test_id="alerts-days-custom">{text!(i18n, history.range.custom)}</Segment>
            </div>
            <Show when=move || open.get()><Moments time/></Show>
        </div>
    }
}

/// Two moments in the browser's time zone.
#[component]
fn Moments(time: Memo<Time>) -> impl IntoView {
    let i18n = use_i18n();
    let state = use_records();
    let text = |at_ms: i64| moment::field_text(at_ms, browser::offset_minutes(at_ms));
    let (from, to) = match time.get_untracked() {
        Time::Fixed { from_ms, to_ms } => (text(from_ms), text(to_ms)),
        _ => (String::new(), String::new()),
    };
    let (from, to, wrong) = (RwSignal::new(from), RwSignal::new(to), RwSignal::new(false));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let read = |text: RwSignal<String>| moment::read_field(&text.get_untracked(), browser::offset_minutes);
        let range = read(from).zip(read(to)).filter(|(from_ms, to_ms)| from_ms < to_ms);
        wrong.set(range.is_none());
        if let Some((from_ms, to_ms)) = range {
            state.narrow(|filter| filter.time = Time::Fixed { from_ms, to_ms });
        }
    };
    let field = move |value: RwSignal<String>, word: &'static str| {
        view! {
            <input class="control" type="datetime-local" step="1" id=format!("alerts-{word}") data-testid=format!("alerts-{word}") prop:value=value
                aria-invalid=move || wrong.get().to_string() on:input:target=move |event| value.set(event.target().value())/>
        }
    };
    view! {
        <form class="alerts-moments" novalidate on:submit=submit>
            <label for="alerts-from">{text!(i18n, history.range.from)}</label>{field(from, "from")}
            <label for="alerts-to">{text!(i18n, history.range.to)}</label>{field(to, "to")}
            <button type="submit" class="button button-main" data-testid="alerts-time-apply">{text!(i18n, history.range.apply)}</button>
            <p class="field-error" role="status">{move || wrong.get().then(|| t_string!(i18n, errors.reason.empty_range))}</p>
            <p class="field-hint">{text!(i18n, history.range.zone)}</p>
        </form>
    }
}
