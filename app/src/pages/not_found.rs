//! Shown for every address without a page.

use crate::components::{Brand, PageTitle};
use crate::i18n::{text, use_i18n};
use leptos::prelude::*;

/// Says that there is nothing here, and the way out. The status code is 404 when the centre renders it.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    let i18n = use_i18n();
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    view! {
        <PageTitle page=text!(i18n, common.not_found.title)/>
        <main class="lost">
            <Brand/>
            <h1>{text!(i18n, common.not_found.title)}</h1>
            <p>{text!(i18n, common.not_found.text)}</p>
            <a class="button button-main" href="/">{text!(i18n, common.not_found.back)}</a>
        </main>
    }
}
