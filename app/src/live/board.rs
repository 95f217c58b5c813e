//! Reading the board of alerts.

use super::LiveFeed;
use leptos::prelude::*;
use protocol::alert::Alert;
use protocol::host::HostId;

impl LiveFeed {
    /// Numbers of open alerts: warnings and critical ones.
    pub fn open_counts(self) -> Memo<(u32, u32)> {
        Memo::new(move |_| self.board.with(|board| board.as_ref().map_or((0, 0), |board| (board.warning, board.critical))))
    }

    /// Open alerts of a host, the worst first. To be called inside something reactive.
    pub fn open_of(self, id: HostId) -> Vec<Alert> {
        let of_host = |alert: &&Alert| alert.host_id == id && !alert.kind.is_centres();
        self.board.with(|board| board.iter().flat_map(|board| &board.open).filter(of_host).cloned().collect())
    }
}
