//! The last hour of the host that is looked at: fetched once, then grown beat by beat.

use super::feed::{LiveFeed, use_live_feed};
use super::{HourBuffer, Link};
use crate::api::history::last_hour;
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::host::HostId;

/// The last hour of one host. Charts read `buffer` on beats of their own and whenever `loaded` changes.
#[derive(Clone, Copy)]
pub struct HourFeed {
    pub buffer: StoredValue<HourBuffer>,
    /// Rises when another hour has been loaded.
    pub loaded: RwSignal<u64>,
}

/// Follows `host`. Every change, and every return of a lost connection, loads its hour anew.
pub fn use_hour(host: Signal<Option<HostId>>) -> HourFeed {
    let feed = use_live_feed();
    let hour = HourFeed { buffer: StoredValue::new(HourBuffer::default()), loaded: RwSignal::new(0) };
    let connected = Memo::new(move |_| feed.link.get() == Link::Live);
    Effect::new(move |_| {
        if let Some(id) = host.get().filter(|_| connected.get()) {
            hour.buffer.set_value(HourBuffer::default());
            spawn_local(hour.load(host, id));
        }
    });
    Effect::new(move |_| {
        feed.beat.track();
        hour.grow(feed, host.get_untracked());
    });
    hour
}

impl HourFeed {
    async fn load(self, host: Signal<Option<HostId>>, id: HostId) {
        let answer = last_hour(id).await;
        // The page may be gone, or show another host by now.
        if host.try_get_untracked().flatten() != Some(id) {
            return;
        }
        if let Ok(trend) = answer {
            self.buffer.try_update_value(|buffer| buffer.load(&trend));
        }
        self.loaded.try_update(|loaded| *loaded += 1);
    }

    fn grow(self, feed: LiveFeed, host: Option<HostId>) {
        let Some((id, at_ms)) = host.zip(feed.at_ms.get_untracked()) else { return };
        let figures = feed.figures(id).get_untracked();
        self.buffer.update_value(|buffer| buffer.push(at_ms, &figures));
    }
}
