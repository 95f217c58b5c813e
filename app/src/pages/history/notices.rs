//! What stands above the charts when they are not as they should be.

use super::address::Wrong;
use super::charts::Charts;
use super::state::history;
use crate::components::ErrorNotice;
use crate::i18n::{Locale, t, td_string, text, use_i18n};
use crate::live::use_live_feed;
use leptos::prelude::*;

/// A wrong address, unknown hosts, an error, or that there is nothing.
#[component]
pub fn Notices(charts: Charts) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let history = history();
    let loading = history.loading;
    let wrong = move || {
        let wrong = history.wrong.get();
        (!wrong.is_empty()).then(|| view! { <Notice test_id="history-wrong">{move || wrong_text(i18n.get_locale(), &wrong)}</Notice> })
    };
    let unknown = Memo::new(move |_| {
        let known = feed.host_ids.get();
        feed.known.get().then(|| history.view.with(|view| view.hosts.iter().copied().filter(|id| !known.contains(id)).collect::<Vec<_>>()))
    });
    let unknown_hosts = move || {
        let notice = |id| view! { <Notice test_id="history-unknown">{t!(i18n, history.state.unknown_host, id = id)}</Notice> };
        unknown.get().unwrap_or_default().into_iter().map(notice).collect_view()
    };
    let failed = move || {
        loading.failure.get().map(|error| {
            view! {
                <div class="history-failed">
                    <ErrorNotice error/>
                    <button type="button" class="button" on:click=move |_| loading.try_again()>{text!(i18n, common.data.try_again)}</button>
                </div>
            }
        })
    };
    let state = Memo::new(move |_| {
        let no_hosts = feed.known.get() && feed.host_ids.with(Vec::is_empty);
        let is_empty = charts.list.with(|list| list.iter().all(|chart| chart.entries.iter().all(|entry| entry.total.is_none())));
        match (no_hosts, loading.now.with(Option::is_some)) {
            (true, false) => Some(State::NoHosts),
            (false, false) => Some(State::Waiting).filter(|_| loading.failure.with(Option::is_none)),
            (_, true) => is_empty.then_some(State::Empty),
        }
    });
    let stated = move || {
        let text = match state.get()? {
            State::NoHosts => text!(i18n, history.state.no_hosts).into_any(),
            State::Waiting => text!(i18n, history.state.waiting).into_any(),
            State::Empty => view! { <b>{text!(i18n, history.state.empty)}</b>" "{text!(i18n, history.state.empty_hint)} }.into_any(),
        };
        Some(view! { <Notice test_id="history-state">{text}</Notice> })
    };
    view! { <div class="history-notices">{wrong}{unknown_hosts}{failed}{stated}</div> }
}

/// Why there are no lines.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    NoHosts,
    Empty,
}

#[component]
fn Notice(test_id: &'static str, children: Children) -> impl IntoView {
    view! { <div class="notice" role="status" data-testid=test_id><span class="notice-text">{children()}</span></div> }
}

fn wrong_text(locale: Locale, wrong: &[Wrong]) -> String {
    let part = |part: &Wrong| match part {
        Wrong::Hosts => td_string!(locale, history.state.wrong_hosts),
        Wrong::Series => td_string!(locale, history.state.wrong_series),
        Wrong::Range => td_string!(locale, history.state.wrong_range),
        Wrong::Compare => td_string!(locale, history.state.wrong_compare),
    };
    let parts: Vec<&str> = wrong.iter().map(part).collect();
    td_string!(locale, history.state.wrong, parts = parts.join(if locale == Locale::en { ", " } else { "、" }))
}
