//! Which hosts are looked at.

use super::state::history;
use crate::components::{Picker, PickerItem};
use crate::i18n::{Locale, t, t_string, td_string, text, use_i18n};
use crate::live::use_live_feed;
use leptos::prelude::*;
use protocol::host::HostId;

/// Hosts at once: more lines than these cannot be told apart.
const MOST: usize = 12;

/// The picker of hosts.
#[component]
pub fn HostPicker() -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let history = history();
    let search = RwSignal::new(String::new());
    let summary = Signal::derive(move || {
        let hosts = history.view.with(|view| view.hosts.clone());
        let first = hosts.first().map(|id| history.host_name(*id)).unwrap_or_default();
        if hosts.is_empty() { "…".to_owned() } else { summary_text(i18n.get_locale(), first, hosts.len()) }
    });
    let found = Memo::new(move |_| {
        let wanted = search.get().to_lowercase();
        let matches = |id: &HostId| {
            let text = feed.card(*id).with(|card| format!("{} {} {}", card.name, card.address, card.tags.join(" ")).to_lowercase());
            wanted.split_whitespace().all(|word| text.contains(word))
        };
        feed.host_ids.with(|ids| ids.iter().copied().filter(matches).collect::<Vec<_>>())
    });
    view! {
        <Picker label=Signal::derive(move || t_string!(i18n, history.pick.hosts).to_owned()) summary test_id="history-hosts">
            <input
                type="search"
                class="control"
                data-testid="history-host-search"
                placeholder=text!(i18n, history.pick.search)
                aria-label=text!(i18n, history.pick.search)
                prop:value=search
                on:input:target=move |event| search.set(event.target().value())
            />
            <div class="picker-list">
                <For each=move || found.get() key=|&id| id let:id><HostItem id/></For>
                <Show when=move || found.with(Vec::is_empty)><p class="secondary">{text!(i18n, history.pick.nothing)}</p></Show>
            </div>
            <p class="field-hint">{t!(i18n, history.pick.most, most = MOST)}</p>
        </Picker>
    }
}

#[component]
fn HostItem(id: HostId) -> impl IntoView {
    let history = history();
    let chosen = Memo::new(move |_| history.view.with(|view| view.hosts.contains(&id)));
    // One host is always chosen.
    let locked = Memo::new(move |_| history.view.with(|view| if chosen.get() { view.hosts.len() == 1 } else { view.hosts.len() >= MOST }));
    let choose = Callback::new(move |ticked: bool| {
        history.choose(|view| {
            view.hosts.retain(|known| *known != id);
            if ticked {
                view.hosts.push(id);
            }
        });
    });
    let text = Signal::derive(move || history.host_name(id));
    view! { <PickerItem text chosen locked choose test_id=format!("history-host-{id}")/> }
}

/// What is chosen, in a few words: English counts the others, Chinese all.
pub fn summary_text(locale: Locale, first: String, count: usize) -> String {
    match (count, locale) {
        (0 | 1, _) => first,
        (_, Locale::en) => td_string!(locale, history.pick.more, first = first, count = count - 1),
        (_, Locale::zh_CN) => td_string!(locale, history.pick.more, first = first, count = count),
    }
}
