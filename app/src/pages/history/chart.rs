//! One chart: lines of one unit, with its legend, moved by a pointer.

use super::charts::{Charts, range_text};
use super::legend::Legend;
use super::pointer::use_pointer;
use super::state::history;
use crate::charts::{ChartModel, EChart, Unit};
use crate::i18n::{td_string, use_i18n};
use crate::texts::unit_name;
use leptos::prelude::*;

/// The chart of a unit.
#[component]
pub fn ChartView(unit: Unit, charts: Charts) -> impl IntoView {
    let i18n = use_i18n();
    let history = history();
    let chart = Memo::new(move |_| charts.list.with(|list| list.iter().find(|chart| chart.trend.unit == unit).cloned()));
    let model = Signal::derive(move || {
        let mut trend = chart.get()?.trend;
        // The axis moves at once, its lines follow.
        if let Some(range) = history.shown() {
            (trend.from_ms, trend.until_ms) = (range.from_ms, range.to_ms);
        }
        Some(ChartModel::Trend(trend))
    });
    let label = Signal::derive(move || {
        let names =
            chart.with(|chart| chart.as_ref().map(|chart| chart.entries.iter().map(|entry| entry.name.clone()).collect::<Vec<_>>()));
        let (locale, range) = (i18n.get_locale(), history.shown().map(range_text).unwrap_or_default());
        td_string!(locale, history.chart.label, unit = unit_name(locale, unit), range = range, names = names.unwrap_or_default().join(", "))
    });
    let pointer = use_pointer(unit, charts);
    let selection = move || {
        pointer.selection.get().map(|(from, to)| {
            view! {
                <svg class="history-selection" aria-hidden="true">
                    <rect x=from.min(to).to_string() y="0" width=(to - from).abs().to_string() height="100%"/>
                </svg>
            }
        })
    };
    view! {
        <section class="panel history-chart" data-testid=format!("history-chart-{}", word(unit))>
            <h2>{move || unit_name(i18n.get_locale(), unit)}</h2>
            <div
                class="history-plot"
                on:pointerdown=move |event| pointer.down(&event)
                on:pointermove=move |event| pointer.moved(&event)
                on:pointerup=move |event| pointer.up(&event)
                on:pointercancel=move |_| pointer.cancel()
                on:wheel=move |event| pointer.wheel(&event)
            >
                <EChart model class="history-canvas" label handle=charts.handle(unit)/>
                {selection}
            </div>
            <Legend unit chart/>
        </section>
    }
}

/// The unit in test ids.
fn word(unit: Unit) -> &'static str {
    match unit {
        Unit::Percent => "percent",
        Unit::BytesPerSecond => "rate",
        Unit::Celsius => "celsius",
        Unit::Hours => "hours",
        Unit::Milliseconds => "milliseconds",
        Unit::Number => "number",
    }
}
