//! The changing figures of many cards on one drawing surface.
//!
//! Fifty hosts change a hundred texts twice a second. Each text of a page that changes is laid out, painted and put in a layer of its own,
//! which costs the browser more than all the rest of a beat together; drawn on one surface they cost a tenth. The texts stay in the page,
//! hidden, and are shown where nothing can be drawn.

#[cfg(feature = "hydrate")]
mod surface;

use crate::live::use_live_feed;
use leptos::html;
use leptos::prelude::*;
use protocol::host::HostId;
use std::collections::HashMap;

/// Beats between two changes of what is read out.
const SPOKEN_BEATS: u64 = 20;

/// A host and the place of the figure in its card.
pub type CellKey = (HostId, u8);

/// What stands in a cell: text and the word of its colour.
pub type CellText = (String, &'static str);

/// The figures of all cards.
#[derive(Clone, Copy)]
pub struct Board {
    texts: StoredValue<HashMap<CellKey, CellText>>,
    changed: StoredValue<Vec<CellKey>>,
    /// Raised when something is to be drawn; once for all changes of a beat.
    turn: RwSignal<u64>,
    /// Raised every ten seconds: more often nobody wants to have the figures read out.
    pub spoken: Memo<u64>,
}

/// Puts the board into context.
pub fn provide_board() -> Board {
    let feed = use_live_feed();
    let board = Board {
        texts: StoredValue::new(HashMap::new()),
        changed: StoredValue::new(Vec::new()),
        turn: RwSignal::new(0),
        spoken: Memo::new(move |_| feed.beat.get() / SPOKEN_BEATS),
    };
    provide_context(board);
    board
}

impl Board {
    fn write(self, key: CellKey, text: CellText) {
        self.texts.update_value(|texts| {
            texts.insert(key, text);
        });
        self.changed.update_value(|changed| changed.push(key));
        if self.changed.with_value(Vec::len) == 1 {
            self.turn.update(|turn| *turn += 1);
        }
    }

    fn forget(self, key: CellKey) {
        // The whole board may be gone already.
        self.texts.try_update_value(|texts| texts.remove(&key));
    }

    /// The cells that have changed since the last call.
    #[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "only browsers draw"))]
    fn take_changed(self) -> Vec<CellKey> {
        self.changed.try_update_value(std::mem::take).unwrap_or_default()
    }

    #[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "only browsers draw"))]
    fn text_of(self, key: CellKey) -> Option<CellText> {
        self.texts.try_with_value(|texts| texts.get(&key).cloned()).flatten()
    }
}

/// One figure: its text in the page, and its place on the board.
#[component]
pub fn Digits(
    id: HostId,
    /// Which figure of the card.
    place: u8,
    text: Memo<String>,
    /// Word of its colour.
    level: Memo<&'static str>,
) -> impl IntoView {
    let board: Board = expect_context();
    Effect::new(move |_| board.write((id, place), (text.get(), level.get())));
    on_cleanup(move || board.forget((id, place)));
    view! {
        <span class="wall-host-digits" data-cell=place.to_string()><span class="wall-host-text">{text}</span></span>
    }
}

/// The surface, which lies above the cards and lets every click through.
#[component]
pub fn BoardSurface(
    /// Changes whenever cards change their places.
    #[prop(into)]
    places: Signal<(Vec<HostId>, &'static str)>,
    /// Whether the cards' figures are drawn.
    #[prop(into)]
    active: Signal<bool>,
) -> impl IntoView {
    let node = NodeRef::<html::Canvas>::new();
    #[cfg(feature = "hydrate")]
    surface::attach(node, expect_context(), places, active);
    #[cfg(not(feature = "hydrate"))]
    let _ = (places, active);
    view! { <canvas class="wall-board" aria-hidden="true" node_ref=node></canvas> }
}
