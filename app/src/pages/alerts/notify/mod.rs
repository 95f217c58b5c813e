//! To whom alerts are told: notifiers, routes, what became of messages, and what holds for all.

mod asked;
mod attempt;
mod deliveries;
mod entries;
mod general;
mod notifiers;
mod routes;
mod state;
mod ticks;
mod wrong;

use crate::components::Dialog;
use deliveries::Deliveries;
use general::General;
use leptos::prelude::*;
use notifiers::{DeleteNotifier, EditNotifier, KindChoice, Notifiers};
use routes::{DeleteRoute, EditRoute, Routes};
use state::{NotifyDialog, provide_notify, use_notify};

/// Id of the heading that names the dialog.
const HEADING: &str = "notify-heading";

/// All parts, from where messages go to what became of them.
#[component]
pub fn Notify() -> impl IntoView {
    provide_notify();
    view! {
        <div class="notify" data-testid="notify">
            <Notifiers/>
            <Routes/>
            <Deliveries/>
            <General/>
        </div>
        <NotifyDialogs/>
    }
}

/// The tab's one dialog.
#[component]
fn NotifyDialogs() -> impl IntoView {
    let state = use_notify();
    let dialog = state.dialog;
    let open = Signal::derive(move || dialog.with(|dialog| *dialog != NotifyDialog::Closed));
    let small =
        Signal::derive(move || dialog.with(|dialog| matches!(dialog, NotifyDialog::DeleteNotifier(..) | NotifyDialog::DeleteRoute(..))));
    let screen = move || match dialog.get() {
        NotifyDialog::Closed => ().into_any(),
        NotifyDialog::KindChoice => view! { <KindChoice/> }.into_any(),
        NotifyDialog::Notifier(notifier) => view! { <EditNotifier notifier=*notifier/> }.into_any(),
        NotifyDialog::DeleteNotifier(id, name) => view! { <DeleteNotifier id name/> }.into_any(),
        NotifyDialog::Route(route) => view! { <EditRoute route=*route/> }.into_any(),
        NotifyDialog::DeleteRoute(id, name) => view! { <DeleteRoute id name/> }.into_any(),
    };
    view! { <Dialog open on_close=state.on_close() labelled_by=HEADING small wide=Signal::stored(false)>{screen}</Dialog> }
}
