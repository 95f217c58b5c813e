//! All charts of the page: what they show, their texts, and how they are moved by keys.

use super::chart::ChartView;
use super::lines::{Answered, Chart, charts};
use super::load::Loaded;
use super::range::{Compare, Range};
use super::state::{History, history};
use crate::browser;
use crate::charts::{ChartHandle, PictureText, Stroke, Timeline, Unit};
use crate::format;
use crate::i18n::{Locale, td_string, text, use_i18n};
use crate::moment;
use crate::texts::{change_text, series_name, unit_name};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use protocol::host::HostId;
use protocol::metric::Series;

/// The shown charts, and the drawn one of each unit.
#[derive(Clone, Copy)]
pub struct Charts {
    pub list: Memo<Vec<Chart>>,
    history: History,
    handles: [ChartHandle; Unit::ALL.len()],
}

/// Charts of what has been loaded.
pub fn use_charts() -> Charts {
    let i18n = use_i18n();
    let history = history();
    let list = Memo::new(move |_| {
        let Some(loaded) = history.loading.now.get() else { return Vec::new() };
        let timeline = timeline(history, &loaded, i18n.get_locale());
        let earlier = history.loading.earlier.get();
        let later_ms = loaded.view.compare.earlier_ms().unwrap_or_default();
        let earlier = earlier.as_ref().filter(|earlier| earlier.range.shifted(later_ms) == loaded.range && later_ms > 0);
        let earlier = earlier.map(|earlier| Answered { answer: &earlier.answer, later_ms });
        let now = Answered { answer: &loaded.answer, later_ms: 0 };
        charts(now, earlier, loaded.range, &timeline, |id, series, was| line_name(history, &loaded, i18n.get_locale(), id, series, was))
    });
    Charts { list, history, handles: std::array::from_fn(|_| ChartHandle::new()) }
}

/// Host and metric, as far as they differ between the lines.
fn line_name(history: History, loaded: &Loaded, locale: Locale, id: HostId, series: &Series, was: bool) -> String {
    let metric = series_name(locale, series);
    let name = match (loaded.view.hosts.len(), loaded.view.series.len()) {
        (1, _) => metric,
        (_, 1) => history.host_name(id),
        _ => format!("{} · {metric}", history.host_name(id)),
    };
    match loaded.view.compare {
        Compare::Yesterday if was => td_string!(locale, history.compare.was_day, name = name),
        Compare::LastWeek if was => td_string!(locale, history.compare.was_week, name = name),
        _ => name,
    }
}

fn timeline(history: History, loaded: &Loaded, locale: Locale) -> Timeline {
    let one = loaded.view.hosts.len() == 1;
    history.loading.marks.with(|marks| Timeline {
        step_ms: loaded.answer.step_ms,
        marks: marks
            .marks
            .iter()
            .map(|mark| {
                let change = change_text(locale, mark.change);
                (mark.at_ms, if one { change } else { format!("{}: {change}", history.host_name(mark.host_id)) })
            })
            .collect(),
        spans: marks.recordings.iter().map(|recording| (recording.from_ms, recording.to_ms)).collect(),
    })
}

impl Charts {
    /// The drawn chart of a unit.
    pub fn handle(self, unit: Unit) -> ChartHandle {
        self.handles[unit as usize]
    }

    /// All drawn charts, from top to bottom.
    pub fn handles(self) -> Vec<ChartHandle> {
        self.list.with_untracked(|list| list.iter().map(|chart| self.handle(chart.trend.unit)).collect())
    }

    /// What is written on a picture of them.
    pub fn picture_text(self, locale: Locale) -> PictureText {
        let history = self.history;
        let hosts: Vec<String> = history.view.with_untracked(|view| view.hosts.iter().map(|id| history.host_name(*id)).collect());
        self.list.with_untracked(|list| PictureText {
            title: format!("{} · {}", td_string!(locale, history.title), hosts.join(", ")),
            subtitle: history.shown().map_or_else(String::new, range_text),
            charts: list.iter().map(|chart| unit_name(locale, chart.trend.unit).to_owned()).collect(),
            legends: list.iter().map(legend_texts).collect(),
        })
    }
}

fn legend_texts(chart: &Chart) -> Vec<(&'static str, String)> {
    let value = |value: f32| format::unit_text(chart.trend.unit, Some(f64::from(value)));
    let line = |entry: &super::lines::Entry| {
        let total = entry.total.map(|total| format!("  {} ({} … {})", value(total.mean), value(total.least), value(total.most)));
        (entry.colour, format!("{} {}{}", stroke_sign(entry.stroke), entry.name, total.unwrap_or_default()))
    };
    chart.entries.iter().map(line).collect()
}

fn stroke_sign(stroke: Stroke) -> &'static str {
    match stroke {
        Stroke::Solid => "━━",
        Stroke::Dashed => "╍╍",
        Stroke::Dotted => "┅┅",
        Stroke::Faded => "┄┄",
    }
}

/// From when to when, in the browser's time zone.
pub fn range_text(range: Range) -> String {
    let text = |at_ms: i64| moment::text(at_ms, browser::offset_minutes(at_ms));
    format!("{} – {}", text(range.from_ms), text(range.to_ms))
}

/// The charts below each other, moved by keys.
#[component]
pub fn ChartList(charts: Charts) -> impl IntoView {
    let i18n = use_i18n();
    let history = history();
    let units = Memo::new(move |_| charts.list.with(|list| list.iter().map(|chart| chart.trend.unit).collect::<Vec<_>>()));
    let pressed = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        match event.key().as_str() {
            "ArrowLeft" => history.pan(-0.25, true),
            "ArrowRight" => history.pan(0.25, true),
            "+" | "=" => history.zoom(0.5, None, true),
            "-" | "_" => history.zoom(2.0, None, true),
            "0" => history.reset(),
            "Enter" => history.ask_processes(None),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <div
            class="history-charts"
            tabindex="0"
            role="group"
            node_ref=history.loading.node
            data-testid="history-charts"
            aria-label=text!(i18n, history.chart.charts)
            aria-busy=move || history.loading.busy.get().to_string()
            on:keydown=pressed
        >
            <For each=move || units.get() key=|unit| *unit as u8 let:unit><ChartView unit charts/></For>
        </div>
        <p class="field-hint history-hint">{text!(i18n, history.tool.hint)}</p>
    }
}
