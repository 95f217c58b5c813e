//! Header with navigation around every page of the daily work.

use super::{Brand, LanguageSwitch, UserMenu};
use crate::i18n::{t_string, text, use_i18n};
use crate::live::use_live_feed;
use leptos::prelude::*;
use leptos_router::components::A;

/// Header with name, navigation, language and user, and the page's content below it.
#[component]
pub fn AppFrame(children: Children) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <a class="skip-link" href="#content">{text!(i18n, common.skip)}</a>
        <header class="app-header">
            <div class="app-header-inner">
                <A href="/" attr:class="app-header-brand"><Brand/></A>
                <nav class="app-nav" aria-label=text!(i18n, common.navigation)>
                    <A href="/" exact=true attr:class="app-nav-link" attr:data-testid="nav-overview">{text!(i18n, common.nav.overview)}</A>
                    <A href="/hosts" attr:class="app-nav-link" attr:data-testid="nav-hosts">{text!(i18n, common.nav.hosts)}</A>
                    <A href="/history" attr:class="app-nav-link" attr:data-testid="nav-history">{text!(i18n, common.nav.history)}</A>
                    <A href="/alerts" attr:class="app-nav-link" attr:data-testid="nav-alerts">{text!(i18n, common.nav.alerts)}<OpenBadge/></A>
                    <A href="/wall" attr:class="app-nav-link" attr:data-testid="nav-wall">{text!(i18n, common.nav.wall)}</A>
                    <A href="/settings" attr:class="app-nav-link" attr:data-testid="nav-settings">{text!(i18n, common.nav.settings)}</A>
                </nav>
                <div class="app-header-side">
                    <LanguageSwitch/>
                    <UserMenu/>
                </div>
            </div>
        </header>
        <main class="page" id="content" tabindex="-1">{children()}</main>
    }
}

/// How many alerts are open, coloured by the worst; nothing while there are none.
#[component]
fn OpenBadge() -> impl IntoView {
    let i18n = use_i18n();
    let open = use_live_feed().open_counts();
    let count = Memo::new(move |_| open.get().0 + open.get().1);
    let (word, mark) = (move || if open.get().1 > 0 { "critical" } else { "warning" }, move || if open.get().1 > 0 { "▲" } else { "◆" });
    view! {
        <Show when=move || { count.get() > 0 }>
            <span class="nav-badge" data-testid="nav-alerts-badge" data-level=word title=move || t_string!(i18n, alerts.nav.badge, count = count.get())>
                <span aria-hidden="true">{mark}</span>
                {count}
            </span>
        </Show>
    }
}
