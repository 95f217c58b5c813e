//! The time of day on the screen, by the browser's own clock: it goes on when the feed stops.

use crate::browser;
use crate::live::use_live_feed;
use leptos::prelude::*;

/// Now, as UTC milliseconds and the time zone's minutes east of UTC; nothing before hydration.
pub type Now = Option<(i64, i32)>;

/// A signal that changes every second.
pub fn use_clock() -> Memo<Now> {
    let feed = use_live_feed();
    Memo::new(move |_| feed.second_ms.get().map(|at_ms| (at_ms, browser::offset_minutes(at_ms))))
}
