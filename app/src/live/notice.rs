//! Changes of hosts' states since the page was opened.

use protocol::host::{HostId, HostStatus};
use std::collections::VecDeque;

/// How many notices are kept.
const KEPT: usize = 50;

/// A host that changed its state.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// UTC, milliseconds, by the centre's clock.
    pub at_ms: i64,
    pub host_id: HostId,
    pub status: HostStatus,
}

/// Adds a notice at the front and drops the oldest one when there are too many.
pub(super) fn remember(notices: &mut VecDeque<Notice>, notice: Notice) {
    notices.truncate(KEPT - 1);
    notices.push_front(notice);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_newest() {
        let mut notices = VecDeque::new();
        for at_ms in 0..120 {
            remember(&mut notices, Notice { at_ms, host_id: 3, status: HostStatus::Online });
        }
        assert_eq!((notices.len(), notices[0].at_ms, notices[KEPT - 1].at_ms), (KEPT, 119, 70));
    }
}
