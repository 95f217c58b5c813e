//! One of several buttons of which one is pressed.

use leptos::prelude::*;

/// A button in a row of `segments`.
#[component]
pub fn Segment(
    #[prop(into)] chosen: Signal<bool>,
    choose: impl Fn() + Send + Sync + 'static,
    #[prop(into)] test_id: String,
    children: Children,
) -> impl IntoView {
    view! {
        <button type="button" class="segment" data-testid=test_id aria-pressed=move || chosen.get().to_string() on:click=move |_| choose()>
            {children()}
        </button>
    }
}
