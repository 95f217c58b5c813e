//! The list of notifiers.

use super::row::NotifierRow;
use super::test::SpokenTest;
use crate::components::use_may;
use crate::i18n::{text, use_i18n};
use crate::pages::alerts::notify::asked::AskedView;
use crate::pages::alerts::notify::state::{NotifyDialog, use_notify};
use crate::views::Role;
use leptos::prelude::*;
use protocol::notify::NotifierId;

/// All notifiers, and the button that adds one.
#[component]
pub fn Notifiers() -> impl IntoView {
    let i18n = use_i18n();
    let state = use_notify();
    let may = use_may(Role::Admin);
    let again = Callback::new(move |()| state.ask_notifiers());
    view! {
        <section class="panel" data-testid="notifiers">
            <div class="alerts-panel-head">
                <div>
                    <h2>{text!(i18n, notify.notifier.title)}</h2>
                    <p class="secondary">{text!(i18n, notify.notifier.intro)}</p>
                </div>
                <Show when=move || may.get() fallback=move || view! { <p class="secondary">{text!(i18n, notify.notifier.read_only)}</p> }>
                    <button type="button" class="button button-main" data-testid="notifier-add"
                        on:click=move |_| state.dialog.set(NotifyDialog::KindChoice)>
                        <span aria-hidden="true">"+"</span>
                        {text!(i18n, notify.notifier.add)}
                    </button>
                </Show>
            </div>
            <AskedView asked=state.notifiers again><Table/></AskedView>
            <SpokenTest/>
        </section>
    }
}

#[component]
fn Table() -> impl IntoView {
    let i18n = use_i18n();
    let state = use_notify();
    let ids = Memo::new(move |_| state.notifiers.data.with(|all| all.iter().flatten().map(|view| view.id).collect::<Vec<NotifierId>>()));
    let none = move || view! { <p class="data-loading" data-testid="notifier-none">{text!(i18n, notify.notifier.none)}</p> };
    view! {
        <Show when=move || !ids.with(Vec::is_empty) fallback=none>
            <div class="table-wrap">
                <table class="table notifiers-table">
                    <thead>
                        <tr>
                            <th scope="col">{text!(i18n, notify.field.name)}</th>
                            <th scope="col">{text!(i18n, notify.notifier.column_kind)}</th>
                            <th scope="col">{text!(i18n, notify.field.language)}</th>
                            <th scope="col">{text!(i18n, notify.notifier.last)}</th>
                            <th scope="col"><span class="visually-hidden">{text!(i18n, alerts.rules.action)}</span></th>
                        </tr>
                    </thead>
                    <tbody><For each=move || ids.get() key=|id| *id let:id><NotifierRow id/></For></tbody>
                </table>
            </div>
        </Show>
    }
}
