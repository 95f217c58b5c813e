//! What the parts of this tab share.

use crate::api::alerts::list_maintenance;
use crate::fetched::{Fetched, fetched};
use crate::live::use_live_feed;
use crate::views::MaintenanceView;
use leptos::prelude::*;

/// How often windows are asked for again, in milliseconds: they begin and end by themselves.
const ASK_EVERY_MS: i64 = 60_000;

/// What the tab's one dialog shows.
#[derive(Clone, Debug, PartialEq)]
pub enum WindowDialog {
    Closed,
    /// The form: of a window, or empty.
    Edit(Option<Box<MaintenanceView>>),
    /// The question before deleting.
    Delete(Box<MaintenanceView>),
}

/// The state of the tab, in context.
#[derive(Clone, Copy)]
pub struct MaintenanceState {
    pub windows: Fetched<Vec<MaintenanceView>>,
    pub dialog: RwSignal<WindowDialog>,
}

/// Asks for the windows.
pub fn provide_maintenance() -> MaintenanceState {
    let feed = use_live_feed();
    let turn = Memo::new(move |_| feed.at_ms.get().map(|at_ms| at_ms / ASK_EVERY_MS));
    let state =
        MaintenanceState { windows: fetched(move || turn.get(), |_| list_maintenance()), dialog: RwSignal::new(WindowDialog::Closed) };
    provide_context(state);
    state
}

/// The state that the tab has put into context.
pub fn use_maintenance() -> MaintenanceState {
    expect_context()
}

impl MaintenanceState {
    /// Closes the dialog.
    pub fn on_close(self) -> Callback<()> {
        Callback::new(move |()| {
            if self.dialog.with_untracked(|dialog| *dialog != WindowDialog::Closed) {
                self.dialog.set(WindowDialog::Closed);
            }
        })
    }
}
