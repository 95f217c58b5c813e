//! Hosts and kinds that records are narrowed to.

use super::state::use_records;
use crate::components::{Picker, PickerItem};
use crate::i18n::{Locale, t_string, td_string, text, use_i18n};
use crate::live::use_live_feed;
use crate::pages::alerts::scopes::host_name;
use crate::texts::alert_kind_name;
use leptos::prelude::*;
use protocol::alert::AlertKind;
use protocol::host::HostId;

/// What is chosen, in a few words.
fn summary(locale: Locale, first: Option<String>, count: usize, all: &str) -> String {
    match (first, count, locale) {
        (None, ..) => all.to_owned(),
        (Some(first), 1, _) => first,
        // English counts the others, Chinese all.
        (Some(first), _, Locale::en) => td_string!(locale, history.pick.more, first = first, count = count - 1),
        (Some(first), _, Locale::zh_CN) => td_string!(locale, history.pick.more, first = first, count = count),
    }
}

/// The picker of hosts.
#[component]
pub fn HostFilter() -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let state = use_records();
    let search = RwSignal::new(String::new());
    let text = Signal::derive(move || {
        let (first, count) = state.filter.with(|filter| (filter.hosts.first().copied(), filter.hosts.len()));
        summary(i18n.get_locale(), first.map(|id| host_name(feed, id)), count, t_string!(i18n, alerts.filter.all_hosts))
    });
    let found = Memo::new(move |_| {
        let wanted = search.get().to_lowercase();
        let fits = |id: &HostId| feed.card(*id).with(|card| format!("{} {}", card.name, card.address).to_lowercase()).contains(&wanted);
        feed.host_ids.with(|ids| ids.iter().copied().filter(fits).collect::<Vec<_>>())
    });
    let item = move |id: HostId| {
        let chosen = Memo::new(move |_| state.filter.with(|filter| filter.hosts.contains(&id)));
        let choose = Callback::new(move |ticked: bool| {
            state.narrow(|filter| {
                filter.hosts.retain(|known| *known != id);
                filter.hosts.extend(ticked.then_some(id));
            });
        });
        let text = Signal::derive(move || host_name(feed, id));
        view! { <PickerItem text chosen locked=Signal::stored(false) choose test_id=format!("alerts-host-{id}")/> }
    };
    view! {
        <Picker label=Signal::derive(move || t_string!(i18n, alerts.filter.hosts).to_owned()) summary=text test_id="alerts-hosts">
            <input
                type="search"
                class="control"
                placeholder=text!(i18n, alerts.filter.search)
                aria-label=text!(i18n, alerts.filter.search)
                prop:value=search
                on:input:target=move |event| search.set(event.target().value())
            />
            <div class="picker-list">
                <For each=move || found.get() key=|&id| id let:id>{item(id)}</For>
                <Show when=move || found.with(Vec::is_empty)><p class="secondary">{text!(i18n, alerts.filter.nothing)}</p></Show>
            </div>
        </Picker>
    }
}

/// The picker of kinds.
#[component]
pub fn KindFilter() -> impl IntoView {
    let i18n = use_i18n();
    let state = use_records();
    let text = Signal::derive(move || {
        let (first, count) = state.filter.with(|filter| (filter.kinds.first().copied(), filter.kinds.len()));
        let first = first.map(|kind| alert_kind_name(i18n.get_locale(), kind).to_owned());
        summary(i18n.get_locale(), first, count, t_string!(i18n, alerts.filter.all_kinds))
    });
    let item = move |kind: AlertKind| {
        let chosen = Memo::new(move |_| state.filter.with(|filter| filter.kinds.contains(&kind)));
        let choose = Callback::new(move |ticked: bool| {
            state.narrow(|filter| {
                filter.kinds.retain(|known| *known != kind);
                filter.kinds.extend(ticked.then_some(kind));
            });
        });
        let text = Signal::derive(move || alert_kind_name(i18n.get_locale(), kind).to_owned());
        view! { <PickerItem text chosen locked=Signal::stored(false) choose test_id=format!("alerts-kind-{kind}")/> }
    };
    view! {
        <Picker label=Signal::derive(move || t_string!(i18n, alerts.filter.kinds).to_owned()) summary=text test_id="alerts-kinds">
            <div class="picker-list">{AlertKind::ALL.iter().map(|kind| item(*kind)).collect_view()}</div>
        </Picker>
    }
}
