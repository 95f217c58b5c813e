//! Placeholder.

use leptos::prelude::*;

/// Placeholder.
#[component]
pub fn HostDetailPage() -> impl IntoView {
    view! { <main>"HostDetailPage"</main> }
}
