//! What is done with all hosts that are ticked.

use super::context::HostsContext;
use crate::api::hosts::{pause_hosts, upgrade_hosts};
use crate::components::ErrorNotice;
use crate::i18n::{t, text, use_i18n};
use leptos::prelude::*;
use protocol::host::HostId;

/// What can be done with several hosts at once.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Deed {
    Pause,
    Resume,
    Upgrade,
}

/// The bar above the list; nothing while no host is ticked and none has an older agent.
#[component]
pub fn SelectionBar() -> impl IntoView {
    let i18n = use_i18n();
    let HostsContext { hosts, ticked, .. } = expect_context();
    let action = Action::new(move |(deed, ids): &(Deed, Vec<HostId>)| {
        let (deed, ids) = (*deed, ids.clone());
        async move {
            match deed {
                Deed::Pause => pause_hosts(ids, true).await,
                Deed::Resume => pause_hosts(ids, false).await,
                Deed::Upgrade => upgrade_hosts(ids).await,
            }
        }
    });
    Effect::new(move || {
        if let Some(Ok(())) = action.value().get() {
            ticked.update(|ticked| ticked.clear());
            hosts.refetch();
        }
    });
    let count = Memo::new(move |_| ticked.with(|ticked| ticked.len()));
    let chosen = move || ticked.with_untracked(|ticked| ticked.iter().copied().collect::<Vec<_>>());
    let do_with = move |deed: Deed| move |_| drop(action.dispatch((deed, chosen())));
    // Made anew with each list, and read nowhere but in here: outside, the centre would render before the list is there.
    let upgrade_bar = move || {
        let all = hosts.get().and_then(Result::ok)?;
        let older: Vec<HostId> = all.into_iter().filter(|host| host.upgrade_to.is_some()).map(|host| host.card.id).collect();
        let number = older.len();
        (number > 0 && count.get() == 0).then(|| {
            view! {
                <div class="selection-bar" data-testid="upgrade-bar">
                    <span>{t!(i18n, hosts.select.older, count = number)}</span>
                    <button type="button" class="button button-small" data-testid="upgrade-all"
                        on:click=move |_| { action.dispatch((Deed::Upgrade, older.clone())); }
                    >{text!(i18n, hosts.select.upgrade_all)}</button>
                </div>
            }
        })
    };
    let failed = move || action.value().get().and_then(Result::err).filter(|_| !action.pending().get());
    view! {
        <Show when=move || { count.get() > 0 }>
            <div class="selection-bar" role="toolbar" data-testid="selection-bar">
                <span role="status">{t!(i18n, hosts.select.count, count = move || count.get())}</span>
                <button type="button" class="button button-small" data-testid="selection-pause" on:click=do_with(Deed::Pause)>
                    {text!(i18n, hosts.select.pause)}
                </button>
                <button type="button" class="button button-small" data-testid="selection-resume" on:click=do_with(Deed::Resume)>
                    {text!(i18n, hosts.select.resume)}
                </button>
                <button type="button" class="button button-small" data-testid="selection-upgrade" on:click=do_with(Deed::Upgrade)>
                    {text!(i18n, hosts.select.upgrade)}
                </button>
                <button type="button" class="button button-quiet button-small" on:click=move |_| ticked.update(|ticked| ticked.clear())>
                    {text!(i18n, hosts.select.clear)}
                </button>
            </div>
        </Show>
        <Transition>{upgrade_bar}</Transition>
        {move || failed().map(|error| view! { <ErrorNotice error/> })}
    }
}
