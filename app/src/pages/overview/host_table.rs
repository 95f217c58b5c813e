//! The hosts as rows.

use crate::components::{FigureMark, LevelMark, SourceBadge, StatusMark, figure_word, level_word};
use crate::format;
use crate::i18n::{t_string, text, use_i18n};
use crate::live::{Metric, use_live_feed};
use leptos::prelude::*;
use leptos_router::components::A;
use protocol::host::HostId;

/// All hosts, one in each row.
#[component]
pub fn HostTable(hosts: Memo<Vec<HostId>>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="panel table-wrap">
            <table class="table live-table">
                <thead>
                    <tr>
                        <th scope="col">{text!(i18n, live.overview.host)}</th>
                        <th scope="col">{text!(i18n, live.overview.status)}</th>
                        <th scope="col">{text!(i18n, live.overview.source)}</th>
                        <th scope="col" class="number">{text!(i18n, live.metric.cpu)}</th>
                        <th scope="col" class="number">{text!(i18n, live.metric.memory)}</th>
                        <th scope="col" class="number">{text!(i18n, live.metric.disk)}</th>
                        <th scope="col" class="number">{text!(i18n, live.metric.load)}</th>
                        <th scope="col" class="number">{text!(i18n, live.metric.inbound)}</th>
                        <th scope="col" class="number">{text!(i18n, live.metric.outbound)}</th>
                        <th scope="col" class="number">{text!(i18n, live.metric.latency)}</th>
                        <th scope="col" class="number">{text!(i18n, live.metric.uptime)}</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || hosts.get() key=|&id| id let:id><HostRow id/></For>
                </tbody>
            </table>
        </div>
    }
}

/// One row.
#[component]
fn HostRow(id: HostId) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let (card, figures, levels) = (feed.card(id), feed.figures(id), feed.levels(id));
    let state = feed.state(id);
    let status = Memo::new(move |_| state.get().0);
    let source = Memo::new(move |_| state.get().1);
    let level = Memo::new(move |_| level_word(status.get(), levels.get()));
    view! {
        <tr data-testid=format!("overview-host-{id}") data-level=move || level.get()>
            <td data-label=text!(i18n, live.overview.host)>
                <span class="host-name-cell">
                    <A href=format!("/hosts/{id}") attr:class="host-name"><LevelMark level/>{move || card.with(|card| card.name.clone())}</A>
                    <span class="host-note">{move || card.with(|card| card.address.clone())}</span>
                </span>
            </td>
            <td data-label=text!(i18n, live.overview.status)><StatusMark status/></td>
            <td data-label=text!(i18n, live.overview.source)><SourceBadge source/></td>
            <ShareCell id metric=Metric::Cpu/>
            <ShareCell id metric=Metric::Memory/>
            <ShareCell id metric=Metric::Disk/>
            <td class="number" data-label=text!(i18n, live.metric.load)>{move || format::decimal(figures.with(|figures| figures.load_one))}</td>
            <td class="number" data-label=text!(i18n, live.metric.inbound)>
                {move || format::rate_text(figures.with(|figures| figures.in_bytes_per_s))}
            </td>
            <td class="number" data-label=text!(i18n, live.metric.outbound)>
                {move || format::rate_text(figures.with(|figures| figures.out_bytes_per_s))}
            </td>
            <td class="number" data-label=text!(i18n, live.metric.latency)>
                {move || format::milliseconds(figures.with(|figures| figures.latency_ms))}
            </td>
            <td class="number" data-label=text!(i18n, live.metric.uptime)>
                {move || format::duration(figures.with(|figures| figures.uptime_s), i18n.get_locale())}
            </td>
        </tr>
    }
}

/// One share, coloured over its threshold.
#[component]
fn ShareCell(id: HostId, metric: Metric) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let (value, levels) = (feed.share(id, metric), feed.levels(id));
    let level = Memo::new(move |_| figure_word(metric.level(levels.get())));
    let label = move || match metric {
        Metric::Cpu => t_string!(i18n, live.metric.cpu),
        Metric::Memory => t_string!(i18n, live.metric.memory),
        Metric::Disk => t_string!(i18n, live.metric.disk),
    };
    view! { <td class="number" data-label=label><span class="figure" data-level=level><FigureMark level/>{move || format::percent_text(value.get())}</span></td> }
}
