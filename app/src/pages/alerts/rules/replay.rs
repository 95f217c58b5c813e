//! What the settings in the form would have done with the stored history.

use super::strip::Strip;
use crate::api::alerts::replay_rule;
use crate::components::Segment;
use crate::error::ApiError;
use crate::format;
use crate::forms::RuleForm;
use crate::i18n::{t, t_string, text, use_i18n};
use crate::live::use_live_feed;
use crate::moment;
use crate::pages::alerts::records::{series_of, time_text};
use crate::pages::alerts::scopes::host_name;
use crate::pages::history;
use crate::views::{Replay, ReplayFiring};
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::alert::AlertKind;
use protocol::host::Level;

/// Numbers of days that are offered.
const DAYS: [u32; 3] = [7, 30, 90];
/// Firings that are listed.
const LISTED: usize = 6;
/// What the link to a firing shows around it, in milliseconds.
const BEFORE_MS: i64 = 120_000;
const AFTER_MS: i64 = 180_000;

/// The question and its answer.
#[derive(Clone, Copy)]
pub struct Replayer {
    days: RwSignal<u32>,
    busy: RwSignal<bool>,
    found: RwSignal<Option<Replay>>,
    /// The settings have changed since.
    stale: RwSignal<bool>,
    form: Callback<(), RuleForm>,
    failed: Callback<ApiError>,
    /// Number of the last question: answers to older ones are dropped.
    turn: StoredValue<u32>,
}

impl Replayer {
    /// `form` reads what is typed, `failed` shows what is wrong with it.
    pub fn new(form: Callback<(), RuleForm>, failed: Callback<ApiError>) -> Self {
        let (busy, found, stale) = (RwSignal::new(false), RwSignal::new(None), RwSignal::new(false));
        Self { days: RwSignal::new(DAYS[1]), busy, found, stale, form, failed, turn: StoredValue::new(0) }
    }

    /// The answer is about other settings than those in the form.
    pub fn settings_have_changed(self) {
        if self.found.with_untracked(Option::is_some) {
            self.stale.set(true);
        }
    }

    fn run(self) {
        let Some(turn) = self.turn.try_update_value(|turn| {
            *turn += 1;
            *turn
        }) else {
            return;
        };
        let (form, days) = (self.form.run(()), self.days.get_untracked());
        self.busy.set(true);
        self.stale.set(false);
        spawn_local(async move {
            let answer = replay_rule(form, days).await;
            // The dialog may be closed, or another question have been asked.
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            self.busy.set(false);
            match answer {
                Ok(replay) => self.found.set(Some(replay)),
                Err(error) => {
                    self.found.set(None);
                    self.failed.run(error);
                }
            }
        });
    }
}

/// Choice of days, the button, and what was found.
#[component]
pub fn ReplayPanel(kind: AlertKind, replayer: Replayer) -> impl IntoView {
    let i18n = use_i18n();
    let Replayer { days, busy, found, stale, .. } = replayer;
    let segment = move |count: u32| {
        let chosen = Signal::derive(move || days.get() == count);
        let choose = move || {
            days.set(count);
            replayer.settings_have_changed();
        };
        view! { <Segment chosen choose test_id=format!("replay-days-{count}")>{t!(i18n, alerts.replay.days, count = count)}</Segment> }
    };
    let label = move || if busy.get() { t_string!(i18n, alerts.replay.running) } else { t_string!(i18n, alerts.replay.run) };
    view! {
        <section class="replay" data-testid="replay">
            <h3>{text!(i18n, alerts.replay.title)}</h3>
            <p class="field-hint">{text!(i18n, alerts.replay.text)}</p>
            <div class="replay-row">
                <div class="segments" role="group" aria-label=text!(i18n, alerts.replay.title)>{DAYS.map(segment).collect_view()}</div>
                <button type="button" class="button" data-testid="replay-run" disabled=move || busy.get() on:click=move |_| replayer.run()>{label}</button>
            </div>
            <div role="status">
                {move || found.get().map(|replay| view! { <Found kind replay/> })}
                <Show when=move || stale.get()><p class="field-hint">"◆ "{text!(i18n, alerts.replay.changed)}</p></Show>
            </div>
        </section>
    }
}

/// The number, how far it can be believed, and when.
#[component]
fn Found(kind: AlertKind, replay: Replay) -> impl IntoView {
    let i18n = use_i18n();
    let Replay { hosts, looked_at, step_ms, covered_ms, count, longest_ms, critical, .. } = replay;
    let time = move |milliseconds: i64| format::duration(Some((milliseconds / 1_000).max(0) as u64), i18n.get_locale());
    if covered_ms == 0 {
        return view! { <p class="notice" data-testid="replay-count" data-count="0">{text!(i18n, alerts.replay.nothing)}</p> }.into_any();
    }
    let summary = move || {
        if count == 0 {
            return t_string!(i18n, alerts.replay.never).to_owned();
        }
        let longest = t_string!(i18n, alerts.replay.longest, time = time(longest_ms));
        let times = t_string!(i18n, alerts.replay.count, count = count);
        format!("{times} · {longest} · ▲ {}", t_string!(i18n, alerts.replay.critical, count = critical))
    };
    let covered = move || {
        let step = moment::step_text(step_ms, i18n.get_locale());
        t_string!(i18n, alerts.replay.covered, time = time(covered_ms), step = step)
    };
    let partial = (looked_at < hosts).then(|| view! { <p class="notice notice-warning"><span class="notice-mark" aria-hidden="true">"◆"</span>{text!(i18n, alerts.replay.partial)}</p> });
    let listed: Vec<ReplayFiring> = replay.firings.iter().take(LISTED).cloned().collect();
    let older = (count as usize).saturating_sub(listed.len());
    let list = (!listed.is_empty()).then(|| {
        view! {
            <h4>{text!(i18n, alerts.replay.newest)}</h4>
            <ul class="replay-list">{listed.into_iter().map(|firing| view! { <Firing kind firing/> }).collect_view()}</ul>
            {(older > 0).then(|| view! { <p class="field-hint">{t!(i18n, alerts.replay.older, count = older)}</p> })}
        }
    });
    view! {
        <p class="replay-count"><b data-testid="replay-count" data-count=count.to_string()>{summary}</b></p>
        <p class="field-hint" data-testid="replay-coverage">{t!(i18n, alerts.replay.hosts, looked = looked_at, hosts = hosts)}" · "{covered}</p>
        {partial}
        <Strip replay/>
        {list}
    }
    .into_any()
}

/// One firing, with the way to its minutes.
#[component]
fn Firing(kind: AlertKind, firing: ReplayFiring) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let ReplayFiring { host_id, target, from_ms, to_ms, worst } = firing;
    let (mark, word) = if worst == Level::Critical { ("▲", "critical") } else { ("◆", "warning") };
    let href = history::link(host_id, series_of(kind, &target), from_ms - BEFORE_MS, from_ms + AFTER_MS);
    let lasted = move || match to_ms {
        Some(to_ms) => format::duration(Some(((to_ms - from_ms) / 1_000).max(0) as u64), i18n.get_locale()),
        None => t_string!(i18n, alerts.replay.still_open).to_owned(),
    };
    view! {
        <li class="replay-firing">
            <span class="alert-level" data-level=word aria-hidden="true">{mark}</span>
            <a href=href>{time_text(from_ms)}</a>
            <span>{move || host_name(feed, host_id)}" "{target}</span>
            <span class="secondary">{lasted}</span>
        </li>
    }
}
