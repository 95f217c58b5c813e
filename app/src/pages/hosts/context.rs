//! What the parts of this page share.

use crate::fetched::Fetched;
use crate::views::HostSummary;
use leptos::prelude::*;
use protocol::deploy::DeployAction;
use protocol::host::HostId;
use std::collections::HashSet;

/// What the page's one dialog shows.
#[derive(Clone, Debug, PartialEq)]
pub enum HostDialog {
    Closed,
    /// The form for a new host.
    Add,
    /// The form with a host's entries.
    Edit(Box<HostSummary>),
    /// The steps of a running or finished action.
    Progress {
        id: HostId,
        /// Shown until the host itself is known.
        name: String,
        /// What to start first.
        start: Option<DeployAction>,
    },
    /// Many hosts from one text.
    Batch,
    /// The question before deleting.
    Delete(Box<HostSummary>),
    /// The decision on a changed host key.
    Trust(Box<HostSummary>),
}

/// What the parts of this page share.
#[derive(Clone, Copy)]
pub struct HostsContext {
    /// The inventory as the centre told it last; fetched again whenever the live feed says that it changed.
    pub hosts: Fetched<Vec<HostSummary>>,
    pub dialog: RwSignal<HostDialog>,
    /// What stands in the search box.
    pub search: RwSignal<String>,
    /// Hosts that are ticked.
    pub ticked: RwSignal<HashSet<HostId>>,
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
