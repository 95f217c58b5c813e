//! What holds for all notifiers: links, gathering, and the centre's own heartbeat.

mod heartbeat;
mod save_row;
mod settings;

use crate::api::notify::{get_heartbeat, get_notify_settings};
use crate::i18n::{text, use_i18n};
use crate::pages::alerts::notify::asked::{Asked, AskedView};
use crate::pages::alerts::notify::state::use_notify;
use heartbeat::HeartbeatPanel;
use leptos::prelude::*;
use settings::SettingsPanel;

/// Both forms. What is typed stays: they are made once, of the first answer.
#[component]
pub fn General() -> impl IntoView {
    let i18n = use_i18n();
    let notify = use_notify();
    let (settings, heartbeat) = (Asked::new(), Asked::new());
    let ask_settings = move || settings.ask(get_notify_settings());
    let ask_heartbeat = move || heartbeat.ask(get_heartbeat());
    Effect::new(move |_| ask_settings());
    Effect::new(move |_| {
        notify.turn.get();
        ask_heartbeat();
    });
    view! {
        <div class="notify-general">
            <section class="panel" data-testid="notify-general">
                <div class="alerts-panel-head"><h2>{text!(i18n, notify.general.title)}</h2></div>
                <AskedView asked=settings again=Callback::new(move |()| ask_settings())><SettingsPanel settings/></AskedView>
            </section>
            <section class="panel" data-testid="notify-heartbeat">
                <div class="alerts-panel-head">
                    <div>
                        <h2>{text!(i18n, notify.heartbeat.title)}</h2>
                        <p class="secondary">{text!(i18n, notify.heartbeat.intro)}</p>
                    </div>
                </div>
                <AskedView asked=heartbeat again=Callback::new(move |()| ask_heartbeat())>
                    <HeartbeatPanel heartbeat again=Callback::new(move |()| ask_heartbeat())/>
                </AskedView>
            </section>
        </div>
    }
}
