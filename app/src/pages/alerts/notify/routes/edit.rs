//! Adding and changing a route.

use super::fields::{Which, Whom};
use super::values::Values;
use crate::api::notify::save_route;
use crate::browser;
use crate::components::{DialogHead, ErrorNotice};
use crate::i18n::{t_string, text, use_i18n};
use crate::pages::alerts::notify::HEADING;
use crate::pages::alerts::notify::entries::{Line, Tick};
use crate::pages::alerts::notify::state::{NotifyDialog, use_notify};
use crate::pages::alerts::notify::wrong::Wrong;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use protocol::notify::Route;

const FORM: &str = "route-form";

/// The form.
#[component]
pub fn EditRoute(route: Route) -> impl IntoView {
    let i18n = use_i18n();
    let state = use_notify();
    let (id, name) = (route.id, route.name.clone());
    let values = Values::of(&route);
    let wrong = Wrong::new("route");
    let show_error = move |error| {
        wrong.set(Some(error));
        browser::focus_first_invalid(FORM);
    };
    let action = Action::new(move |route: &Route| save_route(route.clone()));
    Effect::new(move || match action.value().get() {
        Some(Ok(_)) => {
            state.ask_routes();
            state.dialog.set(NotifyDialog::Closed);
        }
        Some(Err(error)) => show_error(error),
        None => {}
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if action.pending().get_untracked() {
            return;
        }
        wrong.set(None);
        match values.route() {
            Ok(route) => drop(action.dispatch(route)),
            Err(error) => show_error(error),
        }
    };
    let title = move || match id {
        0 => t_string!(i18n, notify.route.add_title).to_owned(),
        _ => t_string!(i18n, notify.route.edit_title, name = name.as_str()),
    };
    let label = move || if action.pending().get() { t_string!(i18n, common.dialog.saving) } else { t_string!(i18n, common.dialog.save) };
    view! {
        <form class="dialog-frame" id=FORM method="post" novalidate autocomplete="off" on:submit=submit>
            <DialogHead id=HEADING on_close=state.on_close()>{title}</DialogHead>
            <div class="dialog-body">
                <Line wrong field="name" value=values.name label=text!(i18n, notify.field.name) autofocus=true/>
                <Which values wrong/>
                <Whom values wrong/>
                <Tick wrong field="enabled" value=values.enabled label=text!(i18n, notify.field.enabled)/>
                {move || wrong.general().map(|error| view! { <ErrorNotice error/> })}
            </div>
            <footer class="dialog-actions">
                <button type="button" class="button" on:click=move |_| state.on_close().run(())>{text!(i18n, common.dialog.cancel)}</button>
                <button type="submit" class="button button-main" data-testid="route-save" disabled=move || action.pending().get()>{label}</button>
            </footer>
        </form>
    }
}
