//! What is over its threshold now, by kind.

use super::notice_text::metric_name;
use crate::charts::{ChartModel, EChart, Ring, Slice, palette};
use crate::i18n::{t, t_string, td_string, use_i18n};
use crate::live::{Fleet, Metric, use_live_feed};
use leptos::prelude::*;

/// Counts in the order in which they are shown: CPU, memory, disk, offline.
fn counts(fleet: &Fleet) -> [usize; 4] {
    [fleet.over_cpu, fleet.over_memory, fleet.over_disk, fleet.offline]
}

/// Words for classes, in the same order.
const COLOURS: [&str; 4] = ["cpu", "memory", "disk", "offline"];

/// The second panel at the right.
#[component]
pub fn TroublePanel() -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let found = Memo::new(move |_| feed.fleet.with(counts));
    let total = Memo::new(move |_| found.get().iter().sum::<usize>());
    let names = move || {
        let locale = i18n.get_locale();
        let [cpu, memory, disk] = Metric::ALL.map(|metric| metric_name(locale, metric));
        [cpu, memory, disk, td_string!(locale, live.level.offline)]
    };
    // Drawn only when a count changes.
    let model = Signal::derive(move || {
        let colours = [palette::CPU, palette::MEMORY, palette::DISK, palette::OFFLINE];
        let slices =
            found.get().into_iter().zip(names()).zip(colours).map(|((count, name), colour)| Slice { name: name.into(), colour, count });
        Some(ChartModel::Ring(Ring { slices: slices.collect() }))
    });
    let rows = (0..COLOURS.len()).map(|place| {
        view! {
            <li class="wall-legend" data-colour=COLOURS[place] data-none=move || (found.get()[place] == 0).to_string()>
                <span class="wall-legend-dot" aria-hidden="true"></span>
                <span>{move || names()[place]}</span>
                <b>{move || found.get()[place]}</b>
            </li>
        }
    });
    view! {
        <section class="wall-panel wall-trouble">
            <div class="wall-panel-head">
                <h2>{t!(i18n, live.wall.alerts)}</h2>
                <span class="wall-panel-note">{t!(i18n, live.wall.by_kind)}</span>
            </div>
            <div class="wall-ring">
                <div class="wall-ring-box">
                    <EChart model class="wall-ring-chart" label=Signal::derive(move || t_string!(i18n, live.wall.alerts).to_owned())/>
                    <span class="wall-ring-total" data-testid="wall-troubles" data-calm=move || (total.get() == 0).to_string()>
                        {move || if total.get() == 0 { "✓".to_owned() } else { total.get().to_string() }}
                    </span>
                </div>
                <ul class="wall-legends">{rows.collect_view()}</ul>
            </div>
        </section>
    }
}
