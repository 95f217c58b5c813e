//! A critical alert takes the screen for a while: below the header, so that clock and lamp stay. Then its pop-up remains.

use crate::api::alerts::act_on_alerts;
use crate::browser;
use crate::components::use_may;
use crate::format;
use crate::i18n::{t, text, use_i18n};
use crate::live::{Popup, use_live_feed};
use crate::texts::{alert_name, condition_text};
use crate::views::{AlertAct, Role};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::alert::AlertId;
use std::time::Duration;

/// How long it stays.
const STAYS: Duration = Duration::from_secs(15);

/// What is shown.
#[derive(Clone, Debug, PartialEq)]
struct Shown {
    popup: Popup,
    /// Further critical alerts that came with it.
    more: usize,
}

/// The banner; nothing until a critical alert fires.
#[component]
pub fn Takeover() -> impl IntoView {
    let feed = use_live_feed();
    let shown = RwSignal::new(None::<Shown>);
    // Number of the newest pop-up that has been looked at: those from before the wall was opened take nothing over.
    let seen = StoredValue::new(feed.popups.with_untracked(|popups| popups.newest().map_or(0, |popup| popup.number)));
    Effect::new(move |_| {
        let fresh: Vec<Popup> = feed.popups.with(|popups| {
            let is_fresh = |popup: &&Popup| popup.number > seen.get_value() && popup.is_critical();
            popups.shown().iter().filter(is_fresh).cloned().collect()
        });
        let still = shown.with_untracked(|shown| shown.as_ref().map(|shown| shown.popup.number));
        // What has been closed or has ended gives the screen back.
        if let Some(number) = still
            && !feed.popups.with(|popups| popups.shown().iter().any(|popup| popup.number == number))
        {
            shown.set(None);
        }
        let Some(popup) = fresh.first().cloned() else { return };
        let number = popup.number;
        seen.set_value(number);
        let more = fresh.len() - 1 + feed.popups.with(|popups| popups.more());
        shown.set(Some(Shown { popup, more }));
        set_timeout(
            move || {
                // After the wall has been left there is nothing to give back.
                if shown.try_get_untracked().flatten().is_some_and(|shown| shown.popup.number == number) {
                    shown.set(None);
                }
            },
            STAYS,
        );
    });
    let listener = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" && shown.with_untracked(Option::is_some) {
            shown.set(None);
        }
    });
    on_cleanup(move || listener.remove());
    move || shown.get().map(|now| view! { <Banner now shown/> })
}

#[component]
fn Banner(now: Shown, shown: RwSignal<Option<Shown>>) -> impl IntoView {
    let i18n = use_i18n();
    let may = use_may(Role::Operator);
    let (id, more) = (now.popup.alert.id, now.more);
    let at_ms = crate::live::moment(&now.popup.alert);
    let time = format::clock(at_ms, browser::offset_minutes(at_ms));
    let (host, condition) = (now.popup.alert.host_name.clone(), condition_text(&now.popup.alert));
    let alert = StoredValue::new(now.popup.alert);
    let name = move || alert.with_value(|alert| alert_name(i18n.get_locale(), alert));
    view! {
        // It is read out by the pop-ups' own region.
        <section class="takeover" data-testid="takeover">
            <span class="takeover-mark" aria-hidden="true">"▲"</span>
            <div class="takeover-body">
                <span class="takeover-title">{text!(i18n, alerts.takeover.title)}" · "<time>{time}</time></span>
                <span class="takeover-what"><b>{host}</b>" "{name}" "<b class="takeover-value">{condition}</b></span>
                {(more > 0).then(|| view! { <span class="takeover-more">{t!(i18n, alerts.takeover.more, count = more)}</span> })}
            </div>
            <div class="takeover-actions">
                <Show when=move || may.get()>
                    <button type="button" class="button" data-testid="takeover-acknowledge" on:click=move |_| acknowledge(id, shown)>
                        {text!(i18n, alerts.takeover.acknowledge)}
                    </button>
                </Show>
                <a class="button" href=format!("/alerts?id={id}")>{text!(i18n, alerts.takeover.details)}</a>
                <button type="button" class="button" data-testid="takeover-close" on:click=move |_| shown.set(None)>
                    {text!(i18n, alerts.takeover.close)}
                </button>
            </div>
        </section>
    }
}

/// Says that somebody sees to it. A failure leaves the banner: its time runs on.
fn acknowledge(id: AlertId, shown: RwSignal<Option<Shown>>) {
    spawn_local(async move {
        if act_on_alerts(vec![id], AlertAct::Acknowledge { note: String::new() }).await.is_ok() {
            shown.try_set(None);
        }
    });
}
