//! What happens to simulated hosts: they go offline where their rows have a hole, and now and then the agent is replaced by SSH for a while.

use protocol::host::{HostId, HostStatus, Source};
use protocol::live::{Event, SourceEvent, StatusEvent};
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use std::collections::HashMap;
use tactus::store::{SampleRow, WINDOW_MS};

/// Silence after which a host is offline in milliseconds.
const OFFLINE_AFTER_MS: i64 = 1_750;
/// Chance of a switch to SSH in ten seconds, and its longest stay in milliseconds.
const SWITCHES: f64 = 0.000_1;
const LONGEST_STAY_MS: i64 = 20 * 60_000;

/// Finds the events of rows that come in the order of time.
pub struct Events {
    random: SmallRng,
    last: HashMap<HostId, i64>,
}

impl Events {
    /// Nothing has happened yet.
    pub fn new() -> Self {
        Self { random: SmallRng::seed_from_u64(5), last: HashMap::new() }
    }

    /// Events of the next rows.
    pub fn of(&mut self, rows: &[SampleRow]) -> Vec<Event> {
        let mut events = Vec::new();
        for &SampleRow { host_id, at_ms, .. } in rows {
            if let Some(before) = self.last.insert(host_id, at_ms)
                && at_ms - before > WINDOW_MS
            {
                let gone_ms = before + WINDOW_MS + OFFLINE_AFTER_MS;
                events.push(status(host_id, gone_ms, HostStatus::Online, HostStatus::Offline, "no sample for 1750 ms"));
                events.push(status(host_id, at_ms, HostStatus::Offline, HostStatus::Online, ""));
            }
            if self.random.random_bool(SWITCHES) {
                let back_ms = at_ms + self.random.random_range(5_000..LONGEST_STAY_MS);
                events.push(source(host_id, at_ms, Source::Agent, Source::Ssh, "connection refused"));
                events.push(source(host_id, back_ms, Source::Ssh, Source::Agent, "a better source answers again"));
            }
        }
        events
    }
}

fn status(host_id: HostId, at_ms: i64, from: HostStatus, to: HostStatus, reason: &str) -> Event {
    Event::Status(StatusEvent { host_id, at_ms, from, to, source: None, reason: reason.into() })
}

fn source(host_id: HostId, at_ms: i64, from: Source, to: Source, reason: &str) -> Event {
    Event::Source(SourceEvent { host_id, at_ms, from: Some(from), to, reason: reason.into() })
}
