//! One route.

use super::list::Move;
use super::words::{Names, route_words};
use crate::components::use_may;
use crate::i18n::{t_string, text, use_i18n};
use crate::live::use_live_feed;
use crate::pages::alerts::notify::state::{NotifyDialog, use_notify};
use crate::pages::alerts::scopes::host_name;
use crate::views::Role;
use leptos::prelude::*;
use protocol::notify::RouteId;

/// Its name, what it does in words, and what can be done to it.
#[component]
pub fn RouteRow(id: RouteId, ids: Memo<Vec<RouteId>>, shift: Move) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let state = use_notify();
    let may = use_may(Role::Admin);
    let route =
        Memo::new(move |_| state.routes.data.with(|all| all.iter().flatten().find(|route| route.id == id).cloned().unwrap_or_default()));
    let name = Memo::new(move |_| route.with(|route| route.name.clone()));
    let enabled = Memo::new(move |_| route.with(|route| route.enabled));
    let words = Memo::new(move |_| {
        let names = Names { notifier: &|id| state.name_of(id), host: &|id| host_name(feed, id) };
        route.with(|route| route_words(i18n.get_locale(), route, &names))
    });
    let is_first = move || ids.with(|ids| ids.first() == Some(&id));
    let is_last = move || ids.with(|ids| ids.last() == Some(&id));
    view! {
        <li class="route-row" data-testid="route-row" data-id=id.to_string() data-enabled=move || enabled.get().to_string()>
            <div class="route-text">
                <b>{name}</b>
                <Show when=move || !enabled.get()>
                    <span class="host-note"><span aria-hidden="true">"○ "</span>{text!(i18n, notify.route.off)}</span>
                </Show>
                <span class="route-words" data-testid="route-words">{words}</span>
            </div>
            <Show when=move || may.get()>
                <span class="table-actions">
                    <button type="button" class="button button-quiet button-small" id=format!("route-{id}-up") data-testid="route-up" disabled=is_first
                        aria-label=move || t_string!(i18n, notify.route.up_of, name = name.get()) on:click=move |_| shift.run((id, true))>"↑"</button>
                    <button type="button" class="button button-quiet button-small" id=format!("route-{id}-down") data-testid="route-down" disabled=is_last
                        aria-label=move || t_string!(i18n, notify.route.down_of, name = name.get()) on:click=move |_| shift.run((id, false))>"↓"</button>
                    <button type="button" class="button button-quiet button-small" data-testid="route-edit"
                        aria-label=move || t_string!(i18n, notify.route.edit_of, name = name.get())
                        on:click=move |_| state.dialog.set(NotifyDialog::Route(Box::new(route.get_untracked())))>{text!(i18n, notify.route.edit)}</button>
                    <button type="button" class="button button-quiet button-small" data-testid="route-delete"
                        aria-label=move || t_string!(i18n, notify.route.delete_of, name = name.get())
                        on:click=move |_| state.dialog.set(NotifyDialog::DeleteRoute(id, name.get_untracked()))>{text!(i18n, notify.route.delete)}</button>
                </span>
            </Show>
        </li>
    }
}
