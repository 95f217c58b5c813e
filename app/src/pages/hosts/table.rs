//! The list of hosts.

use super::context::HostsContext;
use super::row::HostRow;
use super::search::find_hosts;
use crate::i18n::{t, t_string, text, use_i18n};
use crate::views::HostSummary;
use leptos::either::Either;
use leptos::prelude::*;
use protocol::host::HostId;
use std::collections::BTreeMap;

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
                    {by_group(found.get()).into_iter().map(|(group, hosts)| view! { <Group group hosts/> }).collect_view()}
                </table>
            </div>
        }),
    }
}

/// Hosts by group, groups in the order of their names; hosts without one come first. One list without a name where nobody has groups.
fn by_group(hosts: Vec<HostSummary>) -> Vec<(String, Vec<HostSummary>)> {
    let mut groups: BTreeMap<String, Vec<HostSummary>> = BTreeMap::new();
    for host in hosts {
        groups.entry(host.card.group.clone()).or_default().push(host);
    }
    groups.into_iter().collect()
}

#[component]
fn Group(group: String, hosts: Vec<HostSummary>) -> impl IntoView {
    let i18n = use_i18n();
    let HostsContext { ticked, .. } = expect_context();
    let ids: Vec<HostId> = hosts.iter().filter(|host| !host.local).map(|host| host.card.id).collect();
    let all = {
        let ids = ids.clone();
        move || ticked.with(|ticked| !ids.is_empty() && ids.iter().all(|id| ticked.contains(id)))
    };
    let tick_all = move |wanted: bool| {
        ticked.update(|ticked| {
            for id in &ids {
                if wanted {
                    ticked.insert(*id)
                } else {
                    ticked.remove(id)
                };
            }
        });
    };
    let heading = (!group.is_empty()).then(|| {
        let (count, name) = (hosts.len(), group.clone());
        let test_id = format!("host-group-{group}");
        view! {
            <tr class="group-row" data-testid=test_id>
                <th scope="rowgroup" colspan="9">
                    <label class="group-label">
                        <input type="checkbox" prop:checked=all aria-label=move || t_string!(i18n, hosts.select.group_of, name = name.as_str())
                            on:change:target=move |event| tick_all(event.target().checked())/>
                        <span>{group}</span>
                        <span class="secondary">{t!(i18n, hosts.count, count = count)}</span>
                    </label>
                </th>
            </tr>
        }
    });
    view! { <tbody>{heading}{hosts.into_iter().map(|host| view! { <HostRow host/> }).collect_view()}</tbody> }
}

#[component]
fn HostTableHead() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <thead>
            <tr>
                <th scope="col"><span class="visually-hidden">{text!(i18n, hosts.column.select)}</span></th>
                <th scope="col">{text!(i18n, hosts.column.name)}</th>
                <th scope="col">{text!(i18n, hosts.column.status)}</th>
                <th scope="col">{text!(i18n, hosts.column.address)}</th>
                <th scope="col">{text!(i18n, hosts.column.tags)}</th>
                <th scope="col">{text!(i18n, hosts.column.source)}</th>
                <th scope="col">{text!(i18n, hosts.column.agent)}</th>
                <th scope="col">{text!(i18n, hosts.column.system)}</th>
                <th scope="col"><span class="visually-hidden">{text!(i18n, hosts.column.actions)}</span></th>
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
            <button type="button" class="button" on:click=move |_| search.set(String::new())>{text!(i18n, hosts.clear_search)}</button>
        </div>
    }
}
