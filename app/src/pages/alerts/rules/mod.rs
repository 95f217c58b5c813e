//! The rules.

use leptos::prelude::*;

/// The tab.
#[component]
pub fn Rules() -> impl IntoView {
    view! { <p></p> }
}
