//! The latest snapshot, shared by all clients and encoded at most once in each form.

use axum::body::Bytes;
use probe::Observation;
use protocol::codec::encode_snapshot;
use protocol::snapshot::Snapshot;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tokio::sync::watch;

/// Where the sampler puts its snapshots and the clients find them. Cheap to clone; publishing never waits for a client.
#[derive(Clone)]
pub struct Feed {
    latest: Arc<watch::Sender<Option<Arc<Beat>>>>,
    /// Serialises publishers, so that each beat is compared with the one before it.
    publishing: Arc<Mutex<()>>,
}

impl Default for Feed {
    fn default() -> Self {
        Self { latest: Arc::new(watch::Sender::new(None)), publishing: Arc::default() }
    }
}

impl Feed {
    /// A feed without a snapshot.
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces the latest snapshot, which must be complete, and wakes the stream's clients.
    pub fn publish(&self, snapshot: Snapshot) {
        self.publish_observed(snapshot, None);
    }

    /// As [`Feed::publish`], with the counters behind the snapshot: without them Prometheus' text has gauges only.
    pub fn publish_observed(&self, snapshot: Snapshot, observation: Option<Arc<Observation>>) {
        let _alone = self.publishing.lock().unwrap_or_else(PoisonError::into_inner);
        let beat = {
            let previous = self.latest.borrow();
            Beat::after(previous.as_deref(), snapshot, observation)
        };
        self.latest.send_replace(Some(Arc::new(beat)));
    }

    /// The latest beat; `None` before the first.
    pub(super) fn latest(&self) -> Option<Arc<Beat>> {
        self.latest.borrow().clone()
    }

    /// Follows the beats. A slow follower skips some.
    pub(super) fn follow(&self) -> watch::Receiver<Option<Arc<Beat>>> {
        self.latest.subscribe()
    }
}

/// One published snapshot and its encoded forms, each made when the first client asks for it.
pub(super) struct Beat {
    pub snapshot: Snapshot,
    pub observation: Option<Arc<Observation>>,
    /// Running number of the publication.
    pub number: u64,
    facts_unchanged: bool,
    processes_unchanged: bool,
    complete: OnceLock<Bytes>,
    sparse: OnceLock<Bytes>,
}

impl Beat {
    fn after(previous: Option<&Self>, snapshot: Snapshot, observation: Option<Arc<Observation>>) -> Self {
        Self {
            number: previous.map_or(0, |previous| previous.number + 1),
            facts_unchanged: previous.is_some_and(|previous| previous.snapshot.facts == snapshot.facts),
            processes_unchanged: previous.is_some_and(|previous| previous.snapshot.processes == snapshot.processes),
            snapshot,
            observation,
            complete: OnceLock::new(),
            sparse: OnceLock::new(),
        }
    }

    /// The message for a client whose last message was of beat `last`: without the parts that it has, if it missed no beat.
    pub fn message(&self, last: Option<u64>) -> Bytes {
        if last.is_some_and(|last| last + 1 == self.number) {
            return self.sparse.get_or_init(|| self.encode(self.facts_unchanged, self.processes_unchanged)).clone();
        }
        self.complete.get_or_init(|| self.encode(false, false)).clone()
    }

    fn encode(&self, without_facts: bool, without_processes: bool) -> Bytes {
        let snapshot = Snapshot {
            facts: if without_facts { None } else { self.snapshot.facts.clone() },
            processes: if without_processes { None } else { self.snapshot.processes.clone() },
            ..self.snapshot.clone()
        };
        // The types have no `Serialize` of their own that could fail; an empty message would be refused by the reader.
        encode_snapshot(&snapshot).map(Bytes::from).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use protocol::codec::decode_snapshot;
    use protocol::snapshot::{Facts, Process, TopProcesses};

    fn snapshot(beat: u64, host_name: &str, pid: i32) -> Snapshot {
        Snapshot {
            beat,
            facts: Some(Facts { host_name: host_name.into(), ..Facts::default() }),
            processes: Some(TopProcesses { by_cpu: vec![Process { pid, ..Process::default() }], by_memory: Vec::new() }),
            ..Snapshot::default()
        }
    }

    #[test]
    fn a_message_leaves_out_only_what_its_client_has() {
        let feed = Feed::new();
        assert!(feed.latest().is_none());
        // (host name, process, last beat that the client got, facts sent, processes sent)
        for (number, (host_name, pid, last, facts, processes)) in [
            ("a", 1, None, true, true),
            ("a", 1, Some(0), false, false),
            ("a", 2, Some(1), false, true),
            ("b", 2, Some(2), true, false),
            ("b", 2, Some(2), true, true),
            ("b", 2, None, true, true),
        ]
        .into_iter()
        .enumerate()
        {
            feed.publish(snapshot(number as u64, host_name, pid));
            let beat = feed.latest().unwrap();
            let sent = decode_snapshot(&beat.message(last)).unwrap();
            assert_eq!((sent.beat, sent.facts.is_some(), sent.processes.is_some()), (number as u64, facts, processes), "{number}");
        }
    }

    #[test]
    fn each_form_is_encoded_once() {
        let feed = Feed::new();
        feed.publish(snapshot(0, "a", 1));
        feed.publish(snapshot(1, "a", 1));
        let beat = feed.latest().unwrap();
        assert_eq!(beat.message(Some(0)).as_ptr(), beat.message(Some(0)).as_ptr());
        assert_eq!(beat.message(None).as_ptr(), beat.message(None).as_ptr());
    }
}
