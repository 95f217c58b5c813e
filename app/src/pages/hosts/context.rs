//! What the parts of this page share.

use crate::error::ApiError;
use crate::views::HostSummary;
use leptos::prelude::*;
use protocol::host::HostId;

/// What the page's one dialog shows.
#[derive(Clone, Debug, PartialEq)]
pub enum HostDialog {
    Closed,
    /// The form for a new host.
    Add,
    /// The form with a host's entries.
    Edit(Box<HostSummary>),
    /// The steps of a running or finished installation.
    Progress {
        id: HostId,
        /// Shown until the host itself is known.
        name: String,
        /// Whether to start an installation first.
        start: bool,
    },
    /// The question before deleting.
    Delete(Box<HostSummary>),
    /// The decision on a changed host key.
    Trust(Box<HostSummary>),
}

/// What the parts of this page share.
#[derive(Clone, Copy)]
pub struct HostsContext {
    /// The inventory as the centre told it last; fetched again whenever the live feed says that it changed.
    pub hosts: Resource<Result<Vec<HostSummary>, ApiError>>,
    pub dialog: RwSignal<HostDialog>,
    /// What stands in the search box.
    pub search: RwSignal<String>,
}

impl HostsContext {
    /// Closes the dialog.
    pub fn on_close(self) -> Callback<()> {
        Callback::new(move |()| {
            if self.dialog.with_untracked(|dialog| *dialog != HostDialog::Closed) {
                self.dialog.set(HostDialog::Closed);
            }
        })
    }
}
