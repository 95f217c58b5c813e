//! At which time a route is at work.

use super::values::Values;
use crate::i18n::{text, use_i18n};
use crate::pages::alerts::maintenance::day_name;
use crate::pages::alerts::notify::entries::{Line, Tick};
use crate::pages::alerts::notify::ticks::Ticks;
use crate::pages::alerts::notify::wrong::Wrong;
use leptos::prelude::*;

/// Always, or between two times of the day.
#[component]
pub fn TimeFields(values: Values, wrong: Wrong) -> impl IntoView {
    let i18n = use_i18n();
    let days =
        Signal::derive(move || (1..=7).map(|day: u8| (day.to_string(), day_name(i18n.get_locale(), day).to_owned())).collect::<Vec<_>>());
    view! {
        <Tick wrong field="timed" value=values.timed label=text!(i18n, notify.route.timed)/>
        <Show when=move || values.timed.get()>
            <Ticks wrong field="weekdays" label=text!(i18n, notify.route.weekdays) hint=text!(i18n, notify.route.weekdays_hint)
                offered=days chosen=values.weekdays/>
            <div class="form-row">
                <div class="span-3">
                    <Line wrong field="from_min" value=values.from kind="time" label=text!(i18n, notify.route.from)/>
                </div>
                <div class="span-3">
                    <Line wrong field="to_min" value=values.until kind="time" label=text!(i18n, notify.route.until)/>
                </div>
                <div class="span-6"><Line wrong field="zone" value=values.zone label=text!(i18n, notify.route.zone)/></div>
            </div>
        </Show>
    }
}
