//! The page's address as state: every choice is a navigation.

use super::place::{Place, Tab, read, written};
use crate::i18n::{text, use_i18n};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

/// Where the page is, and the way elsewhere.
#[derive(Clone, Copy)]
pub struct Navigation {
    pub now: Memo<Place>,
    /// Whether a part of the address made no sense.
    pub wrong: Memo<bool>,
    go: Callback<Place>,
}

/// Reads the address from now on.
pub fn provide_place() {
    let parameters = use_query_map();
    let both = Memo::new(move |_| parameters.with(|parameters| read(|name| parameters.get(name))));
    let navigate = use_navigate();
    let go = Callback::new(move |place: Place| navigate(&written(&place), NavigateOptions { scroll: false, ..NavigateOptions::default() }));
    let now = Memo::new(move |_| both.with(|(place, _)| place.clone()));
    provide_context(Navigation { now, wrong: Memo::new(move |_| both.with(|(_, wrong)| *wrong)), go });
}

/// The state that the page has put into context.
pub fn use_place() -> Navigation {
    expect_context()
}

impl Navigation {
    /// Shows something else, as a new entry of the browser's history.
    pub fn choose(self, change: impl FnOnce(&mut Place)) {
        let mut place = self.now.get_untracked();
        change(&mut place);
        self.go.run(place);
    }
}

/// The parts of the page.
#[component]
pub fn Tabs() -> impl IntoView {
    let i18n = use_i18n();
    let place = use_place();
    let tab = move |tab: Tab| {
        let name = match tab {
            Tab::Records => text!(i18n, alerts.tab.records).into_any(),
            Tab::Rules => text!(i18n, alerts.tab.rules).into_any(),
            Tab::Maintenance => text!(i18n, alerts.tab.maintenance).into_any(),
            Tab::Notify => text!(i18n, alerts.tab.notify).into_any(),
        };
        let current = move || place.now.with(|place| place.tab == tab).then_some("page");
        let href = written(&Place { tab, ..Place::default() });
        view! { <a class="tab" href=href aria-current=current data-testid=format!("alerts-tab-{}", tab.word())>{name}</a> }
    };
    view! { <nav class="tabs" aria-label=text!(i18n, alerts.tab.label)>{Tab::ALL.map(tab).collect_view()}</nav> }
}
