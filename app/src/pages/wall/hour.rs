//! The last hour of the host that is looked at: three small charts, each with its threshold and the figure of now.

use super::drawn::{DrawnText, DrawnTexts};
use super::selection::use_selection;
use crate::charts::{ChartModel, EChart, Line, Stroke, Trend, Unit, palette};
use crate::components::{FigureMark, LevelMark, figure_word, level_word};
use crate::format;
use crate::i18n::{t_string, text, use_i18n};
use crate::live::{HOUR_MS, HourFeed, Metric, use_hour, use_live_feed};
use crate::texts::{alert_text, share_name, source_name};
use leptos::prelude::*;
use leptos_router::components::A;

/// Beats between two drawings of one chart: the ten seconds of a point. The three take turns, each with a drawing of the spark lines.
const DRAWN_EVERY: u64 = 20;

/// Beats between two changes of the latency in the heading.
const NOTED_EVERY: u64 = 4;

/// The panel in the middle.
#[component]
pub fn HourPanel() -> impl IntoView {
    let i18n = use_i18n();
    let selection = use_selection();
    let hour = use_hour(selection.selected.into());
    view! {
        <section class="wall-panel wall-hour" data-testid="wall-hour">
            <Show
                when=move || selection.selected.get().is_some()
                fallback=move || view! { <p class="wall-empty">{text!(i18n, live.wall.choose)}</p> }
            >
                <HourHead/>
                <HourChart metric=Metric::Cpu hour/>
                <HourChart metric=Metric::Memory hour/>
                <HourChart metric=Metric::Disk hour/>
            </Show>
            <DrawnTexts/>
        </section>
    }
}

/// Which host it is, what is wrong with it, how it is read.
#[component]
fn HourHead() -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let selection = use_selection();
    let id = move || selection.selected.get().unwrap_or_default();
    let level = Memo::new(move |_| level_word(selection.figures().status, feed.levels(id()).get()));
    let name = move || feed.card(id()).with(|card| card.name.clone());
    // The centre's own machine has no address.
    let address = move || feed.card(id()).with(|card| if card.address.is_empty() { String::new() } else { format!(" · {}", card.address) });
    // The worst of its open alerts.
    let worst = Memo::new(move |_| feed.open_of(id()).into_iter().next());
    let trouble = move || worst.get().map(|alert| alert_text(i18n.get_locale(), &alert));
    let turn = Memo::new(move |_| feed.beat.get() / NOTED_EVERY);
    let note = move || {
        turn.get();
        let (_, source) = feed.state(id()).get();
        let source = source.map(|source| source_name(i18n.get_locale(), source).to_owned());
        let latency = feed.figures(id()).get_untracked().latency_ms.map(|latency| format::milliseconds(Some(latency)));
        let parts = [Some(t_string!(i18n, live.wall.one_hour).to_owned()), source, latency];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    view! {
        <div class="wall-panel-head wall-hour-head">
            <h2>
                <A href=move || format!("/hosts/{}", id()) attr:class="wall-hour-name" attr:data-testid="wall-selected">{name}</A>
                <span class="wall-hour-address">{address}</span>
            </h2>
            <span class="wall-hour-trouble" data-level=move || level.get()><LevelMark level/>{trouble}</span>
            <span class="wall-panel-note">{note}</span>
        </div>
    }
}

/// One metric over the last hour.
#[component]
fn HourChart(metric: Metric, hour: HourFeed) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let selection = use_selection();
    let name = move || share_name(i18n.get_locale(), metric);
    let threshold = Memo::new(move |_| selection.selected.get().map(|id| feed.card(id).with(|card| metric.threshold(&card.thresholds))));
    let turn = Memo::new(move |_| (feed.beat.get() + 8 * metric as u64) / DRAWN_EVERY);
    let model = Signal::derive(move || {
        turn.get();
        hour.loaded.track();
        let until_ms = feed.at_ms.get_untracked()?;
        let points = hour.buffer.with_value(|buffer| buffer.metric(metric));
        let (name, colour, spread) = (name().to_owned(), palette::of(metric), Vec::new());
        let line = Line { id: metric.word().into(), name, colour, stroke: Stroke::Solid, points, spread };
        Some(ChartModel::Trend(Trend {
            lines: vec![line],
            unit: Unit::Percent,
            top: Some(100.0),
            threshold: threshold.get(),
            from_ms: until_ms - HOUR_MS,
            until_ms,
            timeline: None,
        }))
    });
    let value = move || metric.of(&selection.figures());
    let level = Memo::new(move |_| figure_word(metric.level(selection.figures().levels)));
    let label = Signal::derive(move || format!("{} · {}", name(), t_string!(i18n, live.charts.last_hour)));
    view! {
        <div class="wall-trend" data-metric=metric.word()>
            <span class="wall-trend-name">{name}</span>
            <span class="wall-trend-value" data-level=level data-testid=format!("wall-trend-{}", metric.word())>
                <DrawnText><FigureMark level/>{move || format::percent_text(value())}</DrawnText>
            </span>
            <EChart model class="wall-trend-chart" label/>
        </div>
    }
}
