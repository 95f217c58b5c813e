//! The page's one dialog: which screen it shows.

use super::add::AddScreen;
use super::batch::BatchScreen;
use super::context::{HostDialog, HostsContext};
use super::delete::DeleteScreen;
use super::edit::EditScreen;
use super::progress::ProgressScreen;
use super::trust::TrustScreen;
use crate::components::Dialog;
use leptos::prelude::*;

/// Id of the heading that names the dialog.
pub const HEADING: &str = "host-dialog-heading";

/// The dialog.
#[component]
pub fn HostDialogs() -> impl IntoView {
    let context: HostsContext = expect_context();
    let dialog = context.dialog;
    let open = Signal::derive(move || dialog.with(|dialog| *dialog != HostDialog::Closed));
    let wide = Signal::derive(move || dialog.with(|dialog| *dialog == HostDialog::Batch));
    let small = Signal::derive(move || dialog.with(|dialog| matches!(dialog, HostDialog::Delete(_))));
    let screen = move || match dialog.get() {
        HostDialog::Closed => ().into_any(),
        HostDialog::Add => view! { <AddScreen/> }.into_any(),
        HostDialog::Edit(host) => view! { <EditScreen host=*host/> }.into_any(),
        HostDialog::Progress { id, name, start } => view! { <ProgressScreen id name start/> }.into_any(),
        HostDialog::Batch => view! { <BatchScreen/> }.into_any(),
        HostDialog::Delete(host) => view! { <DeleteScreen host=*host/> }.into_any(),
        HostDialog::Trust(host) => view! { <TrustScreen host=*host/> }.into_any(),
    };
    view! { <Dialog open on_close=context.on_close() labelled_by=HEADING small wide>{screen}</Dialog> }
}
