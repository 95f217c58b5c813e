//! What is chosen in the form of a window, and the plan that it makes.

use super::time::{clock_text, day_name, read_clock};
use crate::browser;
use crate::components::{FormErrors, Segment};
use crate::error::{ApiError, Field, FieldReason};
use crate::i18n::{text, use_i18n};
use crate::moment;
use crate::texts::field_reason_text;
use crate::views::{MaintenancePlan, MaintenanceTime};
use leptos::prelude::*;
use protocol::alert::RuleScope;

const HOUR_MS: i64 = 3_600_000;
/// Length of a window at most, in minutes.
const WEEK_MINUTES: u16 = 10_080;

/// What stands in the form.
#[derive(Clone, Copy)]
pub struct Entries {
    pub scope: RwSignal<RuleScope>,
    weekly: RwSignal<bool>,
    from: RwSignal<String>,
    to: RwSignal<String>,
    days: RwSignal<Vec<u8>>,
    start: RwSignal<String>,
    minutes: RwSignal<String>,
    zone: RwSignal<String>,
}

impl Entries {
    /// Of a plan, or of a new window: the next hour.
    pub fn of(plan: Option<MaintenancePlan>, now_ms: i64) -> Self {
        let text = |at_ms: i64| moment::field_text(at_ms, browser::offset_minutes(at_ms));
        // A field without seconds is easier to fill in.
        let next_ms = now_ms.div_euclid(60_000) * 60_000;
        let (mut from_ms, mut to_ms, mut weekly) = (next_ms, next_ms + HOUR_MS, false);
        let (mut days, mut start, mut minutes, mut zone) = (vec![7], "02:00".to_owned(), "60".to_owned(), browser::time_zone());
        let scope = plan.as_ref().map(|plan| plan.scope.clone()).unwrap_or_default();
        match plan.map(|plan| plan.time) {
            None => {}
            Some(MaintenanceTime::Once { from_ms: from, to_ms: to }) => (from_ms, to_ms) = (from, to),
            Some(MaintenanceTime::Weekly { days: on, start_minute, minutes: length, time_zone }) => {
                (weekly, days, start, minutes, zone) = (true, on, clock_text(start_minute), length.to_string(), time_zone);
            }
        }
        Self {
            scope: RwSignal::new(scope),
            weekly: RwSignal::new(weekly),
            from: RwSignal::new(text(from_ms)),
            to: RwSignal::new(text(to_ms)),
            days: RwSignal::new(days),
            start: RwSignal::new(start),
            minutes: RwSignal::new(minutes),
            zone: RwSignal::new(zone),
        }
    }

    /// The plan that is typed.
    ///
    /// # Errors
    /// A time cannot be read. What else may be wrong the centre says.
    pub fn plan(self) -> Result<MaintenancePlan, ApiError> {
        let wrong = |reason| ApiError::field(Field::MaintenanceTime, reason);
        let time = if self.weekly.get_untracked() {
            let start_minute = read_clock(&self.start.get_untracked()).ok_or_else(|| wrong(FieldReason::NotATime))?;
            let range = FieldReason::NotInRange { least: 1, most: i64::from(WEEK_MINUTES) };
            let minutes = self.minutes.get_untracked().trim().parse().map_err(|_| wrong(range))?;
            let (days, time_zone) = (self.days.get_untracked(), self.zone.get_untracked().trim().to_owned());
            MaintenanceTime::Weekly { days, start_minute, minutes, time_zone }
        } else {
            let read = |text: RwSignal<String>| moment::read_field(&text.get_untracked(), browser::offset_minutes);
            let (from_ms, to_ms) = read(self.from).zip(read(self.to)).ok_or_else(|| wrong(FieldReason::NotATime))?;
            MaintenanceTime::Once { from_ms, to_ms }
        };
        Ok(MaintenancePlan { scope: self.scope.get_untracked(), time })
    }
}

