//! Adding and changing a notifier.

use super::fields::NotifierField;
use super::preview::Preview;
use super::row::language_name;
use super::values::{Place, Values};
use crate::api::notify::save_notifier;
use crate::browser;
use crate::components::{DialogHead, ErrorNotice, Segment};
use crate::i18n::{t_string, text, use_i18n};
use crate::pages::alerts::notify::HEADING;
use crate::pages::alerts::notify::entries::{Fold, Line, Tick};
use crate::pages::alerts::notify::state::{NotifyDialog, use_notify};
use crate::pages::alerts::notify::wrong::Wrong;
use crate::texts::{notifier_kind_hint, notifier_kind_name};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use protocol::notify::{Language, NotifierForm, NotifierView};

const FORM: &str = "notifier-form";

/// The form.
#[component]
pub fn EditNotifier(notifier: NotifierView) -> impl IntoView {
    let i18n = use_i18n();
    let state = use_notify();
    let (id, kind, name) = (notifier.id, notifier.kind, notifier.name.clone());
    let values = Values::of(&notifier);
    let wrong = Wrong::new("notifier");
    let action = Action::new(move |form: &NotifierForm| save_notifier((id != 0).then_some(id), form.clone()));
    Effect::new(move || match action.value().get() {
        Some(Ok(_)) => {
            state.ask_notifiers();
            state.dialog.set(NotifyDialog::Closed);
        }
        Some(Err(error)) => {
            wrong.set(Some(error));
            browser::focus_first_invalid(FORM);
        }
        None => {}
    });
    if id == 0 {
        // The button that had the focus in the dialog, that of the kind, is gone.
        Effect::new(|_| browser::focus_first("#notifier-name"));
    }
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !action.pending().get_untracked() {
            wrong.set(None);
            action.dispatch(values.form());
        }
    };
    let title = move || match id {
        0 => t_string!(i18n, notify.notifier.add_title, kind = notifier_kind_name(i18n.get_locale(), kind)),
        _ => t_string!(i18n, notify.notifier.edit_title, name = name.as_str()),
    };
    let other_kind = (id == 0).then(|| {
        view! {
            <button type="button" class="button button-quiet button-small" data-testid="notifier-other-kind"
                on:click=move |_| state.dialog.set(NotifyDialog::KindChoice)>{text!(i18n, notify.notifier.other_kind)}</button>
        }
    });
    let field = move |value| view! { <NotifierField kind value wrong/> };
    let label = move || if action.pending().get() { t_string!(i18n, common.dialog.saving) } else { t_string!(i18n, common.dialog.save) };
    view! {
        <form class="dialog-frame" id=FORM method="post" novalidate autocomplete="off" on:submit=submit>
            <DialogHead id=HEADING on_close=state.on_close()>{title}</DialogHead>
            <div class="dialog-body">
                <div class="notify-kind-hint">
                    <p class="field-hint">{move || notifier_kind_hint(i18n.get_locale(), kind)}</p>
                    {other_kind}
                </div>
                <Line wrong field="name" value=values.name label=text!(i18n, notify.field.name) autofocus=true/>
                {values.at(Place::Front).into_iter().map(field).collect_view()}
                <LanguageChoice values/>
                <More values wrong/>
                <Texts values wrong/>
                <Tick wrong field="enabled" value=values.enabled label=text!(i18n, notify.field.enabled)
                    hint=text!(i18n, notify.notifier.enabled_hint)/>
                {move || wrong.general().map(|error| view! { <ErrorNotice error/> })}
            </div>
            <footer class="dialog-actions">
                <span class="field-hint notify-foot">{text!(i18n, notify.notifier.save_hint)}</span>
                <button type="button" class="button" on:click=move |_| state.on_close().run(())>{text!(i18n, common.dialog.cancel)}</button>
                <button type="submit" class="button button-main" data-testid="notifier-save" disabled=move || action.pending().get()>{label}</button>
            </footer>
        </form>
    }
}

#[component]
fn LanguageChoice(values: Values) -> impl IntoView {
    let i18n = use_i18n();
    let segment = move |language: Language| {
        let chosen = Signal::derive(move || values.language.get() == language);
        view! {
            <Segment chosen choose=move || values.language.set(language) test_id=format!("notifier-language-{}", language.tag())>
                {move || language_name(i18n.get_locale(), language)}
            </Segment>
        }
    };
    view! {
        <div class="field">
            <span class="field-label">{text!(i18n, notify.field.language)}</span>
            <div class="segments" role="group" aria-label=text!(i18n, notify.field.language)>{Language::ALL.map(segment).collect_view()}</div>
        </div>
    }
}

/// What few need.
#[component]
fn More(values: Values, wrong: Wrong) -> impl IntoView {
    let i18n = use_i18n();
    let fields = values.at(Place::More);
    let names = fields.iter().map(|value| value.spec.name).chain(["time_zone"]).collect();
    view! {
        <Fold wrong fields=names title=move || t_string!(i18n, notify.notifier.more) test_id="notifier-more">
            {fields.into_iter().map(|value| view! { <NotifierField kind=values.kind value wrong/> }).collect_view()}
            <Line wrong field="time_zone" value=values.time_zone label=text!(i18n, notify.field.time_zone)
                hint=text!(i18n, notify.hint.time_zone)/>
        </Fold>
    }
}

/// The texts of messages, with what they become.
#[component]
fn Texts(values: Values, wrong: Wrong) -> impl IntoView {
    let i18n = use_i18n();
    let fields = values.at(Place::Texts);
    let names = fields.iter().map(|value| value.spec.name).collect();
    view! {
        <Fold wrong fields=names title=move || t_string!(i18n, notify.notifier.texts) test_id="notifier-texts">
            {fields.into_iter().map(|value| view! { <NotifierField kind=values.kind value wrong/> }).collect_view()}
            <Preview values wrong/>
        </Fold>
    }
}
