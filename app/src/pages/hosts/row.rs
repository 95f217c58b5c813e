//! One host of the list.

use super::context::{HostDialog, HostsContext};
use crate::components::{SourceBadge, StatusMark};
use crate::i18n::{t, t_string, text, use_i18n};
use crate::live::use_live_feed;
use crate::texts::step_name;
use crate::views::HostSummary;
use leptos::prelude::*;
use leptos_router::components::A;
use protocol::deploy::{DeployAction, DeployFailure};
use protocol::host::{HostId, HostStatus};

/// One row: what the host is, how it is, what can be done to it.
#[component]
pub fn HostRow(host: HostSummary) -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live_feed();
    let card = host.card.clone();
    let figures = live.figures(card.id);
    // Until frames arrive, what the list said is the newest.
    let streaming = Memo::new(move |_| live.beat.get() > 0);
    let (first_status, first_source) = (host.status, host.source);
    let status = Signal::derive(move || if streaming.get() { figures.with(|figures| figures.status) } else { first_status });
    let source = Signal::derive(move || if streaming.get() { figures.with(|figures| figures.source) } else { first_source });
    let local = host.local;
    let tick_name = StoredValue::new(card.name.clone());
    let name = card.name.clone();
    // The centre's own machine has no name before its first sample.
    let shown_name = move || if name.is_empty() { t_string!(i18n, hosts.this_machine).to_string() } else { name.clone() };
    let version = card.agent_version.clone();
    let upgrade = host.upgrade_to.clone();
    let agentless = card.agentless;
    let agent = move || {
        if agentless {
            t_string!(i18n, hosts.agentless).to_string()
        } else if local {
            t_string!(i18n, hosts.in_process).to_string()
        } else {
            or_dash(&version)
        }
    };
    view! {
        <tr data-testid=format!("host-row-{}", card.id)>
            <td class="tick-cell">{(!local).then(|| view! { <Tick id=card.id name=tick_name/> })}</td>
            <td data-label=text!(i18n, hosts.column.name)>
                <span class="host-name-cell">
                    <A href=format!("/hosts/{}", card.id) attr:class="host-name">{shown_name}</A>
                    <HostNote host=host.clone()/>
                </span>
            </td>
            <td data-label=text!(i18n, hosts.column.status)><StatusMark status/></td>
            <td data-label=text!(i18n, hosts.column.address)><span class="mono">{place(&host)}</span></td>
            <td data-label=text!(i18n, hosts.column.tags)>
                <span class="tags">{card.tags.into_iter().map(|tag| view! { <Tag tag/> }).collect_view()}</span>
            </td>
            <td data-label=text!(i18n, hosts.column.source)><SourceBadge source/></td>
            <td data-label=text!(i18n, hosts.column.agent)>
                <span class="host-name-cell">{agent}{upgrade.map(|version| view! { <UpgradeButton id=card.id name=tick_name version/> })}</span>
            </td>
            <td data-label=text!(i18n, hosts.column.system)>{or_dash(&card.os)}</td>
            <td data-label=text!(i18n, hosts.column.actions)><RowActions host status/></td>
        </tr>
    }
}

#[component]
fn Tick(id: HostId, name: StoredValue<String>) -> impl IntoView {
    let i18n = use_i18n();
    let HostsContext { ticked, .. } = expect_context();
    view! {
        <input type="checkbox" class="row-tick" data-testid=format!("host-tick-{id}")
            aria-label=move || t_string!(i18n, hosts.select.host_of, name = name.get_value())
            prop:checked=move || ticked.with(|ticked| ticked.contains(&id))
            on:change:target=move |event| ticked.update(|ticked| { if event.target().checked() { ticked.insert(id) } else { ticked.remove(&id) }; })/>
    }
}

/// A tag; pressed, it is searched for.
#[component]
fn Tag(tag: String) -> impl IntoView {
    let HostsContext { search, .. } = expect_context();
    let wanted = tag.clone();
    view! { <button type="button" class="tag" on:click=move |_| search.set(wanted.clone())>{tag}</button> }
}

#[component]
fn UpgradeButton(id: HostId, name: StoredValue<String>, version: String) -> impl IntoView {
    let i18n = use_i18n();
    let HostsContext { dialog, .. } = expect_context();
    view! {
        <button type="button" class="button button-quiet button-small" data-testid=format!("host-upgrade-{id}")
            on:click=move |_| dialog.set(HostDialog::Progress { id, name: name.get_value(), start: Some(DeployAction::Upgrade) })
        >{t!(i18n, hosts.row.upgrade_to, version = version)}</button>
    }
}

