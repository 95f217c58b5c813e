//! Hosts that are reached through others.

use super::fields::ErrorOf;
use crate::api::alerts::{list_behind, save_behind};
use crate::components::{DataView, ErrorNotice, FormErrors, use_may};
use crate::error::{ApiError, Field};
use crate::fetched::fetched;
use crate::i18n::{t_string, text, use_i18n};
use crate::live::use_live_feed;
use crate::pages::alerts::scopes::host_name;
use crate::views::Role;
use leptos::prelude::*;
use protocol::host::HostId;

/// What is sent: a host, and through which it is reached.
type Save = Action<(HostId, Option<HostId>), Result<(), ApiError>>;

/// The list and, for administrators, its form.
#[component]
pub fn BehindPanel() -> impl IntoView {
    let i18n = use_i18n();
    let may = use_may(Role::Admin);
    let errors = FormErrors::new();
    let known = fetched(|| (), |()| list_behind());
    let save: Save = Action::new(move |&(id, behind): &(HostId, Option<HostId>)| save_behind(id, behind));
    Effect::new(move || match save.value().get() {
        Some(Ok(())) => {
            errors.set(None);
            known.refetch();
        }
        Some(Err(error)) => errors.set(Some(error)),
        None => {}
    });
    let none = ViewFn::from(move || view! { <p class="data-loading">{text!(i18n, alerts.behind.none)}</p> });
    view! {
        <section class="panel behind" data-testid="behind">
            <div class="alerts-panel-head">
                <div>
                    <h2>{text!(i18n, alerts.behind.title)}</h2>
                    <p class="secondary">{text!(i18n, alerts.behind.text)}</p>
                </div>
            </div>
            <DataView resource=known empty_when=Vec::is_empty empty=none let:pairs><BehindTable pairs save/></DataView>
            <Show when=move || may.get() fallback=move || view! { <p class="secondary behind-form">{text!(i18n, alerts.behind.read_only)}</p> }>
                <BehindForm save/>
                <div class="behind-form">
                    <ErrorOf field=Field::Behind errors/>
                    {move || errors.general().map(|error| view! { <ErrorNotice error/> })}
                </div>
            </Show>
        </section>
    }
}

#[component]
fn BehindTable(pairs: Vec<(HostId, HostId)>, save: Save) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let may = use_may(Role::Admin);
    let row = move |(id, behind): (HostId, HostId)| {
        view! {
            <tr data-testid="behind-row" data-host=id.to_string() data-behind=behind.to_string()>
                <td data-label=text!(i18n, alerts.behind.host)><b>{move || host_name(feed, id)}</b></td>
                <td data-label=text!(i18n, alerts.behind.through)>{move || host_name(feed, behind)}</td>
                <td>
                    <Show when=move || may.get()>
                        <span class="table-actions">
                            <button type="button" class="button button-quiet button-small" data-testid="behind-remove"
                                aria-label=move || t_string!(i18n, alerts.behind.remove_of, name = host_name(feed, id))
                                on:click=move |_| { save.dispatch((id, None)); }>{text!(i18n, alerts.behind.remove)}</button>
                        </span>
                    </Show>
                </td>
            </tr>
        }
    };
    view! {
        <div class="table-wrap">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{text!(i18n, alerts.behind.host)}</th>
                        <th scope="col">{text!(i18n, alerts.behind.through)}</th>
                        <th scope="col"><span class="visually-hidden">{text!(i18n, alerts.rules.action)}</span></th>
                    </tr>
                </thead>
                <tbody>{pairs.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// Two hosts and a button.
#[component]
fn BehindForm(save: Save) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let chosen = [RwSignal::new(None::<HostId>), RwSignal::new(None::<HostId>)];
    let choice = move |place: usize, word: &'static str| {
        let option = move |id: HostId| {
            view! { <option value=id.to_string() selected=move || chosen[place].get() == Some(id)>{move || host_name(feed, id)}</option> }
        };
        view! {
            <select class="control" id=format!("behind-{word}") data-testid=format!("behind-{word}")
                on:change:target=move |event| chosen[place].set(event.target().value().parse().ok())>
                <option value="" selected=move || chosen[place].get().is_none()>"–"</option>
                {move || feed.host_ids.get().into_iter().map(option).collect_view()}
            </select>
        }
    };
    let both = move || chosen[0].get().zip(chosen[1].get());
    let add = move |_| {
        if let Some((id, behind)) = both() {
            save.dispatch((id, Some(behind)));
        }
    };
    view! {
        <div class="behind-form behind-row">
            <div class="field"><label class="field-label" for="behind-host">{text!(i18n, alerts.behind.host)}</label>{choice(0, "host")}</div>
            <div class="field"><label class="field-label" for="behind-through">{text!(i18n, alerts.behind.through)}</label>{choice(1, "through")}</div>
            <button type="button" class="button" data-testid="behind-add" disabled=move || both().is_none() || save.pending().get() on:click=add>
                {text!(i18n, alerts.behind.add)}
            </button>
        </div>
    }
}
