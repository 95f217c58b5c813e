//! One host as a tile, for hundreds of them.

use super::selection::use_selection;
use crate::components::level_word;
use crate::format;
use crate::live::{Metric, use_live_feed};
use leptos::prelude::*;
use protocol::host::{HostId, Thresholds};

/// A colour by the figure that is nearest to its threshold, a mark in trouble, and the CPU figure where it fits.
#[component]
pub fn HostTile(id: HostId) -> impl IntoView {
    let feed = use_live_feed();
    let selection = use_selection();
    let (card, state, levels) = (feed.card(id), feed.state(id), feed.levels(id));
    let shares = Metric::ALL.map(|metric| feed.share(id, metric));
    let level = Memo::new(move |_| level_word(state.get().0, levels.get()));
    let heat = Memo::new(move |_| card.with(|card| heat_of(shares.map(|share| share.get()), &card.thresholds)));
    let cpu = Memo::new(move |_| format::whole(shares[0].get()));
    view! {
        <button
            type="button"
            class="wall-tile"
            data-testid=format!("wall-host-{id}")
            data-level=move || level.get()
            data-heat=move || heat.get()
            aria-pressed=move || (selection.selected.get() == Some(id)).to_string()
            title=move || card.with(|card| card.name.clone())
            on:click=move |_| selection.choose(id)
        >
            <span data-testid=format!("wall-host-cpu-{id}")>{cpu}</span>
        </button>
    }
}

/// 0 (idle) to 4 (at the threshold), by the worst ratio of a figure to its threshold.
fn heat_of(shares: [Option<f32>; 3], thresholds: &Thresholds) -> u8 {
    let ratios = Metric::ALL.iter().zip(shares).filter_map(|(metric, share)| Some(share? / metric.threshold(thresholds).max(1.0)));
    match ratios.fold(0.0, f32::max) {
        ratio if ratio >= 1.0 => 4,
        ratio if ratio >= 0.85 => 3,
        ratio if ratio >= 0.65 => 2,
        ratio if ratio >= 0.4 => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heat_follows_the_figure_nearest_to_its_threshold() {
        for (cpu, disk, heat) in
            [(None, None, 0), (Some(10.0), None, 0), (Some(40.0), None, 1), (Some(10.0), Some(80.0), 3), (Some(80.0), Some(5.0), 4)]
        {
            assert_eq!(heat_of([cpu, None, disk], &Thresholds::default()), heat, "{cpu:?} {disk:?}");
        }
    }
}
