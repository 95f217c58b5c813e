//! The maintenance windows.

use super::state::{WindowDialog, use_maintenance};
use super::time::time_words;
use crate::components::use_may;
use crate::i18n::{t_string, text, use_i18n};
use crate::live::use_live_feed;
use crate::pages::alerts::records::time_text;
use crate::pages::alerts::scopes::{host_name, scope_name};
use crate::views::{MaintenanceView, Role};
use leptos::prelude::*;

/// Instead of the list.
#[component]
pub fn NoWindows() -> impl IntoView {
    let i18n = use_i18n();
    view! { <p class="data-loading" data-testid="maintenance-none">{text!(i18n, alerts.maintenance.none)}</p> }
}

/// All windows.
#[component]
pub fn WindowList(windows: Vec<MaintenanceView>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="table-wrap">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{text!(i18n, alerts.maintenance.name)}</th>
                        <th scope="col">{text!(i18n, alerts.maintenance.scope)}</th>
                        <th scope="col">{text!(i18n, alerts.maintenance.time)}</th>
                        <th scope="col">{text!(i18n, alerts.maintenance.by)}</th>
                        <th scope="col"><span class="visually-hidden">{text!(i18n, alerts.rules.action)}</span></th>
                    </tr>
                </thead>
                <tbody>{windows.into_iter().map(|window| view! { <Window window/> }).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Window(window: MaintenanceView) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let state = use_maintenance();
    let may = use_may(Role::Operator);
    let (id, active, name, by) = (window.id, window.active, window.name.clone(), window.created_by.clone());
    let window = StoredValue::new(window);
    let scope = move || window.with_value(|window| scope_name(i18n.get_locale(), &window.plan.scope, |id| host_name(feed, id)));
    let time = move || window.with_value(|window| time_words(i18n.get_locale(), &window.plan.time, time_text));
    let edit_of = move || window.with_value(|window| t_string!(i18n, alerts.maintenance.edit_of, name = window.name.as_str()));
    let delete_of = move || window.with_value(|window| t_string!(i18n, alerts.maintenance.delete_of, name = window.name.as_str()));
    let boxed = move || Box::new(window.get_value());
    view! {
        <tr data-testid="maintenance-row" data-id=id.to_string() data-active=active.to_string()>
            <td data-label=text!(i18n, alerts.maintenance.name)>
                <span class="host-name-cell">
                    <b>{name}</b>
                    {active.then(|| view! { <span class="maintenance-active"><span aria-hidden="true">"● "</span>{text!(i18n, alerts.maintenance.active)}</span> })}
                </span>
            </td>
            <td data-label=text!(i18n, alerts.maintenance.scope)>{scope}</td>
            <td data-label=text!(i18n, alerts.maintenance.time)>{time}</td>
            <td data-label=text!(i18n, alerts.maintenance.by)>{by}</td>
            <td>
                <Show when=move || may.get()>
                    <span class="table-actions">
                        <button type="button" class="button button-quiet button-small" data-testid="maintenance-edit" aria-label=edit_of
                            on:click=move |_| state.dialog.set(WindowDialog::Edit(Some(boxed())))>{text!(i18n, alerts.maintenance.edit)}</button>
                        <button type="button" class="button button-quiet button-small" data-testid="maintenance-delete" aria-label=delete_of
                            on:click=move |_| state.dialog.set(WindowDialog::Delete(boxed()))>{text!(i18n, alerts.maintenance.delete)}</button>
                    </span>
                </Show>
            </td>
        </tr>
    }
}
