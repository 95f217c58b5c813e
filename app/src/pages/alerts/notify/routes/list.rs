//! The list of routes, in the order in which they are asked.

use super::row::RouteRow;
use crate::api::notify::order_routes;
use crate::browser;
use crate::components::{ErrorNotice, use_may};
use crate::error::ApiError;
use crate::i18n::{text, use_i18n};
use crate::pages::alerts::notify::asked::AskedView;
use crate::pages::alerts::notify::state::{NotifyDialog, use_notify};
use crate::views::Role;
use leptos::prelude::*;
use protocol::notify::{Route, RouteId};

/// Puts a route one place up or down and tells the centre. The last argument says whether up.
pub type Move = Callback<(RouteId, bool)>;

/// All routes, and the button that adds one.
#[component]
pub fn Routes() -> impl IntoView {
    let i18n = use_i18n();
    let state = use_notify();
    let may = use_may(Role::Admin);
    let again = Callback::new(move |()| state.ask_routes());
    let blank = || Box::new(Route { enabled: true, tell_resolved: true, ..Route::default() });
    view! {
        <section class="panel" data-testid="routes">
            <div class="alerts-panel-head">
                <div>
                    <h2>{text!(i18n, notify.route.title)}</h2>
                    <p class="secondary">{text!(i18n, notify.route.intro)}</p>
                </div>
                <Show when=move || may.get()>
                    <button type="button" class="button" data-testid="route-add" on:click=move |_| state.dialog.set(NotifyDialog::Route(blank()))>
                        <span aria-hidden="true">"+"</span>
                        {text!(i18n, notify.route.add)}
                    </button>
                </Show>
            </div>
            <AskedView asked=state.routes again><List/></AskedView>
        </section>
    }
}

#[component]
fn List() -> impl IntoView {
    let i18n = use_i18n();
    let state = use_notify();
    let ids = Memo::new(move |_| state.routes.data.with(|all| all.iter().flatten().map(|route| route.id).collect::<Vec<RouteId>>()));
    let order = Action::new(move |ids: &Vec<RouteId>| {
        let ids = ids.clone();
        async move {
            let answer = order_routes(ids).await;
            // Also after an error: the page has shown the new order already.
            state.ask_routes();
            answer
        }
    });
    let shift: Move = Callback::new(move |(id, up): (RouteId, bool)| {
        let mut ids = ids.get_untracked();
        let Some(place) = ids.iter().position(|known| *known == id) else { return };
        let Some(other) = (if up { place.checked_sub(1) } else { Some(place + 1) }).filter(|other| *other < ids.len()) else { return };
        ids.swap(place, other);
        state.routes.data.update(|all| all.iter_mut().for_each(|all| all.swap(place, other)));
        order.dispatch(ids);
        // The row is put elsewhere in the page, which takes the focus from its button; at the end of the list the other button gets it.
        let (first, second) = if up { ("up", "down") } else { ("down", "up") };
        let at_end = if up { other == 0 } else { other + 1 == state.routes.data.with_untracked(|all| all.as_ref().map_or(0, Vec::len)) };
        browser::focus_first(&format!("#route-{id}-{}", if at_end { second } else { first }));
    });
    let failed = move || order.value().get().and_then(|answer: Result<(), ApiError>| answer.err()).filter(|_| !order.pending().get());
    let none = move || view! { <p class="data-loading" data-testid="route-none">{text!(i18n, notify.route.none)}</p> };
    view! {
        {move || failed().map(|error| view! { <div class="data-failed"><ErrorNotice error/></div> })}
        <Show when=move || !ids.with(Vec::is_empty) fallback=none>
            <ol class="route-list"><For each=move || ids.get() key=|id| *id let:id><RouteRow id ids shift/></For></ol>
        </Show>
    }
}
