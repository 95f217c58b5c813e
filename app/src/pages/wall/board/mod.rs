//! The changing figures of many cards on one drawing surface.
//!
//! Fifty hosts change a hundred texts twice a second. Each text of a page that changes is laid out, painted and put in a layer of its own,
//! and each figure that is a signal wakes an effect: together they cost more than all the rest of a beat. Here one loop goes over all hosts
//! and hands what has changed to a thread of its own, which draws it. The texts are in the page, too, hidden, and are shown where nothing
//! can be drawn.

#[cfg(feature = "hydrate")]
mod painter;
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
    view! { <canvas class="wall-board" aria-hidden="true" node_ref=node></canvas> }
}
