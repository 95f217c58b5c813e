//! Traffic of the whole fleet as two gauges whose scale follows what they have shown.

use super::drawn::{DrawnText, DrawnTexts};
use crate::charts::{Arc, ChartModel, EChart, Gauges, full_scale, palette};
use crate::format;
use crate::i18n::{t_string, text, use_i18n};
use crate::live::use_live_feed;
use leptos::prelude::*;

/// Beats between two drawings, with the spark lines; the figures below the gauges change with every beat.
const DRAWN_EVERY: u64 = 4;

/// Share of the largest rate that remains after each drawing, so that a burst does not flatten the gauge for ever: half is left
/// after about two minutes.
const REMEMBERED: f64 = 0.988;

/// The first panel at the right.
#[component]
pub fn NetworkPanel() -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let most = StoredValue::new([0.0_f64; 2]);
    let turn = Memo::new(move |_| feed.beat.get() / DRAWN_EVERY);
    let model = Signal::derive(move || {
        turn.get();
        let rates = feed.fleet.with_untracked(|fleet| [fleet.in_bytes_per_s, fleet.out_bytes_per_s]);
        let scales = remember(most, rates);
        let arc = |place: usize, colour| Arc { colour, value: rates[place], most: scales[place] };
        Some(ChartModel::Gauges(Gauges { arcs: vec![arc(0, palette::INBOUND), arc(1, palette::OUTBOUND)] }))
    });
    let inbound = move || format::rate_text(feed.fleet.with(|fleet| fleet.in_bytes_per_s));
    let outbound = move || format::rate_text(feed.fleet.with(|fleet| fleet.out_bytes_per_s));
    view! {
        <section class="wall-panel wall-network">
            <div class="wall-panel-head">
                <h2>{text!(i18n, live.metric.network)}</h2>
                <span class="wall-panel-note">{text!(i18n, live.wall.all_hosts)}</span>
            </div>
            <div class="wall-gauges">
                <EChart model class="wall-gauges-chart" label=Signal::derive(move || t_string!(i18n, live.metric.traffic).to_owned())/>
                <span class="wall-gauge-value" data-testid="wall-in"><DrawnText>{inbound}</DrawnText></span>
                <span class="wall-gauge-value" data-testid="wall-out"><DrawnText>{outbound}</DrawnText></span>
                <span class="wall-gauge-label" data-colour="in">"↓ "{text!(i18n, live.wall.inbound)}</span>
                <span class="wall-gauge-label" data-colour="out">"↑ "{text!(i18n, live.wall.outbound)}</span>
                <DrawnTexts/>
            </div>
        </section>
    }
}

/// Full scales for these rates; remembers the largest ones.
fn remember(most: StoredValue<[f64; 2]>, rates: [Option<f64>; 2]) -> [f64; 2] {
    let known = most.get_value();
    let next = [0, 1].map(|place| rates[place].unwrap_or(0.0).max(known[place] * REMEMBERED));
    most.set_value(next);
    next.map(full_scale)
}
