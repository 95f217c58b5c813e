//! One message to one notifier.

use super::filters::{state_mark, state_word};
use super::state::use_deliveries;
use super::table::COLUMNS;
use crate::components::use_may;
use crate::i18n::{t_string, text, use_i18n};
use crate::pages::alerts::notify::attempt::AttemptLine;
use crate::pages::alerts::records::time_text;
use crate::texts::{delivery_state_name, notifier_kind_name};
use crate::views::Role;
use leptos::prelude::*;
use protocol::notify::{DeliveryId, DeliveryState, DeliveryView};

/// Its row, and its attempts below it.
#[component]
pub fn DeliveryRow(id: DeliveryId) -> impl IntoView {
    let i18n = use_i18n();
    let state = use_deliveries();
    let may = use_may(Role::Operator);
    let delivery = Memo::new(move |_| state.shown.with(|shown| shown.iter().flatten().find(|delivery| delivery.id == id).cloned()));
    let read = move |part: fn(&DeliveryView) -> String| move || delivery.with(|delivery| delivery.as_ref().map(part)).unwrap_or_default();
    let where_it_is =
        Memo::new(move |_| delivery.with(|delivery| delivery.as_ref().map_or(DeliveryState::Waiting, |delivery| delivery.state)));
    let attempts =
        Memo::new(move |_| delivery.with(|delivery| delivery.as_ref().map(|delivery| delivery.attempts.clone())).unwrap_or_default());
    let next = move || {
        let at_ms = delivery.with(|delivery| delivery.as_ref()?.next_at_ms)?;
        Some(t_string!(i18n, notify.delivery.next, time = time_text(at_ms)))
    };
    let kind = move || delivery.with(|delivery| delivery.as_ref().map(|delivery| notifier_kind_name(i18n.get_locale(), delivery.kind)));
    let spoken = move || (read(|delivery| delivery.subject.clone())(), read(|delivery| delivery.notifier_name.clone())());
    let details_label = move || {
        let (subject, name) = spoken();
        t_string!(i18n, notify.delivery.details_of, subject = subject, name = name)
    };
    let resend_label = move || {
        let (subject, name) = spoken();
        t_string!(i18n, notify.delivery.resend_of, subject = subject, name = name)
    };
    let expanded = Memo::new(move |_| state.opened.with(|opened| opened.contains(&id)));
    let toggle = move |_| {
        state.opened.update(|opened| {
            if !opened.remove(&id) {
                opened.insert(id);
            }
        });
    };
    let tried = Memo::new(move |_| !attempts.with(Vec::is_empty));
    view! {
        <tr data-testid="delivery-row" data-id=id.to_string() data-state=move || state_word(where_it_is.get())>
            <td data-label=text!(i18n, notify.delivery.state)>
                <span class="host-name-cell">
                    <span class="nowrap delivery-state" data-state=move || state_word(where_it_is.get())>
                        <span aria-hidden="true">{move || state_mark(where_it_is.get())}</span>" "
                        {move || delivery_state_name(i18n.get_locale(), where_it_is.get())}
                    </span>
                    <span class="host-note">{next}</span>
                </span>
            </td>
            <td data-label=text!(i18n, notify.delivery.created)>
                <span class="nowrap">{read(|delivery| time_text(delivery.created_at_ms))}</span>
            </td>
            <td data-label=text!(i18n, notify.delivery.subject)>
                <span class="delivery-subject">{read(|delivery| delivery.subject.clone())}</span>
            </td>
            <td data-label=text!(i18n, notify.delivery.notifier)>
                <span class="host-name-cell"><span>{read(|delivery| delivery.notifier_name.clone())}</span><span class="host-note">{kind}</span></span>
            </td>
            <td data-label=text!(i18n, notify.delivery.attempts)>
                <Show when=move || tried.get() fallback=move || view! { <span class="secondary">{text!(i18n, notify.delivery.no_attempt)}</span> }>
                    <button type="button" class="button button-quiet button-small" data-testid="delivery-details"
                        aria-expanded=move || expanded.get().to_string() aria-label=details_label on:click=toggle>
                        {move || attempts.with(Vec::len)}" · "{text!(i18n, notify.delivery.details)}
                        <span class="alert-chevron" aria-hidden="true">{move || if expanded.get() { "▴" } else { "▾" }}</span>
                    </button>
                </Show>
            </td>
            <td>
                <Show when=move || may.get() && where_it_is.get() != DeliveryState::Waiting>
                    <span class="table-actions">
                        <button type="button" class="button button-quiet button-small" data-testid="delivery-resend" aria-label=resend_label
                            on:click=move |_| state.resend(id)>{text!(i18n, notify.delivery.resend)}</button>
                    </span>
                </Show>
            </td>
        </tr>
        <Show when=move || expanded.get() && tried.get()>
            <tr class="notify-below">
                <td colspan=COLUMNS>
                    <ol class="delivery-attempts" data-testid="delivery-attempts">
                        {move || attempts.get().into_iter().map(|attempt| view! { <li><AttemptLine attempt/></li> }).collect_view()}
                    </ol>
                </td>
            </tr>
        </Show>
    }
}
