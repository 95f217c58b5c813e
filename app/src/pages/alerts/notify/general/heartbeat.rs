//! The URL that the centre calls every minute, so that its own silence is noticed.

use super::save_row::SaveRow;
use crate::api::notify::save_heartbeat;
use crate::browser;
use crate::components::{ErrorNotice, use_may};
use crate::i18n::{t_string, text, use_i18n};
use crate::pages::alerts::notify::asked::Asked;
use crate::pages::alerts::notify::attempt::AttemptLine;
use crate::pages::alerts::notify::entries::{Choice, SecretLine, Tick};
use crate::pages::alerts::notify::wrong::Wrong;
use crate::texts::choice_name;
use crate::views::Role;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use protocol::notify::{HeartbeatForm, HeartbeatView};
use protocol::secret::Secret;

const FORM: &str = "heartbeat-form";
const METHODS: &[&str] = &["GET", "HEAD", "POST"];

/// The form and the last beat. Only administrators can change it.
#[component]
pub fn HeartbeatPanel(heartbeat: Asked<HeartbeatView>, again: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let may = use_may(Role::Admin);
    let known = heartbeat.data.get_untracked().unwrap_or_default();
    let (url, method) = (RwSignal::new(String::new()), RwSignal::new(known.method));
    let (enabled, allow_private) = (RwSignal::new(known.enabled), RwSignal::new(known.allow_private));
    let wrong = Wrong::new("heartbeat");
    let saved = RwSignal::new(false);
    let action = Action::new(move |form: &HeartbeatForm| save_heartbeat(form.clone()));
    Effect::new(move || match action.value().get() {
        Some(Ok(())) => {
            saved.set(true);
            url.set(String::new());
            again.run(());
        }
        Some(Err(error)) => {
            wrong.set(Some(error));
            browser::focus_first_invalid(FORM);
        }
        None => {}
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if action.pending().get_untracked() {
            return;
        }
        wrong.set(None);
        action.dispatch(HeartbeatForm {
            enabled: enabled.get_untracked(),
            url: Secret::new(url.get_untracked().trim()),
            method: method.get_untracked(),
            allow_private: allow_private.get_untracked(),
        });
    };
    let last = Memo::new(move |_| heartbeat.data.with(|view| view.as_ref().and_then(|view| view.last.clone())));
    let url_set = Memo::new(move |_| heartbeat.data.with(|view| view.as_ref().is_some_and(|view| view.url_set)));
    let placeholder = move || if url_set.get() { t_string!(i18n, notify.notifier.stored) } else { "https://…" };
    let last_beat = move || match last.get() {
        Some(attempt) => view! { <AttemptLine attempt/> }.into_any(),
        None => view! { <span class="secondary">{text!(i18n, notify.heartbeat.never)}</span> }.into_any(),
    };
    view! {
        <form class="form notify-form" id=FORM method="post" novalidate autocomplete="off" on:submit=submit on:input=move |_| saved.set(false)>
            <fieldset class="form-body" disabled=move || !may.get()>
                <SecretLine wrong field="url" value=url placeholder label=text!(i18n, notify.heartbeat.url)
                    hint=text!(i18n, notify.heartbeat.url_hint)/>
                <Choice wrong field="method" value=method choices=METHODS name=choice_name label=text!(i18n, notify.heartbeat.method)/>
                <Tick wrong field="allow_private" value=allow_private label=text!(i18n, notify.field.allow_private)
                    hint=text!(i18n, notify.hint.allow_private)/>
                <Tick wrong field="enabled" value=enabled label=text!(i18n, notify.heartbeat.enabled)/>
                <div class="notify-last" data-testid="heartbeat-last">
                    <span class="field-label">{text!(i18n, notify.heartbeat.last)}</span>
                    {last_beat}
                </div>
                {move || wrong.general().map(|error| view! { <ErrorNotice error/> })}
                <SaveRow saved may busy=action.pending() test_id="heartbeat-save"/>
            </fieldset>
        </form>
    }
}
