//! Which time is looked at, and with which it is compared.

use super::custom::{CustomErrors, read_custom};
use super::range::{Compare, Period, Span};
use super::state::{History, history};
use crate::browser;
use crate::components::Segment;
use crate::error::{Field, FieldReason};
use crate::i18n::{Locale, t_string, td_string, text, use_i18n};
use crate::moment;
use crate::texts::field_reason_text;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

/// Buttons for the usual ranges, and a form for all others.
#[component]
pub fn RangePicker() -> impl IntoView {
    let i18n = use_i18n();
    let history = history();
    let open = RwSignal::new(false);
    let span = Memo::new(move |_| history.view.with(|view| view.span));
    let period = move |period: Period| {
        let choose = move || {
            open.set(false);
            history.choose(|view| view.span = Span::Last(period));
        };
        let chosen = Signal::derive(move || span.get() == Span::Last(period));
        view! {
            <Segment chosen choose test_id=format!("history-range-{}", period.word())>{move || period_text(i18n.get_locale(), period)}</Segment>
        }
    };
    let custom = Signal::derive(move || open.get() || matches!(span.get(), Span::Fixed(_)));
    view! {
        <div class="picker history-ranges">
            <span class="picker-label">{text!(i18n, history.pick.range)}</span>
            <div class="segments" role="group" aria-label=text!(i18n, history.pick.range)>
                {Period::ALL.map(period).collect_view()}
                <Segment chosen=custom choose=move || open.update(|open| *open = !*open) test_id="history-range-custom">
                    {text!(i18n, history.range.custom)}
                </Segment>
            </div>
            <Show when=move || open.get()><CustomForm open/></Show>
        </div>
    }
}

/// A period in words.
fn period_text(locale: Locale, period: Period) -> &'static str {
    match period {
        Period::Hour => td_string!(locale, history.range.last_1h),
        Period::SixHours => td_string!(locale, history.range.last_6h),
        Period::Day => td_string!(locale, history.range.last_24h),
        Period::Week => td_string!(locale, history.range.last_7d),
        Period::Month => td_string!(locale, history.range.last_30d),
        Period::Quarter => td_string!(locale, history.range.last_90d),
    }
}

/// Two moments in the browser's time zone.
#[component]
fn CustomForm(open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let history = history();
    let (from, to) = initial(history);
    let (from, to) = (RwSignal::new(from), RwSignal::new(to));
    let errors = RwSignal::new(CustomErrors::default());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        match read_custom(&from.get_untracked(), &to.get_untracked(), history.now_ms(), browser::offset_minutes) {
            Ok(range) => {
                errors.set(CustomErrors::default());
                history.choose(|view| view.span = Span::Fixed(range));
                open.set(false);
            }
            Err(wrong) => errors.set(wrong),
        }
    };
    let from_reason = Signal::derive(move || errors.with(|errors| errors.from.clone()));
    let to_reason = Signal::derive(move || errors.with(|errors| errors.to.clone()));
    view! {
        <form class="history-custom" novalidate on:submit=submit>
            <MomentField word="from" value=from reason=from_reason>{text!(i18n, history.range.from)}</MomentField>
            <MomentField word="to" value=to reason=to_reason>{text!(i18n, history.range.to)}</MomentField>
            <button type="submit" class="button button-main" data-testid="history-custom-apply">{text!(i18n, history.range.apply)}</button>
            <p class="field-hint">{text!(i18n, history.range.zone)}</p>
        </form>
    }
}

/// What is shown now, as the texts of both fields.
fn initial(history: History) -> (String, String) {
    let text = |at_ms: i64| moment::field_text(at_ms, browser::offset_minutes(at_ms));
    history.range.get_untracked().map_or_else(Default::default, |range| (text(range.from_ms), text(range.to_ms)))
}

/// A date with a time of day, and what is wrong with it.
#[component]
fn MomentField(word: &'static str, value: RwSignal<String>, reason: Signal<Option<FieldReason>>, children: Children) -> impl IntoView {
    let i18n = use_i18n();
    let (id, error_id) = (format!("history-custom-{word}"), format!("history-error-{word}"));
    let text = move || reason.get().map(|reason| field_reason_text(i18n.get_locale(), Field::Range, &reason));
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>{children()}</label>
            <input
                class="control"
                type="datetime-local"
                step="1"
                id=id.clone()
                data-testid=id
                aria-describedby=error_id.clone()
                aria-invalid=move || reason.with(Option::is_some).to_string()
                prop:value=value
                on:input:target=move |event| value.set(event.target().value())
            />
            <p class="field-error" id=error_id.clone() role="alert" data-testid=error_id>{text}</p>
        </div>
    }
}

/// With which earlier time the range is compared.
#[component]
pub fn ComparePicker() -> impl IntoView {
    let i18n = use_i18n();
    let history = history();
    let segment = move |compare: Compare| {
        let chosen = Signal::derive(move || history.view.with(|view| view.compare == compare));
        let choose = move || history.choose(|view| view.compare = compare);
        let text = move || match compare {
            Compare::Nothing => t_string!(i18n, history.compare.none),
            Compare::Yesterday => t_string!(i18n, history.compare.day),
            Compare::LastWeek => t_string!(i18n, history.compare.week),
        };
        view! { <Segment chosen choose test_id=format!("history-compare-{}", compare.word())>{text}</Segment> }
    };
    view! {
        <div class="picker">
            <span class="picker-label">{text!(i18n, history.pick.compare)}</span>
            <div class="segments" role="group" aria-label=text!(i18n, history.pick.compare)>
                {Compare::ALL.map(segment).collect_view()}
            </div>
        </div>
    }
}
