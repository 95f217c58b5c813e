//! One host as a card.

use super::board::{Board, DrawnFigure};
use super::selection::use_selection;
use crate::components::{Bar, FigureMark, LevelMark, figure_word, level_word};
use crate::format;
use crate::i18n::{t_string, text, use_i18n};
use crate::live::{Metric, use_live_feed};
use crate::texts::{source_name, status_name};
use leptos::either::Either;
use leptos::prelude::*;
use protocol::host::HostId;

/// Name, source or state, and three figures; bars and facts where there is room.
#[component]
pub fn HostCard(id: HostId, roomy: Memo<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let selection = use_selection();
    let (card, figures, levels) = (feed.card(id), feed.figures(id), feed.levels(id));
    let state = feed.state(id);
    let level = Memo::new(move |_| level_word(state.get().0, levels.get()));
    // The state where it is not the usual one, else the source.
    let badge = move || match state.get() {
        (status, Some(source)) if status.is_live() => source_name(i18n.get_locale(), source),
        (status, _) => status_name(i18n.get_locale(), status),
    };
    let board: Board = expect_context();
    let spoken = move || {
        board.spoken.track();
        let name = card.with(|card| card.name.clone());
        let shares = Metric::ALL.map(|metric| figures.with_untracked(|figures| format::percent_text(metric.of(figures))));
        let [cpu, memory, disk] = shares;
        t_string!(i18n, live.wall.spoken, name = name, state = badge(), cpu = cpu, memory = memory, disk = disk)
    };
    let chosen = move || (selection.selected.get() == Some(id)).to_string();
    view! {
        <button
            type="button"
            class="wall-host"
            data-testid=format!("wall-host-{id}")
            data-level=move || level.get()
            aria-pressed=chosen
            aria-label=spoken
            on:click=move |_| selection.choose(id)
        >
            <span class="wall-host-head">
                <LevelMark level/>
                <span class="wall-host-name">{move || card.with(|card| card.name.clone())}</span>
                <span class="wall-badge" data-testid="mode-badge">{badge}</span>
            </span>
            <Show when=move || roomy.get()>
                <span class="wall-host-facts">{move || card.with(|card| facts(&card.address, &card.os))}</span>
            </Show>
            <span class="wall-host-figures">
                <CardFigure id metric=Metric::Cpu roomy/>
                <CardFigure id metric=Metric::Memory roomy/>
                <CardFigure id metric=Metric::Disk roomy/>
            </span>
            <Show when=move || roomy.get()>
                <span class="wall-host-foot">
                    <span><span class="mark-in" aria-hidden="true">"↓ "</span>{move || format::rate_text(figures.with(|figures| figures.in_bytes_per_s))}</span>
                    <span><span class="mark-out" aria-hidden="true">"↑ "</span>{move || format::rate_text(figures.with(|figures| figures.out_bytes_per_s))}</span>
                    <span>{text!(i18n, live.metric.load)}" "{move || format::decimal(figures.with(|figures| figures.load_one))}</span>
                    <span>{text!(i18n, live.metric.uptime)}" "{move || format::duration(figures.with(|figures| figures.uptime_s), i18n.get_locale())}</span>
                </span>
            </Show>
        </button>
    }
}

fn facts(address: &str, os: &str) -> String {
    let parts: Vec<&str> = [address, os].into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

/// One share: of a large card as it changes, of many small ones by the board.
#[component]
fn CardFigure(id: HostId, metric: Metric, roomy: Memo<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let label = match metric {
        Metric::Cpu => text!(i18n, live.metric.cpu).into_any(),
        Metric::Memory => text!(i18n, live.metric.memory_short).into_any(),
        Metric::Disk => text!(i18n, live.metric.disk).into_any(),
    };
    view! {
        <span class="wall-host-figure" data-metric=metric.word()>
            <span class="wall-host-label">{label}</span>
            {move || match roomy.get() {
                true => Either::Left(view! { <RoomyFigure id metric/> }),
                false => Either::Right(view! { <DrawnFigure id metric/> }),
            }}
        </span>
    }
}

/// A share with its bar.
#[component]
fn RoomyFigure(id: HostId, metric: Metric) -> impl IntoView {
    let feed = use_live_feed();
    let (card, value) = (feed.card(id), feed.share(id, metric));
    let threshold = Memo::new(move |_| card.with(|card| metric.threshold(&card.thresholds)));
    let levels = feed.levels(id);
    let level = Memo::new(move |_| figure_word(metric.level(levels.get())));
    view! {
        <span class="wall-host-value" data-level=level data-testid=format!("wall-host-{}-{id}", metric.word())>
            <FigureMark level/><span class="wall-host-digits">{move || format::percent(value.get())}</span>
        </span>
        <Bar value colour=metric.word() threshold=Signal::derive(move || Some(threshold.get()))/>
    }
}
