//! The fields of a route.

use super::time::TimeFields;
use super::values::{LEVELS, Values};
use crate::i18n::{t_string, text, use_i18n};
use crate::live::use_live_feed;
use crate::pages::alerts::notify::entries::{Fold, Line, Tick};
use crate::pages::alerts::notify::state::use_notify;
use crate::pages::alerts::notify::ticks::Ticks;
use crate::pages::alerts::notify::wrong::Wrong;
use crate::pages::alerts::place::level_word;
use crate::pages::alerts::scopes::host_name;
use crate::texts::{alert_kind_name, level_name};
use leptos::prelude::*;
use protocol::alert::AlertKind;
use protocol::host::Level;
use std::collections::BTreeSet;

/// Words that are their own names.
fn as_they_are(words: BTreeSet<String>) -> Vec<(String, String)> {
    words.into_iter().map(|word| (word.clone(), word)).collect()
}

/// Which alerts the route is for.
#[component]
pub fn Which(values: Values, wrong: Wrong) -> impl IntoView {
    let i18n = use_i18n();
    let levels = Signal::derive(move || {
        let mark = |level| if level == Level::Critical { "▲" } else { "◆" };
        let name = |level: Level| (level_word(level).to_owned(), format!("{} {}", mark(level), level_name(i18n.get_locale(), level)));
        LEVELS.map(name).to_vec()
    });
    view! {
        <fieldset class="form-group">
            <legend class="notify-part">{text!(i18n, notify.route.which)}</legend>
            <p class="field-hint">{text!(i18n, notify.route.which_hint)}</p>
            <Ticks wrong field="levels" label=text!(i18n, notify.route.levels) offered=levels chosen=values.levels/>
            <Narrower values wrong/>
            <TimeFields values wrong/>
        </fieldset>
    }
}

/// Groups, tags, kinds and hosts, each in a fold: most routes name one of them.
#[component]
fn Narrower(values: Values, wrong: Wrong) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let groups = Signal::derive(move || {
        let all = feed.host_ids.get().into_iter().map(|id| feed.card(id).with(|card| card.group.clone()));
        as_they_are(all.filter(|group| !group.is_empty()).collect())
    });
    let tags = Signal::derive(move || {
        as_they_are(feed.host_ids.get().into_iter().flat_map(|id| feed.card(id).with(|card| card.tags.clone())).collect())
    });
    let kinds = Signal::derive(move || {
        AlertKind::ALL.iter().map(|kind| (kind.name().to_owned(), alert_kind_name(i18n.get_locale(), *kind).to_owned())).collect::<Vec<_>>()
    });
    let hosts = Signal::derive(move || feed.host_ids.get().into_iter().map(|id| (id.to_string(), host_name(feed, id))).collect::<Vec<_>>());
    let counted = move |name: &'static str, chosen: RwSignal<Vec<String>>| match chosen.with(Vec::len) {
        0 => name.to_owned(),
        count => format!("{name} ({count})"),
    };
    view! {
        <Fold wrong fields=vec!["groups"] title=move || counted(t_string!(i18n, notify.route.groups), values.groups) test_id="route-fold-groups">
            <Ticks wrong field="groups" labelled=true label=text!(i18n, notify.route.groups) offered=groups chosen=values.groups/>
        </Fold>
        <Fold wrong fields=vec!["tags"] title=move || counted(t_string!(i18n, notify.route.tags), values.tags) test_id="route-fold-tags">
            <Ticks wrong field="tags" labelled=true label=text!(i18n, notify.route.tags) offered=tags chosen=values.tags/>
        </Fold>
        <Fold wrong fields=vec!["kinds"] title=move || counted(t_string!(i18n, notify.route.kinds), values.kinds) test_id="route-fold-kinds">
            <Ticks wrong field="kinds" labelled=true label=text!(i18n, notify.route.kinds) offered=kinds chosen=values.kinds/>
        </Fold>
        <Fold wrong fields=vec!["hosts"] title=move || counted(t_string!(i18n, notify.route.hosts), values.hosts) test_id="route-fold-hosts">
            <Ticks wrong field="hosts" labelled=true label=text!(i18n, notify.route.hosts) offered=hosts chosen=values.hosts/>
        </Fold>
    }
}

/// Who is told, how often, and who next.
#[component]
pub fn Whom(values: Values, wrong: Wrong) -> impl IntoView {
    let i18n = use_i18n();
    let state = use_notify();
    let offered = Signal::derive(move || state.offered());
    view! {
        <fieldset class="form-group">
            <legend class="notify-part">{text!(i18n, notify.route.whom)}</legend>
            <Ticks wrong field="notifiers" label=move || t_string!(i18n, notify.route.notifiers) offered chosen=values.notifiers
                none=text!(i18n, notify.route.no_notifiers)/>
            <Tick wrong field="tell_resolved" value=values.tell_resolved label=text!(i18n, notify.route.tell_resolved)/>
            <Fold wrong fields=vec!["repeat_every_min", "escalate_after_min", "escalate_to"] title=text!(i18n, notify.route.again)
                test_id="route-again">
                <Line wrong field="repeat_every_min" value=values.repeat label=text!(i18n, notify.route.repeat)
                    hint=text!(i18n, notify.route.repeat_hint) unit=text!(i18n, notify.route.minutes) inputmode="numeric"/>
                <Line wrong field="escalate_after_min" value=values.escalate label=text!(i18n, notify.route.escalate)
                    hint=text!(i18n, notify.route.escalate_hint) unit=text!(i18n, notify.route.minutes) inputmode="numeric"/>
                <Ticks wrong field="escalate_to" label=move || t_string!(i18n, notify.route.escalate_to) offered chosen=values.escalate_to
                    none=text!(i18n, notify.route.no_notifiers)/>
            </Fold>
            <Tick wrong field="stop" value=values.stop label=text!(i18n, notify.route.stop) hint=text!(i18n, notify.route.stop_hint)/>
        </fieldset>
    }
}
