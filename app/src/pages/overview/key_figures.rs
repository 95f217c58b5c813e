//! The fleet in five figures.

use crate::charts::spark_path;
use crate::format;
use crate::i18n::{text, use_i18n};
use crate::live::{Metric, use_live_feed};
use leptos::prelude::*;

/// Hosts online, mean CPU, memory and disk, traffic.
#[component]
pub fn KeyFigures() -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let known = move || feed.known.get();
    let online = move || if known() { feed.fleet.with(|fleet| fleet.online.to_string()) } else { format::GAP.into() };
    let total = move || known().then(|| format!("/ {}", feed.fleet.with(|fleet| fleet.total)));
    let inbound = move || format::rate_text(feed.fleet.with(|fleet| fleet.in_bytes_per_s));
    let outbound = move || format::rate_text(feed.fleet.with(|fleet| fleet.out_bytes_per_s));
    view! {
        <div class="key-figures">
            <div class="panel key-figure" data-testid="key-online">
                <span class="key-figure-label">{text!(i18n, live.metric.online)}</span>
                <span class="key-figure-value">{online}" "<small>{total}</small></span>
            </div>
            <MeanFigure metric=Metric::Cpu/>
            <MeanFigure metric=Metric::Memory/>
            <MeanFigure metric=Metric::Disk/>
            <div class="panel key-figure" data-testid="key-traffic">
                <span class="key-figure-label">{text!(i18n, live.metric.traffic)}</span>
                <span class="key-figure-pair">
                    <span class="key-figure-rate" data-colour="in"><span aria-hidden="true">"↓"</span>{inbound}</span>
                    <span class="key-figure-rate" data-colour="out"><span aria-hidden="true">"↑"</span>{outbound}</span>
                </span>
            </div>
        </div>
    }
}

/// Mean of one metric, with its last minutes as a line.
#[component]
fn MeanFigure(metric: Metric) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let label = match metric {
        Metric::Cpu => text!(i18n, live.metric.mean_cpu).into_any(),
        Metric::Memory => text!(i18n, live.metric.mean_memory).into_any(),
        Metric::Disk => text!(i18n, live.metric.mean_disk).into_any(),
    };
    let value = move || format::percent(feed.fleet.with(|fleet| fleet.mean(metric)));
    let turn = Memo::new(move |_| feed.beat.get() / 4);
    let path = Memo::new(move |_| {
        turn.get();
        feed.spark.with_value(|spark| spark_path(&spark.metric(metric), 120.0, 36.0, 20.0))
    });
    view! {
        <div class="panel key-figure" data-testid=format!("key-{}", metric.word())>
            <span class="key-figure-label">{label}</span>
            <span class="key-figure-value">{value}" "<small>"%"</small></span>
            <svg class="spark" data-colour=metric.word() viewBox="0 0 120 36" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                <path class="spark-area" d=move || path.with(|path| path.1.clone())/>
                <path class="spark-line" d=move || path.with(|path| path.0.clone())/>
            </svg>
        </div>
    }
}
