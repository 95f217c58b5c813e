//! What the lines of a chart are, and what each comes to over the range.

use super::lines::{Chart, Entry};
use crate::charts::{Stroke, Unit};
use crate::format;
use crate::i18n::{text, use_i18n};
use leptos::prelude::*;

/// A row for each line.
#[component]
pub fn Legend(unit: Unit, chart: Memo<Option<Chart>>) -> impl IntoView {
    let i18n = use_i18n();
    let entries = Memo::new(move |_| chart.with(|chart| chart.as_ref().map(|chart| chart.entries.clone())).unwrap_or_default());
    let row = move |entry: Entry| {
        let value = move |read: fn(&crate::views::HistoryTotal) -> f32| {
            format::unit_text(unit, entry.total.as_ref().map(|total| f64::from(read(total))))
        };
        let dashes = match entry.stroke {
            Stroke::Solid => "none",
            Stroke::Dashed => "7 4",
            Stroke::Dotted => "2 3",
            Stroke::Faded => "4 3",
        };
        let opacity = if entry.stroke == Stroke::Faded { "0.65" } else { "1" };
        view! {
            <tr>
                <th scope="row">
                    <svg class="legend-line" viewBox="0 0 28 10" aria-hidden="true">
                        <line x1="1" y1="5" x2="27" y2="5" stroke=entry.colour stroke-dasharray=dashes stroke-width="2.5" opacity=opacity/>
                    </svg>
                    <span>{entry.name.clone()}</span>
                </th>
                <td data-label=text!(i18n, history.chart.mean)>{value(|total| total.mean)}</td>
                <td data-label=text!(i18n, history.chart.least)>{value(|total| total.least)}</td>
                <td data-label=text!(i18n, history.chart.most)>{value(|total| total.most)}</td>
            </tr>
        }
    };
    view! {
        <table class="legend" data-testid="history-legend">
            <thead>
                <tr>
                    <th scope="col"><span class="visually-hidden">{text!(i18n, history.chart.line)}</span></th>
                    <th scope="col">{text!(i18n, history.chart.mean)}</th>
                    <th scope="col">{text!(i18n, history.chart.least)}</th>
                    <th scope="col">{text!(i18n, history.chart.most)}</th>
                </tr>
            </thead>
            <tbody>{move || entries.get().into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}
