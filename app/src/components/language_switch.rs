//! The button that switches between Chinese and English.

use super::use_hydrated;
use crate::i18n::{Locale, text, use_i18n};
use leptos::prelude::*;

/// Shows the other language's own name; the choice is kept in a cookie.
#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let i18n = use_i18n();
    let hydrated = use_hydrated();
    let other = move || match i18n.get_locale() {
        Locale::en => Locale::zh_CN,
        Locale::zh_CN => Locale::en,
    };
    let other_tag = move || match other() {
        Locale::en => "en",
        Locale::zh_CN => "zh-CN",
    };
    view! {
        <button
            type="button"
            class="button button-quiet"
            data-testid="language"
            disabled=move || !hydrated.get()
            title=text!(i18n, common.language.switch)
            on:click=move |_| i18n.set_locale(other())
        >
            <span lang=other_tag>{text!(i18n, common.language.other)}</span>
        </button>
    }
}
