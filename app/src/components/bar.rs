//! A share as a bar: SVG attributes, because the content security policy forbids style attributes.

use leptos::prelude::*;

/// A bar of 0 to 100 per cent; a gap is an empty track.
#[component]
pub fn Bar(
    /// Per cent.
    #[prop(into)]
    value: Signal<Option<f32>>,
    /// Colour word: `cpu`, `memory`, `disk`, `plain`.
    colour: &'static str,
    /// Where the threshold is marked, in per cent.
    #[prop(optional, into)]
    threshold: Signal<Option<f32>>,
) -> impl IntoView {
    // Whole tenths, so that a change nobody could see draws nothing.
    let width = move || format!("{:.1}", value.get().unwrap_or(0.0).clamp(0.0, 100.0));
    let mark = move || {
        threshold.get().map(|threshold| view! { <rect class="bar-threshold" x=format!("{threshold:.1}") y="0" width="0.7" height="6"/> })
    };
    view! {
        <svg class="bar" data-colour=colour viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">
            <rect class="bar-track" width="100" height="6"/>
            <rect class="bar-value" width=width height="6"/>
            {mark}
        </svg>
    }
}
