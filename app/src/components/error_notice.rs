//! An error as a sentence in the user's language.

use crate::error::ApiError;
use crate::i18n::{text, use_i18n};
use crate::texts::api_error_text;
use leptos::prelude::*;

/// A notice that is read out at once; a missing session comes with the way to the login page.
#[component]
pub fn ErrorNotice(
    /// What went wrong.
    error: ApiError,
) -> impl IntoView {
    let i18n = use_i18n();
    let logged_out = error == ApiError::Unauthorized;
    view! {
        <div class="notice notice-critical" role="alert">
            <span class="notice-mark" aria-hidden="true">"▲"</span>
            <span class="notice-text">{move || api_error_text(i18n.get_locale(), &error)}</span>
            {logged_out.then(|| view! { <a class="button" href="/login" rel="external">{text!(i18n, common.data.to_login)}</a> })}
        </div>
    }
}
