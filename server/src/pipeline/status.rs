//! The state of a host as a pure function of what is known.

use crate::hosts::Phase;
use protocol::beat::BEAT_MS;
use protocol::host::{HostStatus, Source};
use std::time::Duration;

/// Three beats without a sample, and half a beat for a busy network.
const OFFLINE_AFTER: Duration = Duration::from_millis(3 * BEAT_MS + BEAT_MS / 2);

/// The same for a source that is asked once a second.
const OFFLINE_AFTER_ASKED: Duration = Duration::from_millis(7 * BEAT_MS);

/// How long a host may take to its first sample after the centre's start or its installation.
pub const FIRST_SAMPLE_GRACE: Duration = Duration::from_secs(5);

/// What is known of a host.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    pub phase: Phase,
    /// Nothing is installed on it, and nothing is to be.
    pub agentless: bool,
    /// Where its last sample came from.
    pub source: Option<Source>,
    /// Time since its last sample; `None`: there was none.
    pub silent: Option<Duration>,
    /// Time since the centre began to wait for one.
    pub waited: Duration,
}

/// State of a host.
pub fn status_of(known: Known) -> HostStatus {
    let Known { phase, agentless, source, silent, waited } = known;
    let offline_after = if source.is_some_and(Source::is_asked) { OFFLINE_AFTER_ASKED } else { OFFLINE_AFTER };
    // Where an agent is, it is to be reached directly.
    let worse = !agentless && source.is_some_and(|source| source > Source::Agent);
    let live = if worse { HostStatus::Degraded } else { HostStatus::Online };
    match (phase, silent) {
        (Phase::Blocked, _) => HostStatus::Blocked,
        (Phase::Paused, _) => HostStatus::Paused,
        (Phase::Failed, _) => HostStatus::Offline,
        (Phase::Installing | Phase::Collecting, Some(silent)) if silent < offline_after => live,
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
        let agent = Some(Source::Agent);
        for (phase, source, silent, waited, status) in [
            (Phase::Collecting, Some(Source::Local), Some(ms(0)), ms(0), HostStatus::Online),
            (Phase::Collecting, Some(Source::Tunnel), Some(ms(1_749)), ms(0), HostStatus::Degraded),
            (Phase::Collecting, Some(Source::Tunnel), Some(ms(1_750)), ms(0), HostStatus::Offline),
            (Phase::Collecting, Some(Source::Ssh), Some(ms(3_499)), ms(0), HostStatus::Degraded),
            (Phase::Collecting, Some(Source::Ssh), Some(ms(3_500)), ms(0), HostStatus::Offline),
            (Phase::Collecting, agent, Some(ms(0)), ms(0), HostStatus::Online),
            (Phase::Collecting, agent, Some(ms(1_500)), ms(0), HostStatus::Online),
            (Phase::Collecting, agent, Some(ms(1_750)), ms(0), HostStatus::Offline),
            (Phase::Collecting, agent, None, ms(4_999), HostStatus::Initializing),
            (Phase::Collecting, agent, None, ms(5_000), HostStatus::Offline),
            (Phase::Installing, agent, None, ms(60_000), HostStatus::Initializing),
            (Phase::Installing, agent, Some(ms(500)), ms(0), HostStatus::Online),
            (Phase::Installing, agent, Some(ms(5_000)), ms(0), HostStatus::Initializing),
            (Phase::Paused, agent, Some(ms(0)), ms(0), HostStatus::Paused),
            (Phase::Collecting, Some(Source::NodeExporter), Some(ms(3_499)), ms(0), HostStatus::Degraded),
            (Phase::Failed, agent, None, ms(0), HostStatus::Offline),
            (Phase::Blocked, agent, Some(ms(0)), ms(0), HostStatus::Blocked),
        ] {
            let known = Known { phase, agentless: false, source, silent, waited };
            assert_eq!(status_of(known), status, "{known:?}");
            let agentless = if status == HostStatus::Degraded { HostStatus::Online } else { status };
            assert_eq!(status_of(Known { agentless: true, ..known }), agentless, "{known:?}");
        }
    }
}
