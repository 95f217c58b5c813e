//! The last hour: CPU, memory, network.

use crate::charts::{ChartModel, EChart, Line, Stroke, Trend, Unit, palette};
use crate::i18n::{Locale, td_string, text, use_i18n};
use crate::live::{HOUR_MS, HourBuffer, HourFeed, Metric, use_hour, use_live_feed};
use leptos::prelude::*;
use protocol::host::{HostId, Thresholds};

/// Beats between two drawings of one chart: the ten seconds of a point. The three take turns.
const DRAWN_EVERY: u64 = 20;

/// What a chart shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Subject {
    Share(Metric),
    Network,
}

/// Three charts.
#[component]
pub fn Trends(id: HostId) -> impl IntoView {
    let i18n = use_i18n();
    let hour = use_hour(Signal::derive(move || Some(id)));
    view! {
        <section class="panel detail-panel detail-wide detail-trends" data-testid="detail-trends">
            <TrendChart id hour subject=Subject::Share(Metric::Cpu) turn=0>{text!(i18n, live.metric.cpu)}</TrendChart>
            <TrendChart id hour subject=Subject::Share(Metric::Memory) turn=6>{text!(i18n, live.metric.memory)}</TrendChart>
            <TrendChart id hour subject=Subject::Network turn=12>{text!(i18n, live.metric.network)}</TrendChart>
        </section>
    }
}

/// One chart under its title.
#[component]
fn TrendChart(id: HostId, hour: HourFeed, subject: Subject, turn: u64, children: Children) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let card = feed.card(id);
    let thresholds = Memo::new(move |_| card.with(|card| card.thresholds));
    let turn = Memo::new(move |_| (feed.beat.get() + turn) / DRAWN_EVERY);
    let model = Signal::derive(move || {
        turn.get();
        hour.loaded.track();
        let until_ms = feed.at_ms.get_untracked()?;
        let trend = hour.buffer.with_value(|buffer| trend_of(subject, buffer, thresholds.get(), i18n.get_locale(), until_ms));
        Some(ChartModel::Trend(trend))
    });
    let label = Signal::derive(move || td_string!(i18n.get_locale(), live.charts.last_hour).to_owned());
    view! {
        <figure class="detail-trend">
            <figcaption>{children()}<span class="secondary">{text!(i18n, live.charts.last_hour)}</span></figcaption>
            <EChart model class="detail-chart" label/>
        </figure>
    }
}

fn trend_of(subject: Subject, buffer: &HourBuffer, thresholds: Thresholds, locale: Locale, until_ms: i64) -> Trend {
    let line = |id: &'static str, name: &str, colour, (points, spread)| Line {
        id: id.into(),
        name: name.to_owned(),
        colour,
        stroke: Stroke::Solid,
        points,
        spread,
    };
    let (lines, unit, threshold) = match subject {
        Subject::Share(metric) => {
            let name = match metric {
                Metric::Cpu => td_string!(locale, live.metric.cpu),
                Metric::Memory => td_string!(locale, live.metric.memory),
                Metric::Disk => td_string!(locale, live.metric.disk),
            };
            let share = line(metric.word(), name, palette::of(metric), buffer.metric_spread(metric));
            (vec![share], Unit::Percent, Some(metric.threshold(&thresholds)))
        }
        Subject::Network => {
            let (inbound, outbound) = buffer.network_spread();
            let inbound = line("in", td_string!(locale, live.metric.inbound), palette::INBOUND, inbound);
            let outbound = line("out", td_string!(locale, live.metric.outbound), palette::OUTBOUND, outbound);
            (vec![inbound, outbound], Unit::BytesPerSecond, None)
        }
    };
    let top = (unit == Unit::Percent).then_some(100.0);
    Trend { lines, unit, top, threshold, from_ms: until_ms - HOUR_MS, until_ms, timeline: None }
}
