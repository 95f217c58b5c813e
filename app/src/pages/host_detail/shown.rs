//! Reading parts of a host's last snapshot, so that each text follows only what it shows.

use crate::live::use_live_feed;
use leptos::prelude::*;
use protocol::host::HostId;
use protocol::live::HostFrame;
use protocol::snapshot::{Facts, Snapshot};
use std::sync::Arc;

/// A host's last snapshot.
#[derive(Clone, Copy)]
pub struct Shown {
    frame: ReadSignal<Option<Arc<HostFrame>>>,
}

impl Shown {
    /// The snapshot of host `id` as it changes.
    pub fn new(id: HostId) -> Self {
        Self { frame: use_live_feed().frame(id) }
    }

    /// Reads a part; nothing while the host is not read, because then the snapshot is an old one.
    pub fn read<T>(self, read: impl FnOnce(&Snapshot) -> Option<T>) -> Option<T> {
        self.frame.with(|frame| {
            let frame = frame.as_deref().filter(|frame| frame.figures.status.is_live())?;
            read(frame.snapshot.as_deref()?)
        })
    }

    /// Reads a fact; these hold while the host is offline, too.
    pub fn fact<T>(self, read: impl FnOnce(&Facts) -> Option<T>) -> Option<T> {
        self.frame.with(|frame| read(frame.as_deref()?.snapshot.as_deref()?.facts.as_ref()?))
    }

    /// Names of the rows of a list, which change far more seldom than what stands in them.
    pub fn names(self, read: impl Fn(&Snapshot) -> Vec<String> + Send + Sync + 'static) -> Memo<Vec<String>> {
        Memo::new(move |_| self.read(|snapshot| Some(read(snapshot))).unwrap_or_default())
    }
}
