//! One host as a card.

use crate::components::{Bar, FigureMark, LevelMark, SourceBadge, figure_word, level_word};
use crate::format;
use crate::i18n::{text, use_i18n};
use crate::live::{Metric, use_live_feed};
use crate::texts::status_name;
use leptos::prelude::*;
use leptos_router::components::A;
use protocol::host::HostId;

/// Name, state, source, three shares with their thresholds, traffic.
#[component]
pub fn HostCard(id: HostId) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let (card, figures, levels) = (feed.card(id), feed.figures(id), feed.levels(id));
    let state = feed.state(id);
    let status = Memo::new(move |_| state.get().0);
    let source = Memo::new(move |_| state.get().1);
    let level = Memo::new(move |_| level_word(status.get(), levels.get()));
    let note = move || {
        let live = status.get().is_live();
        if live { card.with(|card| card.address.clone()) } else { status_name(i18n.get_locale(), status.get()).to_owned() }
    };
    let uptime = move || format::duration(figures.with(|figures| figures.uptime_s), i18n.get_locale());
    view! {
        <A href=format!("/hosts/{id}") attr:class="panel host-card" attr:data-testid=format!("overview-host-{id}") attr:data-level=move || level.get()>
            <span class="host-card-head">
                <LevelMark level/>
                <span class="host-card-name">{move || card.with(|card| card.name.clone())}</span>
                <SourceBadge source/>
            </span>
            <span class="host-card-note">{note}</span>
            <span class="host-card-figures">
                <CardFigure id metric=Metric::Cpu/>
                <CardFigure id metric=Metric::Memory/>
                <CardFigure id metric=Metric::Disk/>
            </span>
            <span class="host-card-foot">
                <span><span class="mark-in" aria-hidden="true">"↓ "</span>{move || figures.with(|figures| format::rate_text(figures.in_bytes_per_s))}</span>
                <span><span class="mark-out" aria-hidden="true">"↑ "</span>{move || figures.with(|figures| format::rate_text(figures.out_bytes_per_s))}</span>
                <span class="host-card-uptime" title=text!(i18n, live.metric.uptime)>{uptime}</span>
            </span>
        </A>
    }
}

/// Label, bar and figure of one metric.
#[component]
fn CardFigure(id: HostId, metric: Metric) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let (card, value) = (feed.card(id), feed.share(id, metric));
    let threshold = move || card.with(|card| metric.threshold(&card.thresholds));
    let levels = feed.levels(id);
    let level = Memo::new(move |_| figure_word(metric.level(levels.get())));
    let label = match metric {
        Metric::Cpu => text!(i18n, live.metric.cpu).into_any(),
        Metric::Memory => text!(i18n, live.metric.memory).into_any(),
        Metric::Disk => text!(i18n, live.metric.disk).into_any(),
    };
    view! {
        <span class="host-card-figure" data-level=level>
            <span class="host-card-label">{label}</span>
            <Bar value colour=metric.word() threshold=Signal::derive(move || Some(threshold()))/>
            <span class="host-card-value"><FigureMark level/>{move || format::percent_text(value.get())}</span>
        </span>
    }
}
