//! When a rule would have fired, as marks on a line of time.

use crate::i18n::{text, use_i18n};
use crate::pages::alerts::records::time_text;
use crate::views::{Replay, ReplayFiring};
use leptos::prelude::*;
use protocol::host::Level;

/// Width and height of the drawing; a critical firing is as high as it, a warning less.
const WIDTH: f64 = 1_000.0;
const HEIGHT: f64 = 40.0;
const WARNING_HEIGHT: f64 = 24.0;
/// A firing of seconds in a month is seen, too.
const LEAST_WIDTH: f64 = 2.0;

/// Place and width of a firing.
fn place(firing: &ReplayFiring, from_ms: i64, to_ms: i64) -> (f64, f64) {
    let length = (to_ms - from_ms).max(1) as f64;
    let at = |at_ms: i64| ((at_ms - from_ms) as f64 / length).clamp(0.0, 1.0) * WIDTH;
    let (left, right) = (at(firing.from_ms), at(firing.to_ms.unwrap_or(to_ms)));
    let width = (right - left).max(LEAST_WIDTH);
    (left.min(WIDTH - width), width)
}

/// The line.
#[component]
pub fn Strip(replay: Replay) -> impl IntoView {
    let i18n = use_i18n();
    let (from_ms, to_ms) = (replay.from_ms, replay.to_ms);
    let mark = |firing: &ReplayFiring| {
        let (left, width) = place(firing, from_ms, to_ms);
        let (class, height) = if firing.worst == Level::Critical { ("strip-critical", HEIGHT) } else { ("strip-warning", WARNING_HEIGHT) };
        view! {
            <rect class=class x=format!("{left:.1}") y=format!("{:.1}", HEIGHT - height) width=format!("{width:.1}") height=format!("{height:.1}")></rect>
        }
    };
    // Critical ones above the others: of two at the same time the worse one is to be seen.
    let (critical, others): (Vec<_>, Vec<_>) = replay.firings.iter().partition(|firing| firing.worst == Level::Critical);
    let marks = others.into_iter().chain(critical).map(mark).collect_view();
    view! {
        <figure class="strip">
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" role="img" aria-label=text!(i18n, alerts.replay.strip)
                data-testid="replay-strip">
                <rect class="strip-ground" width=WIDTH.to_string() height=HEIGHT.to_string()></rect>
                {marks}
            </svg>
            <figcaption><span>{time_text(from_ms)}</span><span>{time_text(to_ms)}</span></figcaption>
        </figure>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_stay_on_the_line() {
        let firing = |from_ms, to_ms| ReplayFiring { host_id: 1, target: String::new(), from_ms, to_ms, worst: Level::Warning };
        for (from_ms, to_ms, expected) in
            [(0, Some(500), (0.0, 500.0)), (250, Some(250), (250.0, 2.0)), (1_000, None, (998.0, 2.0)), (-5, Some(100), (0.0, 100.0))]
        {
            assert_eq!(place(&firing(from_ms, to_ms), 0, 1_000), expected);
        }
    }
}
