//! What messages are narrowed to.

use super::state::use_deliveries;
use crate::components::Segment;
use crate::i18n::{t_string, text, use_i18n};
use crate::pages::alerts::notify::state::use_notify;
use crate::texts::delivery_state_name;
use leptos::prelude::*;
use protocol::notify::DeliveryState;

/// Mark of a state, beside its word.
pub fn state_mark(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Waiting => "◷",
        DeliveryState::Delivered => "✓",
        DeliveryState::Dead => "▲",
    }
}

/// Word of a state in attributes.
pub fn state_word(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Waiting => "waiting",
        DeliveryState::Delivered => "delivered",
        DeliveryState::Dead => "dead",
    }
}

/// State and notifier.
#[component]
pub fn Filters() -> impl IntoView {
    view! { <div class="notify-filters"><StateFilter/><NotifierFilter/></div> }
}

#[component]
fn StateFilter() -> impl IntoView {
    let i18n = use_i18n();
    let state = use_deliveries();
    let segment = move |wanted: Option<DeliveryState>| {
        let name = move || match wanted {
            Some(wanted) => format!("{} {}", state_mark(wanted), delivery_state_name(i18n.get_locale(), wanted)),
            None => t_string!(i18n, notify.delivery.any).to_owned(),
        };
        let chosen = Memo::new(move |_| state.filter.with(|filter| filter.state == wanted));
        let word = wanted.map_or("any", state_word);
        view! { <Segment chosen choose=move || state.narrow(|filter| filter.state = wanted) test_id=format!("delivery-state-{word}")>{name}</Segment> }
    };
    view! {
        <div class="picker">
            <span class="picker-label">{text!(i18n, notify.delivery.state)}</span>
            <div class="segments" role="group" aria-label=text!(i18n, notify.delivery.state)>
                {[None, Some(DeliveryState::Waiting), Some(DeliveryState::Delivered), Some(DeliveryState::Dead)].map(segment).collect_view()}
            </div>
        </div>
    }
}

#[component]
fn NotifierFilter() -> impl IntoView {
    let i18n = use_i18n();
    let (state, notify) = (use_deliveries(), use_notify());
    let chosen = Memo::new(move |_| state.filter.with(|filter| filter.notifier_id));
    let offered = Memo::new(move |_| notify.offered());
    let options = move || {
        let chosen = chosen.get().map(|id| id.to_string());
        let option = |(id, name): (String, String)| {
            let is_chosen = chosen.as_ref() == Some(&id);
            view! { <option value=id selected=is_chosen>{name}</option> }
        };
        offered.get().into_iter().map(option).collect_view()
    };
    view! {
        <div class="picker">
            <label class="picker-label" for="delivery-notifier">{text!(i18n, notify.delivery.notifier)}</label>
            <select class="control" id="delivery-notifier" data-testid="delivery-notifier"
                on:change:target=move |event| {
                    let id = event.target().value().parse().ok();
                    state.narrow(|filter| filter.notifier_id = id);
                }>
                <option value="" selected=move || chosen.get().is_none()>{text!(i18n, notify.delivery.all_notifiers)}</option>
                {options}
            </select>
        </div>
    }
}
