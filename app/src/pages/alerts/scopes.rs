//! For whom rules and windows hold: the choice, and scopes as words.

use super::place::{read_scope, scope_text};
use crate::components::Segment;
use crate::i18n::{Locale, td_string, text, use_i18n};
use crate::live::{LiveFeed, use_live_feed};
use leptos::prelude::*;
use protocol::alert::RuleScope;
use protocol::host::HostId;
use std::collections::BTreeSet;

/// Kinds of scopes, from wide to special.
const SORTS: [&str; 4] = ["default", "group", "tag", "host"];

/// A scope in words: `Group web`.
pub fn scope_name(locale: Locale, scope: &RuleScope, host_name: impl Fn(HostId) -> String) -> String {
    match scope {
        RuleScope::Default => td_string!(locale, alerts.rules.all).to_owned(),
        RuleScope::Group(name) => td_string!(locale, alerts.rules.from_group, name = name.as_str()),
        RuleScope::Tag(name) => td_string!(locale, alerts.rules.from_tag, name = name.as_str()),
        RuleScope::Host(id) => td_string!(locale, alerts.rules.from_host, name = host_name(*id)),
    }
}

/// How a host is called; by its number when it is not known.
pub fn host_name(feed: LiveFeed, id: HostId) -> String {
    let name = feed.card(id).with(|card| card.name.clone());
    if name.is_empty() { format!("#{id}") } else { name }
}

/// What can be chosen in each sort: values of [`scope_text`] and names.
fn choices(feed: LiveFeed, sort: &str) -> Vec<(String, String)> {
    let ids = feed.host_ids.get();
    let named = |prefix: &str, names: BTreeSet<String>| names.into_iter().map(|name| (format!("{prefix}:{name}"), name)).collect();
    match sort {
        "group" => {
            named(sort, ids.iter().map(|id| feed.card(*id).with(|card| card.group.clone())).filter(|group| !group.is_empty()).collect())
        }
        "tag" => named(sort, ids.iter().flat_map(|id| feed.card(*id).with(|card| card.tags.clone())).collect()),
        "host" => ids.iter().map(|id| (scope_text(&RuleScope::Host(*id)), host_name(feed, *id))).collect(),
        _ => Vec::new(),
    }
}

fn sort_of(scope: &RuleScope) -> &'static str {
    match scope {
        RuleScope::Default => SORTS[0],
        RuleScope::Group(_) => SORTS[1],
        RuleScope::Tag(_) => SORTS[2],
        RuleScope::Host(_) => SORTS[3],
    }
}

/// Two boxes: the sort of scope, and which one.
#[component]
pub fn ScopePicker(
    #[prop(into)] scope: Signal<RuleScope>,
    choose: Callback<RuleScope>,
    /// Beginning of the ids and test ids.
    word: &'static str,
) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    // A sort of which nothing can be chosen yet.
    let empty = RwSignal::new(None::<&'static str>);
    let sort = Memo::new(move |_| empty.get().unwrap_or_else(|| scope.with(sort_of)));
    let offered = Memo::new(move |_| {
        let (sort, current) = (sort.get(), scope.with(scope_text));
        let mut offered = choices(feed, sort);
        // What is chosen stands here, too, when no host has it any more.
        if empty.get().is_none() && sort != SORTS[0] && !offered.iter().any(|(value, _)| *value == current) {
            let name = current.split_once(':').map_or_else(String::new, |(_, name)| name.to_owned());
            offered.push((current, name));
        }
        offered
    });
    let choose_sort = move |sort: &'static str| {
        let first =
            if sort == SORTS[0] { Some(RuleScope::Default) } else { choices(feed, sort).first().and_then(|(text, _)| read_scope(text)) };
        empty.set(first.is_none().then_some(sort));
        if let Some(first) = first {
            choose.run(first);
        }
    };
    let choose_one = move |text: String| {
        if let Some(scope) = read_scope(&text) {
            choose.run(scope);
        }
    };
    let label = move || match sort.get() {
        "group" => text!(i18n, alerts.rules.which_group).into_any(),
        "tag" => text!(i18n, alerts.rules.which_tag).into_any(),
        _ => text!(i18n, alerts.rules.which_host).into_any(),
    };
    let none = move || match sort.get() {
        "group" => text!(i18n, alerts.rules.no_groups).into_any(),
        _ => text!(i18n, alerts.rules.no_tags).into_any(),
    };
    let options = move || {
        let current = scope.with(scope_text);
        let option = |(value, name): (String, String)| {
            let chosen = value == current;
            view! { <option value=value selected=chosen>{name}</option> }
        };
        offered.get().into_iter().map(option).collect_view()
    };
    let segment = move |sort_word: &'static str| {
        let name = match sort_word {
            "default" => text!(i18n, alerts.rules.all).into_any(),
            "group" => text!(i18n, alerts.rules.group).into_any(),
            "tag" => text!(i18n, alerts.rules.tag).into_any(),
            _ => text!(i18n, alerts.rules.host).into_any(),
        };
        let chosen = Signal::derive(move || sort.get() == sort_word);
        view! { <Segment chosen choose=move || choose_sort(sort_word) test_id=format!("{word}-{sort_word}")>{name}</Segment> }
    };
    view! {
        <div class="scope-picker">
            <div class="field">
                <span class="field-label">{text!(i18n, alerts.rules.scope)}</span>
                <div class="segments" role="group" aria-label=text!(i18n, alerts.rules.scope)>{SORTS.map(segment).collect_view()}</div>
            </div>
            <Show when=move || sort.get() != SORTS[0]>
                <Show when=move || !offered.with(Vec::is_empty) fallback=move || view! { <p class="field-hint scope-none">{none}</p> }>
                    <div class="field">
                        <label class="field-label" for=format!("{word}-one")>{label}</label>
                        <select class="control" id=format!("{word}-one") data-testid=format!("{word}-one")
                            on:change:target=move |event| choose_one(event.target().value())>
                            {options}
                        </select>
                    </div>
                </Show>
            </Show>
        </div>
    }
}
