//! The list of hosts.

use super::context::HostsContext;
use super::row::HostRow;
use super::search::find_hosts;
use crate::i18n::{t, use_i18n};
use crate::views::HostSummary;
use leptos::either::Either;
use leptos::prelude::*;

/// The hosts that the search has found.
#[component]
pub fn HostTable(hosts: Vec<HostSummary>) -> impl IntoView {
    let HostsContext { search, .. } = expect_context();
    let found = Memo::new(move |_| search.with(|text| find_hosts(&hosts, text)));
    move || match found.with(Vec::is_empty) {
        true => Either::Left(view! { <NothingFound/> }),
        false => Either::Right(view! {
            <div class="table-wrap">
                <table class="table">
                    <HostTableHead/>
                    <tbody>{found.get().into_iter().map(|host| view! { <HostRow host/> }).collect_view()}</tbody>
                </table>
            </div>
        }),
    }
}

#[component]
fn HostTableHead() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <thead>
            <tr>
                <th scope="col">{t!(i18n, hosts.column.name)}</th>
                <th scope="col">{t!(i18n, hosts.column.status)}</th>
                <th scope="col">{t!(i18n, hosts.column.address)}</th>
                <th scope="col">{t!(i18n, hosts.column.tags)}</th>
                <th scope="col">{t!(i18n, hosts.column.source)}</th>
                <th scope="col">{t!(i18n, hosts.column.agent)}</th>
                <th scope="col">{t!(i18n, hosts.column.system)}</th>
                <th scope="col"><span class="visually-hidden">{t!(i18n, hosts.column.actions)}</span></th>
            </tr>
        </thead>
    }
}

#[component]
fn NothingFound() -> impl IntoView {
    let i18n = use_i18n();
    let HostsContext { search, .. } = expect_context();
    view! {
        <div class="empty-state">
            <p>{t!(i18n, hosts.nothing_found, text = move || search.get())}</p>
            <button type="button" class="button" on:click=move |_| search.set(String::new())>{t!(i18n, hosts.clear_search)}</button>
        </div>
    }
}
