//! The document, the routes and what all pages share.

use crate::api::accounts::get_current_user;
use crate::components::{AlertPopups, CurrentUserContext, provide_sound};
use crate::fetched::fetched;
use crate::i18n::I18nContextProvider;
use crate::language::{LANGUAGE_COOKIE, language_cookie};
use crate::live::provide_live_feed;
use crate::pages::{
    AlertsPage, HistoryPage, HostDetailPage, HostsPage, LoginPage, NotFoundPage, OverviewPage, SettingsPage, SetupPage, WallPage,
};
use leptos::prelude::*;
use leptos_meta::{Link, MetaTags, Stylesheet, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

/// The HTML document around the page, rendered by the centre only. The language attribute is added by the texts' provider.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="dark"/>
                <meta name="theme-color" content="#0a0f1a"/>
                <HydrationScripts options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// All routes. The centre decides who may see them: without a session it answers every page but set-up and login with a redirect.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_live_feed();
    provide_sound();
    provide_context(CurrentUserContext(fetched(|| (), |()| get_current_user())));
    #[cfg(feature = "ssr")]
    crate::language::provide_language_of_the_request();
    view! {
        <I18nContextProvider cookie_name=LANGUAGE_COOKIE cookie_options=language_cookie()>
            <Stylesheet id="leptos" href="/pkg/tactus.css"/>
            <Link rel="icon" type_="image/svg+xml" href="/favicon.svg"/>
            <Router>
                <Routes fallback=NotFoundPage>
                    <Route path=path!("/setup") view=SetupPage ssr=SsrMode::Async/>
                    <Route path=path!("/login") view=LoginPage ssr=SsrMode::Async/>
                    <Route path=path!("/") view=OverviewPage ssr=SsrMode::Async/>
                    <Route path=path!("/hosts") view=HostsPage ssr=SsrMode::Async/>
                    <Route path=path!("/hosts/:id") view=HostDetailPage ssr=SsrMode::Async/>
                    <Route path=path!("/history") view=HistoryPage ssr=SsrMode::Async/>
                    <Route path=path!("/alerts") view=AlertsPage ssr=SsrMode::Async/>
                    <Route path=path!("/settings") view=SettingsPage ssr=SsrMode::Async/>
                    <Route path=path!("/wall") view=WallPage ssr=SsrMode::Async/>
                </Routes>
                <AlertPopups/>
            </Router>
        </I18nContextProvider>
    }
}
