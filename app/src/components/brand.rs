//! The product's sign and name.

use crate::i18n::{text, use_i18n};
use leptos::prelude::*;

/// Sign (two beats on a line) and name.
#[component]
pub fn Brand() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <span class="brand">
            <svg class="brand-sign" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false">
                <rect class="brand-ground" x="1" y="1" width="30" height="30" rx="8"/>
                <path class="brand-beat" d="M5 19h4l2.5-9 3.5 13 2.5-8h2l2-6 2.5 10h3"/>
            </svg>
            <span class="brand-name">{text!(i18n, common.product)}</span>
        </span>
    }
}
