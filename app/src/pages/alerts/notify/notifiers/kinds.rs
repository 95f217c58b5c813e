//! The first question about a new notifier: by what it sends.

use crate::browser;
use crate::components::DialogHead;
use crate::i18n::{Locale, text, use_i18n};
use crate::pages::alerts::notify::HEADING;
use crate::pages::alerts::notify::state::{NotifyDialog, use_notify};
use crate::texts::notifier_kind_name;
use leptos::prelude::*;
use protocol::notify::{Language, NotifierKind, NotifierView};

/// A new notifier of a kind, in the language and the time zone of whoever adds it.
fn blank(kind: NotifierKind, locale: Locale) -> NotifierView {
    let language = if locale == Locale::zh_CN { Language::Chinese } else { Language::English };
    NotifierView { kind, enabled: true, language, time_zone: browser::time_zone(), ..NotifierView::default() }
}

/// A button for each kind.
#[component]
pub fn KindChoice() -> impl IntoView {
    let i18n = use_i18n();
    let state = use_notify();
    let choose = move |kind| state.dialog.set(NotifyDialog::Notifier(Box::new(blank(kind, i18n.get_locale_untracked()))));
    let button = move |&kind: &NotifierKind| {
        view! {
            <button type="button" class="button" data-testid=format!("notifier-kind-{}", kind.name()) on:click=move |_| choose(kind)>
                {move || notifier_kind_name(i18n.get_locale(), kind)}
            </button>
        }
    };
    view! {
        <div class="dialog-frame">
            <DialogHead id=HEADING on_close=state.on_close()>{text!(i18n, notify.notifier.kind_title)}</DialogHead>
            <div class="dialog-body">
                <div class="notify-kinds">{NotifierKind::ALL.iter().map(button).collect_view()}</div>
            </div>
            <footer class="dialog-actions">
                <button type="button" class="button" on:click=move |_| state.on_close().run(())>{text!(i18n, common.dialog.cancel)}</button>
            </footer>
        </div>
    }
}
