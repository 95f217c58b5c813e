//! Name, state, source, and the figures that matter most.

use super::shown::Shown;
use crate::components::{FigureMark, LevelMark, LiveLamp, SourceBadge, StatusMark, figure_word, level_word};
use crate::format;
use crate::i18n::{text, use_i18n};
use crate::live::{Metric, use_live_feed};
use leptos::prelude::*;
use leptos_router::components::A;
use protocol::host::{HostId, HostStatus};

/// The head of the page.
#[component]
pub fn Head(id: HostId, shown: Shown) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let (card, figures, levels) = (feed.card(id), feed.figures(id), feed.levels(id));
    let status = Memo::new(move |_| figures.with(|figures| figures.status));
    let source = Memo::new(move |_| figures.with(|figures| figures.source));
    let level = Memo::new(move |_| level_word(status.get(), levels.get()));
    let uptime = move || format::duration(figures.with(|figures| figures.uptime_s), i18n.get_locale());
    let processes = move || shown.read(|snapshot| snapshot.process_count).map_or_else(|| format::GAP.into(), |count| count.to_string());
    let inbound = move || format::rate_text(figures.with(|figures| figures.in_bytes_per_s));
    let outbound = move || format::rate_text(figures.with(|figures| figures.out_bytes_per_s));
    view! {
        <div class="page-head">
            <h1 class="detail-name"><LevelMark level/>{move || card.with(|card| card.name.clone())}</h1>
            <span class="secondary mono">{move || card.with(|card| card.address.clone())}</span>
            <span data-testid="detail-status"><StatusMark status/></span>
            <span data-testid="detail-source"><SourceBadge source/></span>
            <span class="page-head-side">
                <A href=format!("/history?hosts={id}") attr:class="button button-small" attr:data-testid="detail-history">{text!(i18n, history.link.host)}</A>
                <LiveLamp/>
            </span>
        </div>
        <div class="detail-figures">
            <Figure id metric=Metric::Cpu/>
            <Figure id metric=Metric::Memory/>
            <Figure id metric=Metric::Disk/>
            <Fact label=move || text!(i18n, live.metric.network).into_any()>
                <span class="mark-in">"↓ "</span>{inbound}" "<span class="mark-out">"↑ "</span>{outbound}
            </Fact>
            <Fact label=move || text!(i18n, live.metric.latency).into_any()>{move || format::milliseconds(figures.with(|figures| figures.latency_ms))}</Fact>
            <Fact label=move || text!(i18n, live.metric.uptime).into_any()>{uptime}</Fact>
            <Fact label=move || text!(i18n, live.detail.processes).into_any()>{processes}</Fact>
        </div>
    }
}

/// One share, large.
#[component]
fn Figure(id: HostId, metric: Metric) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let (figures, levels) = (feed.figures(id), feed.levels(id));
    let value = move || figures.with(|figures| metric.of(figures));
    let level = Memo::new(move |_| figure_word(metric.level(levels.get())));
    let label = match metric {
        Metric::Cpu => text!(i18n, live.metric.cpu).into_any(),
        Metric::Memory => text!(i18n, live.metric.memory).into_any(),
        Metric::Disk => text!(i18n, live.metric.disk).into_any(),
    };
    view! {
        <div class="panel detail-figure">
            <span class="detail-figure-label" data-metric=metric.word()>{label}</span>
            <span class="detail-figure-value figure" data-level=level data-testid=format!("detail-{}", metric.word())>
                <FigureMark level/>{move || format::percent_text(value())}
            </span>
        </div>
    }
}

/// One other figure.
#[component]
fn Fact(label: impl Fn() -> AnyView + Send + 'static, children: Children) -> impl IntoView {
    view! {
        <div class="panel detail-figure">
            <span class="detail-figure-label">{label}</span>
            <span class="detail-figure-text">{children()}</span>
        </div>
    }
}

/// Why there are no figures when there are none, or how they come when that is not as it should be.
#[component]
pub fn StatusNotice(id: HostId) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let figures = feed.figures(id);
    let status = Memo::new(move |_| figures.with(|figures| figures.status));
    // Before the first frame the state is not known, and nothing is said about it.
    let notice = move || {
        let (class, text) = match (feed.known.get(), status.get()) {
            (false, _) | (_, HostStatus::Online) => return None,
            (_, HostStatus::Degraded) => ("notice", text!(i18n, live.detail.degraded).into_any()),
            (_, HostStatus::Offline) => ("notice notice-warning", text!(i18n, live.detail.offline).into_any()),
            (_, HostStatus::Initializing) => ("notice", text!(i18n, live.detail.initializing).into_any()),
            (_, HostStatus::Paused) => ("notice", text!(i18n, live.detail.paused).into_any()),
            (_, HostStatus::Blocked) => ("notice notice-critical", text!(i18n, live.detail.blocked).into_any()),
        };
        Some(view! { <div class=class role="status" data-testid="detail-notice"><span class="notice-text">{text}</span></div> })
    };
    view! { <div class="detail-notices">{notice}</div> }
}
