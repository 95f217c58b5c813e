//! The order of the hosts on the screen and the one that is looked at, in context for all panels.

use super::rotation::Rotation;
use crate::live::{LiveFeed, Order, use_live_feed};
use leptos::prelude::*;
use protocol::host::HostId;
use protocol::live::HostFigures;

/// Order and choice.
#[derive(Clone, Copy)]
pub struct Selection {
    feed: LiveFeed,
    rotation: StoredValue<Rotation>,
    /// All hosts, worst first.
    pub order: Memo<Vec<HostId>>,
    /// The host that is looked at.
    pub selected: RwSignal<Option<HostId>>,
}

/// Puts the choice into context and lets it move on with the beats.
pub fn provide_selection() -> Selection {
    let feed = use_live_feed();
    let order = feed.arranged(|| Order::WorstFirst, String::new);
    let selection = Selection { feed, rotation: StoredValue::new(Rotation::default()), order, selected: RwSignal::new(None) };
    Effect::new(move |_| {
        feed.beat.track();
        selection.change(|rotation, order, now_ms| rotation.tick(order, now_ms));
    });
    provide_context(selection);
    selection
}

/// The choice that the wall has put into context.
pub fn use_selection() -> Selection {
    expect_context()
}

impl Selection {
    /// Looks at this host for a while.
    pub fn choose(self, id: HostId) {
        self.change(|rotation, _, now_ms| rotation.choose(id, now_ms));
    }

    /// Looks at the next (1) or previous (-1) host for a while.
    pub fn step(self, by: isize) {
        self.change(|rotation, order, now_ms| rotation.step(order, by, now_ms));
    }

    /// Key figures of the chosen host; all gaps while none is chosen.
    pub fn figures(self) -> HostFigures {
        self.selected.get().map(|id| self.feed.figures(id).get()).unwrap_or_default()
    }

    fn change(self, change: impl FnOnce(&mut Rotation, &[HostId], i64)) {
        // Before the first frame nobody knows which host is the worst.
        let Some(now_ms) = self.feed.at_ms.get_untracked() else { return };
        self.order.with_untracked(|order| self.rotation.update_value(|rotation| change(rotation, order, now_ms)));
        let selected = self.rotation.with_value(Rotation::selected);
        if self.selected.get_untracked() != selected {
            self.selected.set(selected);
        }
    }
}
