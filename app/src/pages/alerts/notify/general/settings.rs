//! How messages are gathered, and where their links lead.

use super::save_row::SaveRow;
use crate::api::notify::save_notify_settings;
use crate::browser;
use crate::components::{ErrorNotice, use_may};
use crate::error::ApiError;
use crate::i18n::{text, use_i18n};
use crate::pages::alerts::notify::asked::Asked;
use crate::pages::alerts::notify::entries::Line;
use crate::pages::alerts::notify::wrong::{Wrong, unreadable};
use crate::views::Role;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use protocol::notify::NotifySettings;

const FORM: &str = "notify-settings-form";

/// The form. Only administrators can change it.
#[component]
pub fn SettingsPanel(settings: Asked<NotifySettings>) -> impl IntoView {
    let i18n = use_i18n();
    let may = use_may(Role::Admin);
    let known = settings.data.get_untracked().unwrap_or_default();
    let public_url = RwSignal::new(known.public_url);
    let digest_above = RwSignal::new(known.digest_above.to_string());
    let group_wait = RwSignal::new(known.group_wait_s.to_string());
    let wrong = Wrong::new("notify");
    let saved = RwSignal::new(false);
    let show_error = move |error| {
        wrong.set(Some(error));
        browser::focus_first_invalid(FORM);
    };
    let action = Action::new(move |settings: &NotifySettings| save_notify_settings(settings.clone()));
    Effect::new(move || match action.value().get() {
        Some(Ok(())) => saved.set(true),
        Some(Err(error)) => show_error(error),
        None => {}
    });
    let typed = move || {
        let (digest, wait) = (digest_above.get_untracked().trim().parse(), group_wait.get_untracked().trim().parse());
        match (digest, wait) {
            (Ok(digest_above), Ok(group_wait_s)) => {
                Ok(NotifySettings { public_url: public_url.get_untracked(), digest_above, group_wait_s })
            }
            (digest, wait) => {
                let fields = [(digest.is_err(), "digest_above"), (wait.is_err(), "group_wait_s")];
                Err(ApiError::WrongFields(
                    fields.into_iter().filter(|(is_wrong, _)| *is_wrong).map(|(_, field)| unreadable(field)).collect(),
                ))
            }
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if action.pending().get_untracked() {
            return;
        }
        wrong.set(None);
        match typed() {
            Ok(settings) => drop(action.dispatch(settings)),
            Err(error) => show_error(error),
        }
    };
    view! {
        <form class="form notify-form" id=FORM method="post" novalidate autocomplete="off" on:submit=submit on:input=move |_| saved.set(false)>
            <fieldset class="form-body" disabled=move || !may.get()>
                <Line wrong field="public_url" value=public_url optional=true inputmode="url" label=text!(i18n, notify.general.public_url)
                    hint=text!(i18n, notify.general.public_url_hint)/>
                <div class="form-row">
                    <div class="span-6">
                        <Line wrong field="digest_above" value=digest_above inputmode="numeric" label=text!(i18n, notify.general.digest_above)
                            hint=text!(i18n, notify.general.digest_above_hint) unit=text!(i18n, notify.general.alerts)/>
                    </div>
                    <div class="span-6">
                        <Line wrong field="group_wait_s" value=group_wait inputmode="numeric" label=text!(i18n, notify.general.group_wait)
                            hint=text!(i18n, notify.general.group_wait_hint) unit=text!(i18n, notify.general.seconds)/>
                    </div>
                </div>
                {move || wrong.general().map(|error| view! { <ErrorNotice error/> })}
                <SaveRow saved may busy=action.pending() test_id="notify-save"/>
            </fieldset>
        </form>
    }
}
