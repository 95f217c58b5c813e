//! The state of a host as a pure function of what is known.

use crate::hosts::Phase;
use protocol::beat::BEAT_MS;
use protocol::host::HostStatus;
use std::time::Duration;

/// Three beats without a sample, and half a beat for a busy network.
pub const OFFLINE_AFTER: Duration = Duration::from_millis(3 * BEAT_MS + BEAT_MS / 2);

/// How long a host may take to its first sample after the centre's start or its installation.
pub const FIRST_SAMPLE_GRACE: Duration = Duration::from_secs(5);

/// State of a host. `silent` is the time since its last sample (`None`: there was none), `waited` the time since the centre began
/// to wait for one.
pub fn status_of(phase: Phase, silent: Option<Duration>, waited: Duration) -> HostStatus {
    match (phase, silent) {
        (Phase::Blocked, _) => HostStatus::Blocked,
        (Phase::Paused, _) => HostStatus::Paused,
        (Phase::Failed, _) => HostStatus::Offline,
        (Phase::Installing | Phase::Collecting, Some(silent)) if silent < OFFLINE_AFTER => HostStatus::Online,
        (Phase::Installing, _) => HostStatus::Initializing,
        (Phase::Collecting, None) if waited < FIRST_SAMPLE_GRACE => HostStatus::Initializing,
        (Phase::Collecting, _) => HostStatus::Offline,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offline_after_three_beats_and_online_with_the_next_sample() {
        let ms = Duration::from_millis;
        for (phase, silent, waited, status) in [
            (Phase::Collecting, Some(ms(0)), ms(0), HostStatus::Online),
            (Phase::Collecting, Some(ms(1_500)), ms(0), HostStatus::Online),
            (Phase::Collecting, Some(ms(1_750)), ms(0), HostStatus::Offline),
            (Phase::Collecting, None, ms(4_999), HostStatus::Initializing),
            (Phase::Collecting, None, ms(5_000), HostStatus::Offline),
            (Phase::Installing, None, ms(60_000), HostStatus::Initializing),
            (Phase::Installing, Some(ms(500)), ms(0), HostStatus::Online),
            (Phase::Installing, Some(ms(5_000)), ms(0), HostStatus::Initializing),
            (Phase::Paused, Some(ms(0)), ms(0), HostStatus::Paused),
            (Phase::Failed, None, ms(0), HostStatus::Offline),
            (Phase::Blocked, Some(ms(0)), ms(0), HostStatus::Blocked),
        ] {
            assert_eq!(status_of(phase, silent, waited), status, "{phase:?} {silent:?} {waited:?}");
        }
    }
}
