//! The time of day on the screen, by the browser's own clock: it goes on when the feed stops.

use leptos::prelude::*;

/// Now, as UTC milliseconds and the time zone's minutes east of UTC; nothing before hydration.
pub type Now = Option<(i64, i32)>;

/// A signal that changes every second.
pub fn use_clock() -> RwSignal<Now> {
    let now = RwSignal::new(None);
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| {
        use send_wrapper::SendWrapper;
        // Four times a second, so that no second is skipped or shown late; texts change only with the second.
        let read = move || {
            let date = js_sys::Date::new_0();
            let second = date.get_time() as i64 / 1_000 * 1_000;
            let shown = Some((second, -(date.get_timezone_offset() as i32)));
            if now.try_get_untracked().is_some_and(|known| known != shown) {
                now.set(shown);
            }
        };
        read();
        let interval = SendWrapper::new(gloo_timers::callback::Interval::new(250, read));
        on_cleanup(move || drop(interval.take()));
    });
    now
}
