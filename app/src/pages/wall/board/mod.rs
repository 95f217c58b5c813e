//! The changing figures of many cards on one canvas.
//!
//! Fifty hosts change a hundred texts twice a second, and each figure that is a signal wakes an effect. Here one loop goes over all hosts
//! and has what has changed drawn (see `drawn`).

#[cfg(feature = "hydrate")]
mod surface;
#[cfg(feature = "hydrate")]
mod text;

use crate::live::{Metric, use_live_feed};
use leptos::html;
use leptos::prelude::*;
use protocol::host::HostId;

/// Beats between two changes of what is read out.
const SPOKEN_BEATS: u64 = 20;

/// What the cards share.
#[derive(Clone, Copy)]
pub struct Board {
    /// Raised every ten seconds: more often nobody wants to have the figures read out.
    pub spoken: Memo<u64>,
}

/// Puts the board into context.
pub fn provide_board() -> Board {
    let feed = use_live_feed();
    let board = Board { spoken: Memo::new(move |_| feed.beat.get() / SPOKEN_BEATS) };
    provide_context(board);
    board
}

/// The place of one figure in a card, in the order of [`Metric::ALL`]. The board fills it.
#[component]
pub fn DrawnFigure(id: HostId, metric: Metric) -> impl IntoView {
    view! {
        <span class="wall-host-value" data-cell=metric.word() data-testid=format!("wall-host-{}-{id}", metric.word())>
            <span class="wall-host-digits"><span class="wall-host-text"></span></span>
        </span>
    }
}

/// The surface, which lies above the cards and lets every click through.
#[component]
pub fn BoardSurface(
    /// Hosts in the order of their cards, and the word of their density.
    #[prop(into)]
    places: Signal<(Vec<HostId>, &'static str)>,
    /// Whether the cards' figures are drawn.
    #[prop(into)]
    active: Signal<bool>,
) -> impl IntoView {
    let node = NodeRef::<html::Canvas>::new();
    #[cfg(feature = "hydrate")]
    surface::attach(node, places, active);
    #[cfg(not(feature = "hydrate"))]
    let _ = (places, active);
    view! { <canvas class="wall-drawing" aria-hidden="true" node_ref=node></canvas> }
}