/// What is special about a host, below its name.
#[component]
fn HostNote(host: HostSummary) -> impl IntoView {
    let i18n = use_i18n();
    if host.local && !host.card.name.is_empty() {
        return Some(view! { <span class="host-note">{text!(i18n, hosts.this_machine)}</span> }.into_any());
    }
    let Some((step, _)) = host.last_failure else {
        return host.restricted_key.then(|| view! { <span class="host-note">{text!(i18n, hosts.restrict.badge)}</span> }.into_any());
    };
    let text = move || t_string!(i18n, hosts.row.last_failure, step = step_name(i18n.get_locale(), step));
    Some(view! { <span class="host-note host-note-critical"><span aria-hidden="true">"▲ "</span>{text}</span> }.into_any())
}

#[component]
fn RowActions(host: HostSummary, status: Signal<HostStatus>) -> impl IntoView {
    let i18n = use_i18n();
    let HostsContext { dialog, .. } = expect_context();
    let id = host.card.id;
    let (local, installed, agentless) = (host.local, host.agent_port.is_some(), host.card.agentless);
    let name = StoredValue::new(host.card.name.clone());
    let key_changed = matches!(host.last_failure, Some((_, DeployFailure::HostKeyChanged { .. })));
    let has_progress =
        host.progress.is_some() && (host.last_failure.is_some() || host.progress.as_ref().is_some_and(|progress| !progress.finished));
    let host = StoredValue::new(Box::new(host));
    let suspicious = Memo::new(move |_| key_changed || status.get() == HostStatus::Blocked);
    let show_progress = move |_| dialog.set(HostDialog::Progress { id, name: name.get_value(), start: None });
    view! {
        <span class="table-actions">
            <Show when=move || suspicious.get()>
                <button type="button" class="button button-quiet button-small" data-testid=format!("host-trust-{id}")
                    aria-label=move || t_string!(i18n, hosts.row.trust_of, name = name.get_value())
                    on:click=move |_| dialog.set(HostDialog::Trust(host.get_value()))
                >{text!(i18n, hosts.row.trust)}</button>
            </Show>
            <Show when=move || has_progress>
                <button type="button" class="button button-quiet button-small" data-testid=format!("host-progress-{id}")
                    aria-label=move || t_string!(i18n, hosts.row.progress_of, name = name.get_value())
                    on:click=show_progress
                >{text!(i18n, hosts.row.show_progress)}</button>
            </Show>
            <Show when=move || !local && !has_progress>
                <RedeployButton id name installed agentless/>
            </Show>
            <button type="button" class="button button-quiet button-small" data-testid=format!("host-edit-{id}")
                aria-label=move || t_string!(i18n, hosts.row.edit_of, name = name.get_value())
                on:click=move |_| dialog.set(HostDialog::Edit(host.get_value()))
            >{text!(i18n, hosts.row.edit)}</button>
            <Show when=move || !local>
                <button type="button" class="button button-quiet button-small" data-testid=format!("host-delete-{id}")
                    aria-label=move || t_string!(i18n, hosts.row.delete_of, name = name.get_value())
                    on:click=move |_| dialog.set(HostDialog::Delete(host.get_value()))
                >{text!(i18n, hosts.row.delete)}</button>
            </Show>
        </span>
    }
}

#[component]
fn RedeployButton(id: i64, name: StoredValue<String>, installed: bool, agentless: bool) -> impl IntoView {
    let i18n = use_i18n();
    let HostsContext { dialog, .. } = expect_context();
    let label = move || {
        if agentless {
            t_string!(i18n, hosts.row.check)
        } else if installed {
            t_string!(i18n, hosts.row.redeploy)
        } else {
            t_string!(i18n, hosts.row.install)
        }
    };
    view! {
        <button type="button" class="button button-quiet button-small" data-testid=format!("host-deploy-{id}")
            aria-label=move || t_string!(i18n, hosts.row.redeploy_of, name = name.get_value())
            on:click=move |_| dialog.set(HostDialog::Progress { id, name: name.get_value(), start: Some(DeployAction::Install) })
        >{label}</button>
    }
}

/// Address and port as one would write them; the centre's own machine has no port.
fn place(host: &HostSummary) -> String {
    let card = &host.card;
    match (host.local, card.address.contains(':')) {
        (true, _) => or_dash(&card.address),
        (false, true) => format!("[{}]:{}", card.address, card.port),
        (false, false) => format!("{}:{}", card.address, card.port),
    }
}

fn or_dash(text: &str) -> String {
    if text.is_empty() { "–".to_string() } else { text.to_string() }
}
