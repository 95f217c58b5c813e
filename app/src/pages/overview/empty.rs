//! What to do while there is nothing to watch.

use crate::i18n::{text, use_i18n};
use leptos::prelude::*;
use leptos_router::components::A;

/// Instead of the hosts, when there are none.
#[component]
pub fn NoHosts() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="panel empty-state">
            <h2>{text!(i18n, live.overview.empty_title)}</h2>
            <p>{text!(i18n, live.overview.empty_text)}</p>
            <A href="/hosts" attr:class="button button-main">{text!(i18n, live.overview.empty_action)}</A>
        </div>
    }
}

/// Beside the centre's own machine, when it is the only host.
#[component]
pub fn FirstServer() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="host-card-invitation">
            <p>{text!(i18n, live.overview.empty_text)}</p>
            <A href="/hosts" attr:class="button button-main">{text!(i18n, live.overview.empty_action)}</A>
        </div>
    }
}
