//! What happened since the page was opened: changes of state and crossed thresholds.

use super::judge::Metric;
use protocol::host::{HostId, HostStatus, Level};
use std::collections::VecDeque;

/// How many notices are kept.
const KEPT: usize = 50;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Unique on this page, rising.
    pub number: u64,
    /// UTC, milliseconds, by the centre's clock.
    pub at_ms: i64,
    pub host_id: HostId,
    pub kind: NoticeKind,
}

/// What it was.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NoticeKind {
    /// The host changed its state.
    Status(HostStatus),
    /// A figure reached a level; value and threshold in per cent.
    Crossed { metric: Metric, level: Level, value: f32, threshold: f32 },
    /// A figure is calm again.
    Recovered(Metric),
}

/// Adds a notice at the front and drops the oldest one when there are too many.
pub(super) fn remember(notices: &mut VecDeque<Notice>, at_ms: i64, host_id: HostId, kind: NoticeKind) {
    let number = notices.front().map_or(1, |newest| newest.number + 1);
    notices.truncate(KEPT - 1);
    notices.push_front(Notice { number, at_ms, host_id, kind });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_newest_and_numbers_rise() {
        let mut notices = VecDeque::new();
        for at_ms in 0..120 {
            remember(&mut notices, at_ms, 3, NoticeKind::Recovered(Metric::Cpu));
        }
        assert_eq!((notices.len(), notices[0].number, notices[0].at_ms, notices[KEPT - 1].number), (KEPT, 120, 119, 71));
    }
}
