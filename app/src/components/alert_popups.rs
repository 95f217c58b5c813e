//! Pop-ups of new, raised and ended alerts, above every page.

use crate::browser;
use crate::format;
use crate::i18n::{t, t_string, text, use_i18n};
use crate::live::{Popup, Popups, use_live_feed};
use crate::texts::{spoken_text, turn_text};
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use protocol::live::Topic;

/// How often pop-ups that are due are looked for, in milliseconds.
#[cfg(feature = "hydrate")]
const LOOK_EVERY_MS: u32 = 500;

/// How long pop-ups stay at least after a hand or the focus has left them, in milliseconds.
#[cfg(feature = "hydrate")]
const AFTER_READING_MS: i64 = 4_000;

/// The pop-ups; nothing before the login.
#[component]
pub fn AlertPopups() -> impl IntoView {
    let path = use_location().pathname;
    let inside = Memo::new(move |_| path.with(|path| path != "/login" && path != "/setup"));
    view! { <Show when=move || inside.get()><Stack/></Show> }
}

/// The stack at the top right, below the page's header.
#[component]
fn Stack() -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    feed.subscribe(Topic::Overview);
    let popups = feed.popups;
    expire_by_time(popups);
    let shown = Memo::new(move |_| popups.with(|popups| popups.shown().to_vec()));
    let more = Memo::new(move |_| popups.with(Popups::more));
    let pressed = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            if let Some(number) = popups.with_untracked(|popups| popups.newest().map(|popup| popup.number)) {
                close(popups, number);
            }
        }
    };
    view! {
        <Announcer/>
        <section class="popups" aria-label=text!(i18n, alerts.popup.region) on:keydown=pressed>
            <For each=move || shown.get() key=|popup| popup.number let:popup><Card popup/></For>
            <Show when=move || { shown.with(Vec::len) > 1 }>
                <div class="popups-foot">
                    <Show when=move || { more.get() > 0 }>
                        <a href="/alerts" class="popups-more" data-testid="popups-more">{t!(i18n, alerts.popup.more, count = move || more.get())}</a>
                    </Show>
                    <button type="button" class="button button-small" data-testid="popups-close-all"
                        on:click=move |_| popups.update(Popups::close_all)>{text!(i18n, alerts.popup.close_all)}</button>
                </div>
            </Show>
        </section>
    }
}

/// Closes one for somebody who works with the keyboard: the focus goes to the next.
fn close(popups: RwSignal<Popups>, number: u64) {
    popups.update(|popups| popups.close(number));
    browser::focus_first(".popups .popup-close");
}

#[cfg(feature = "hydrate")]
fn expire_by_time(popups: RwSignal<Popups>) {
    use send_wrapper::SendWrapper;
    let look = move || {
        // Nothing closes under somebody's hand or while the keyboard is in it. Asked, not listened to: what has gone does not say so.
        let is_held = document().query_selector(".popups:hover, .popups:focus-within").ok().flatten().is_some();
        let (mut left, now_ms) = (popups.get_untracked(), browser::now_ms());
        if is_held {
            left.prolong(now_ms + AFTER_READING_MS)
        } else {
            left.expire(now_ms)
        }
        if popups.with_untracked(|known| *known != left) {
            popups.set(left);
        }
    };
    // Only where there are some: a page without alerts does nothing.
    let is_empty = Memo::new(move |_| popups.with(Popups::is_empty));
    Effect::new(move |_| {
        if !is_empty.get() {
            let interval = SendWrapper::new(gloo_timers::callback::Interval::new(LOOK_EVERY_MS, look));
            on_cleanup(move || drop(interval.take()));
        }
    });
}

#[cfg(not(feature = "hydrate"))]
fn expire_by_time(_popups: RwSignal<Popups>) {}

/// One pop-up. All of it leads to the alert's record.
#[component]
fn Card(popup: Popup) -> impl IntoView {
    let i18n = use_i18n();
    let popups = use_live_feed().popups;
    let (number, word, alert) = (popup.number, popup.word(), popup.alert);
    let mark = match word {
        "critical" => "▲",
        "warning" => "◆",
        _ => "✓",
    };
    let at_ms = crate::live::moment(&alert);
    let time = format::clock(at_ms, browser::offset_minutes(at_ms));
    let level = move || match word {
        "critical" => t_string!(i18n, alerts.level.critical),
        "warning" => t_string!(i18n, alerts.level.warning),
        _ => t_string!(i18n, alerts.level.resolved),
    };
    let (host, id, kind, name) = (alert.host_id, alert.id, alert.kind.name(), alert.host_name.clone());
    let alert = StoredValue::new(alert);
    let text = move || alert.with_value(|alert| turn_text(i18n.get_locale(), alert));
    // A press of the keyboard is a click without a button.
    let by_click = move |event: MouseEvent| {
        if event.detail() == 0 {
            close(popups, number);
        } else {
            popups.update(|popups| popups.close(number));
        }
    };
    view! {
        <article class="popup" data-testid="popup" data-level=word data-host=host.to_string() data-kind=kind>
            <span class="popup-mark" aria-hidden="true">{mark}</span>
            <div class="popup-body">
                <span class="popup-head"><b class="popup-level">{level}</b><time class="popup-time">{time}</time></span>
                <a class="popup-link" href=format!("/alerts?id={id}")><b>{name}</b>" "<span data-testid="popup-text">{text}</span></a>
            </div>
            <button type="button" class="popup-close" data-testid="popup-close"
                aria-label=move || t_string!(i18n, alerts.popup.close, text = text())
                on:click=by_click>"×"</button>
        </article>
    }
}

/// Says the newest pop-up in words to those who do not see it. What is critical interrupts.
#[component]
fn Announcer() -> impl IntoView {
    let i18n = use_i18n();
    let popups = use_live_feed().popups;
    let newest = Memo::new(move |_| {
        popups.with(|popups| popups.newest().map(|popup| (popup.is_critical(), popup.turn, popup.alert.clone(), popups.more())))
    });
    let text = move |critical: bool| {
        newest.with(|newest| {
            let (_, turn, alert, more) = newest.as_ref().filter(|(is_critical, ..)| *is_critical == critical)?;
            Some(spoken_text(i18n.get_locale(), *turn, alert, *more))
        })
    };
    view! {
        <div class="visually-hidden" role="status" data-testid="popup-status">{move || text(false)}</div>
        <div class="visually-hidden" role="alert" data-testid="popup-alert">{move || text(true)}</div>
    }
}
