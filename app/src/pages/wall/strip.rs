//! The fleet in six figures.

use super::Cell;
use super::drawn::{DrawnText, DrawnTexts};
use crate::charts::spark_path;
use crate::format;
use crate::i18n::{text, use_i18n};
use crate::live::{Metric, use_live_feed};
use leptos::prelude::*;

/// Beats between two drawings of the spark lines. All are drawn in one frame, with whatever else does not change with every beat: a frame
/// in which the page changes costs as much for one line as for all.
const SPARK_EVERY: u64 = 4;

/// Hosts online, means, traffic, and open alerts by level.
#[component]
pub fn Strip() -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let online = move || if feed.known.get() { feed.fleet.with(|fleet| fleet.online.to_string()) } else { format::GAP.into() };
    let total = move || feed.known.get().then(|| format!("/ {}", feed.fleet.with(|fleet| fleet.total)));
    view! {
        <section class="wall-strip">
            <Cell><div class="wall-panel wall-figure">
                <span class="wall-figure-label">{text!(i18n, live.metric.online)}</span>
                <span class="wall-figure-value" data-testid="wall-online"><DrawnText>{online}<small>{total}</small></DrawnText></span>
                <Spark metric=None/>
            </div></Cell>
            <Cell><Mean metric=Metric::Cpu/></Cell>
            <Cell><Mean metric=Metric::Memory/></Cell>
            <Cell><Mean metric=Metric::Disk/></Cell>
            <Cell><div class="wall-panel wall-figure">
                <span class="wall-figure-label">{text!(i18n, live.metric.traffic)}</span>
                <span class="wall-figure-pair">
                    <Rate inbound=true/>
                    <Rate inbound=false/>
                </span>
            </div></Cell>
            <Cell><Counts/></Cell>
            <DrawnTexts/>
        </section>
    }
}

/// Mean of one metric.
#[component]
fn Mean(metric: Metric) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let label = match metric {
        Metric::Cpu => text!(i18n, live.metric.mean_cpu).into_any(),
        Metric::Memory => text!(i18n, live.metric.mean_memory).into_any(),
        Metric::Disk => text!(i18n, live.metric.mean_disk).into_any(),
    };
    view! {
        <div class="wall-panel wall-figure">
            <span class="wall-figure-label">{label}</span>
            <span class="wall-figure-value">
                <DrawnText>{move || format::percent(feed.fleet.with(|fleet| fleet.mean(metric)))}<small>"%"</small></DrawnText>
            </span>
            <Spark metric=Some(metric)/>
        </div>
    }
}

/// The last minutes; without a metric, the share of hosts online.
#[component]
fn Spark(metric: Option<Metric>) -> impl IntoView {
    let feed = use_live_feed();
    let turn = Memo::new(move |_| feed.beat.get() / SPARK_EVERY);
    let path = Memo::new(move |_| {
        turn.get();
        feed.spark.with_value(|spark| match metric {
            Some(metric) => spark_path(&spark.metric(metric), 120.0, 36.0, 20.0),
            None => spark_path(&spark.online(), 120.0, 36.0, 100.0),
        })
    });
    view! {
        <svg
            class="spark"
            data-colour=metric.map_or("ok", Metric::word)
            viewBox="0 0 120 36"
            preserveAspectRatio="none"
            aria-hidden="true"
            focusable="false"
        >
            <path class="spark-area" d=move || path.with(|path| path.1.clone())/>
            <path class="spark-line" d=move || path.with(|path| path.0.clone())/>
        </svg>
    }
}

/// Sum of one direction.
#[component]
fn Rate(inbound: bool) -> impl IntoView {
    let feed = use_live_feed();
    let rate =
        Memo::new(move |_| feed.fleet.with(|fleet| format::rate(if inbound { fleet.in_bytes_per_s } else { fleet.out_bytes_per_s })));
    view! {
        <span class="wall-rate" data-colour=if inbound { "in" } else { "out" }>
            <DrawnText>
                <span class="wall-rate-arrow" aria-hidden="true">{if inbound { "↓" } else { "↑" }}</span>
                <span class="wall-rate-value">{move || rate.with(|rate| rate.value.clone())}</span>
                <small>{move || rate.with(|rate| rate.unit)}</small>
            </DrawnText>
        </span>
    }
}

/// Open alerts by level, and hosts that are not read.
#[component]
fn Counts() -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let open = feed.open_counts();
    let critical = Memo::new(move |_| open.get().1 as usize);
    let warning = Memo::new(move |_| open.get().0 as usize);
    let offline = Memo::new(move |_| feed.fleet.with(|fleet| fleet.offline));
    view! {
        <div class="wall-panel wall-figure">
            <span class="wall-figure-label">{text!(i18n, live.wall.alerts)}</span>
            <span class="wall-figure-pair">
                <Count level="critical" mark="▲" count=critical>{text!(i18n, live.level.critical)}</Count>
                <Count level="warning" mark="◆" count=warning>{text!(i18n, live.level.warning)}</Count>
                <Count level="offline" mark="●" count=offline>{text!(i18n, live.level.offline)}</Count>
            </span>
        </div>
    }
}

/// Mark, number and word of one level; grey while there are none.
#[component]
fn Count(level: &'static str, mark: &'static str, count: Memo<usize>, children: Children) -> impl IntoView {
    let shown = move || if count.get() == 0 { "none" } else { level };
    view! {
        <span class="wall-count" data-level=shown data-testid=format!("wall-count-{level}")>
            <span class="wall-count-mark" aria-hidden="true">{mark}</span>
            <b>{move || count.get()}</b>
            <small>{children()}</small>
        </span>
    }
}
