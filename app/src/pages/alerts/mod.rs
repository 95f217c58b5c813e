//! `/alerts`: what is and was wrong, the rules that say so, when nothing is to be said, and to whom.

mod maintenance;
mod navigation;
mod notify;
mod place;
mod records;
mod rules;
mod scopes;

use crate::components::{AppFrame, LazyBody, PageTitle, SoundToggle, StaleBanner, StoreBanner};
use crate::i18n::{text, use_i18n};
use crate::live::use_live_feed;
use leptos::prelude::*;
use maintenance::Maintenance;
use navigation::{Tabs, provide_place, use_place};
use notify::Notify;
use place::Tab;
use protocol::live::Topic;
use records::Records;
use rules::Rules;

/// The page. What it shows stands in its address. It is loaded when it is opened: without a browser there is nothing to see on it.
#[component]
pub fn AlertsPage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageTitle page=text!(i18n, alerts.title)/>
        <AppFrame>
            <div class="page-head">
                <h1>{text!(i18n, alerts.title)}</h1>
                <span class="page-head-side"><SoundToggle/></span>
            </div>
            <LazyBody load=|| Box::pin(alerts_body())/>
        </AppFrame>
    }
}

#[lazy]
fn alerts_body() -> AnyView {
    view! { <Body/> }.into_any()
}

#[component]
fn Body() -> impl IntoView {
    // Names of the hosts, and the time.
    use_live_feed().subscribe(Topic::Overview);
    provide_place();
    let place = use_place();
    let tab = Memo::new(move |_| place.now.with(|place| place.tab));
    let body = move || match tab.get() {
        Tab::Records => view! { <Records/> }.into_any(),
        Tab::Rules => view! { <Rules/> }.into_any(),
        Tab::Maintenance => view! { <Maintenance/> }.into_any(),
        Tab::Notify => view! { <Notify/> }.into_any(),
    };
    view! {
        <StaleBanner/>
        <StoreBanner/>
        <Tabs/>
        {body}
    }
}
