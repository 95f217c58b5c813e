//! The windows.

use leptos::prelude::*;

/// The tab.
#[component]
pub fn Maintenance() -> impl IntoView {
    view! { <p></p> }
}
