//! Around the pages before the login: name, language, one panel.

use super::{Brand, LanguageSwitch};
use crate::i18n::{text, use_i18n};
use leptos::prelude::*;

/// The product's name above one panel.
#[component]
pub fn FrontFrame(children: Children) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="front">
            <header class="front-head"><LanguageSwitch/></header>
            <main class="front-main">
                <div class="front-brand">
                    <Brand/>
                    <p class="secondary">{text!(i18n, common.claim)}</p>
                </div>
                <section class="panel front-panel">{children()}</section>
                <noscript><p class="notice notice-warning">{text!(i18n, account.no_script)}</p></noscript>
            </main>
        </div>
    }
}