/// Once or every week, and when.
#[component]
pub fn TimeFields(entries: Entries, errors: FormErrors) -> impl IntoView {
    let i18n = use_i18n();
    let weekly = entries.weekly;
    let body = move || match weekly.get() {
        true => view! { <Weekly entries errors/> }.into_any(),
        false => view! { <Once entries errors/> }.into_any(),
    };
    view! {
        <div class="field">
            <span class="field-label">{text!(i18n, alerts.maintenance.repeat)}</span>
            <div class="segments" role="group" aria-label=text!(i18n, alerts.maintenance.repeat)>
                <Segment chosen=Signal::derive(move || !weekly.get()) choose=move || weekly.set(false) test_id="maintenance-once">
                    {text!(i18n, alerts.maintenance.once)}
                </Segment>
                <Segment chosen=weekly choose=move || weekly.set(true) test_id="maintenance-weekly">{text!(i18n, alerts.maintenance.weekly)}</Segment>
            </div>
        </div>
        {body}
        <ErrorOf field=Field::MaintenanceTime errors/>
    }
}

/// What is wrong with a field that is made of several controls.
#[component]
pub fn ErrorOf(field: Field, errors: FormErrors) -> impl IntoView {
    let i18n = use_i18n();
    let error = move || errors.reason(field).map(|reason| field_reason_text(i18n.get_locale(), field, &reason));
    view! { <p class="field-error" role="status" data-testid=format!("field-error-{}", crate::components::field_word(field))>{error}</p> }
}

/// One control with its label above it.
#[component]
fn Entry(
    value: RwSignal<String>,
    word: &'static str,
    kind: &'static str,
    field: Field,
    errors: FormErrors,
    children: Children,
) -> impl IntoView {
    let id = format!("maintenance-{word}");
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>{children()}</label>
            <input class="control" type=kind id=id.clone() data-testid=id prop:value=value autocomplete="off" spellcheck="false"
                aria-invalid=move || errors.reason(field).is_some().to_string()
                on:input:target=move |event| {
                    value.set(event.target().value());
                    errors.forget(field);
                }/>
        </div>
    }
}

#[component]
fn Once(entries: Entries, errors: FormErrors) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="form-row">
            <div class="span-6">
                <Entry value=entries.from word="from" kind="datetime-local" field=Field::MaintenanceTime errors>{text!(i18n, alerts.maintenance.from)}</Entry>
            </div>
            <div class="span-6">
                <Entry value=entries.to word="to" kind="datetime-local" field=Field::MaintenanceTime errors>{text!(i18n, alerts.maintenance.to)}</Entry>
            </div>
        </div>
        <p class="field-hint">{text!(i18n, alerts.maintenance.zone_browser)}</p>
    }
}

#[component]
fn Weekly(entries: Entries, errors: FormErrors) -> impl IntoView {
    let i18n = use_i18n();
    let day = move |day: u8| {
        let ticked = Memo::new(move |_| entries.days.with(|days| days.contains(&day)));
        let tick = move |wanted: bool| {
            errors.forget(Field::MaintenanceTime);
            entries.days.update(|days| {
                days.retain(|known| *known != day);
                days.extend(wanted.then_some(day));
                days.sort_unstable();
            });
        };
        view! {
            <label class="day-tick">
                <input type="checkbox" data-testid=format!("maintenance-day-{day}") prop:checked=ticked
                    on:change:target=move |event| tick(event.target().checked())/>
                <span>{move || day_name(i18n.get_locale(), day)}</span>
            </label>
        }
    };
    view! {
        <fieldset class="form-group">
            <legend class="form-group-title">{text!(i18n, alerts.maintenance.days)}</legend>
            <div class="day-ticks">{(1..=7).map(day).collect_view()}</div>
        </fieldset>
        <div class="form-row">
            <div class="span-4">
                <Entry value=entries.start word="start" kind="time" field=Field::MaintenanceTime errors>{text!(i18n, alerts.maintenance.start)}</Entry>
            </div>
            <div class="span-4">
                <Entry value=entries.minutes word="minutes" kind="text" field=Field::MaintenanceTime errors>
                    {text!(i18n, alerts.maintenance.length)}" ("{text!(i18n, alerts.maintenance.minutes)}")"
                </Entry>
            </div>
            <div class="span-4">
                <Entry value=entries.zone word="zone" kind="text" field=Field::TimeZone errors>{text!(i18n, alerts.maintenance.zone)}</Entry>
                <ErrorOf field=Field::TimeZone errors/>
            </div>
        </div>
        <p class="field-hint">{text!(i18n, alerts.maintenance.length_hint)}" "{text!(i18n, alerts.maintenance.zone_hint)}</p>
    }
}
