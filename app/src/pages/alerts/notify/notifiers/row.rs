//! One notifier.

use super::test::TestAnswer;
use crate::api::notify::test_notifier;
use crate::components::use_may;
use crate::i18n::{Locale, t_string, td_string, text, use_i18n};
use crate::pages::alerts::notify::attempt::AttemptLine;
use crate::pages::alerts::notify::state::{NotifyDialog, Test, use_notify};
use crate::texts::notifier_kind_name;
use crate::views::Role;
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::notify::{Language, NotifierId};

/// A language by its own name.
pub fn language_name(locale: Locale, language: Language) -> &'static str {
    match language {
        Language::Chinese => td_string!(locale, notify.language.chinese),
        Language::English => td_string!(locale, notify.language.english),
    }
}

/// Its row, and below it what a test came to.
#[component]
pub fn NotifierRow(id: NotifierId) -> impl IntoView {
    let i18n = use_i18n();
    let state = use_notify();
    let may = use_may(Role::Admin);
    let notifier = Memo::new(move |_| {
        state.notifiers.data.with(|all| all.iter().flatten().find(|notifier| notifier.id == id).cloned().unwrap_or_default())
    });
    let name = Memo::new(move |_| notifier.with(|notifier| notifier.name.clone()));
    let enabled = Memo::new(move |_| notifier.with(|notifier| notifier.enabled));
    let kind = Memo::new(move |_| notifier.with(|notifier| notifier.kind));
    let last = Memo::new(move |_| notifier.with(|notifier| notifier.last.clone()));
    let testing = Memo::new(move |_| state.tests.with(|tests| tests.get(&id) == Some(&Test::Running)));
    let test = move |_| {
        state.tests.update(|tests| drop(tests.insert(id, Test::Running)));
        spawn_local(async move {
            let answer = test_notifier(id).await;
            // The tab may be gone by now.
            state.spoken.try_set(answer.as_ref().ok().cloned());
            state.tests.try_update(|tests| tests.insert(id, Test::Done(answer)));
        });
    };
    let test_label = move || if testing.get() { t_string!(i18n, notify.notifier.testing) } else { t_string!(i18n, notify.notifier.test) };
    let language = move || notifier.with(|notifier| language_name(i18n.get_locale(), notifier.language));
    view! {
        <tr data-testid="notifier-row" data-id=id.to_string() data-kind=move || kind.get().name() data-enabled=move || enabled.get().to_string()>
            <td data-label=text!(i18n, notify.field.name)>
                <span class="host-name-cell">
                    <b>{name}</b>
                    <Show when=move || !enabled.get()>
                        <span class="host-note"><span aria-hidden="true">"○ "</span>{text!(i18n, notify.notifier.off)}</span>
                    </Show>
                </span>
            </td>
            <td data-label=text!(i18n, notify.notifier.column_kind)>{move || notifier_kind_name(i18n.get_locale(), kind.get())}</td>
            <td data-label=text!(i18n, notify.field.language)>
                <span class="host-name-cell">
                    <span>{language}</span>
                    <span class="host-note">{move || notifier.with(|notifier| notifier.time_zone.clone())}</span>
                </span>
            </td>
            <td data-label=text!(i18n, notify.notifier.last)>
                {move || match last.get() {
                    Some(attempt) => view! { <AttemptLine attempt/> }.into_any(),
                    None => view! { <span class="secondary">{text!(i18n, notify.notifier.never)}</span> }.into_any(),
                }}
            </td>
            <td>
                <Show when=move || may.get()>
                    <span class="table-actions">
                        <button type="button" class="button button-small" data-testid="notifier-test" disabled=testing
                            aria-label=move || t_string!(i18n, notify.notifier.test_of, name = name.get()) on:click=test>{test_label}</button>
                        <button type="button" class="button button-quiet button-small" data-testid="notifier-edit"
                            aria-label=move || t_string!(i18n, notify.notifier.edit_of, name = name.get())
                            on:click=move |_| state.dialog.set(NotifyDialog::Notifier(Box::new(notifier.get_untracked())))>
                            {text!(i18n, notify.notifier.edit)}
                        </button>
                        <button type="button" class="button button-quiet button-small" data-testid="notifier-delete"
                            aria-label=move || t_string!(i18n, notify.notifier.delete_of, name = name.get())
                            on:click=move |_| state.dialog.set(NotifyDialog::DeleteNotifier(id, name.get_untracked()))>
                            {text!(i18n, notify.notifier.delete)}
                        </button>
                    </span>
                </Show>
            </td>
        </tr>
        <TestAnswer id name/>
    }
}
