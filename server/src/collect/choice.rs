//! Which source of a host is read: a pure state machine. Time and chance are passed in; what it decides is done by its caller.
//!
//! Sources stand on a ladder, best first. While no source is fresh, they are opened from the best downwards, each next one as soon as
//! the one above has failed or kept silent for a moment. While one is fresh, better ones are tried again with growing waits, and worse
//! ones are closed. A better source takes over when it has proven itself by two snapshots, the worse one runs until then: no gap.

use protocol::beat::BEAT_MS;
use protocol::host::Source;
use std::time::{Duration, Instant};

/// A streaming source that is silent for a beat and a bit is in doubt: the next one is opened beside it.
const PATIENCE: Duration = Duration::from_millis(BEAT_MS + 150);
/// The same for a source that is asked once a second.
const PATIENCE_ASKED: Duration = Duration::from_millis(1_650);

fn patience_of(source: Source) -> Duration {
    if source.is_asked() { PATIENCE_ASKED } else { PATIENCE }
}

/// How long a source may take to its first snapshot before the next one is opened beside it.
const HEAD_START: Duration = Duration::from_millis(300);

/// How long a worse source runs on after a better one took over.
const OVERLAP: Duration = Duration::from_secs(2);

/// A source that lives for so long after it took over may be tried quickly again after its next failure.
const PROVEN: Duration = Duration::from_secs(10);

/// First and longest wait before a source is tried again; the longest is shorter while the host cannot be read at all.
const FIRST_WAIT: Duration = Duration::from_millis(BEAT_MS);
const LONGEST_WAIT: Duration = Duration::from_secs(30);
const LONGEST_WAIT_OFFLINE: Duration = Duration::from_secs(10);

/// Snapshots that a better source needs in a row to take over from a fresh one.
const PROOF: u32 = 2;

/// What the caller is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Open(Source),
    Close(Source),
}

/// What becomes of a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the host's.
    Use,
    /// It is the host's, and the first one from this source.
    Switch { from: Option<Source> },
    /// Another source is the better one now.
    Ignore,
}

/// The sources of one host.
#[derive(Debug)]
pub struct Choice {
    ladder: Vec<Rung>,
    current: Option<Source>,
    switched_at: Instant,
}

#[derive(Debug)]
struct Rung {
    source: Source,
    opened_at: Option<Instant>,
    last_at: Option<Instant>,
    in_a_row: u32,
    failures: u32,
    retry_at: Instant,
}

impl Rung {
    fn is_fresh(&self, now: Instant) -> bool {
        let patience = patience_of(self.source);
        self.opened_at.is_some() && self.last_at.is_some_and(|last| now.saturating_duration_since(last) < patience)
    }

    /// Until when the sources below wait for this one.
    fn promises_until(&self) -> Option<Instant> {
        // One that has been silent after it had spoken promises nothing more.
        self.opened_at.filter(|_| self.last_at.is_none()).map(|opened| opened + HEAD_START)
    }
}

impl Choice {
    /// `sources` best first.
    pub fn new(sources: impl IntoIterator<Item = Source>, now: Instant) -> Self {
        let rung = |source| Rung { source, opened_at: None, last_at: None, in_a_row: 0, failures: 0, retry_at: now };
        Self { ladder: sources.into_iter().map(rung).collect(), current: None, switched_at: now }
    }

    /// A source has delivered.
    pub fn take_snapshot(&mut self, source: Source, now: Instant) -> Verdict {
        let current = self.current.filter(|&current| self.rung(current).is_some_and(|rung| rung.is_fresh(now)));
        let Some(rung) = self.ladder.iter_mut().find(|rung| rung.source == source && rung.opened_at.is_some()) else {
            return Verdict::Ignore;
        };
        rung.in_a_row = if rung.is_fresh(now) { rung.in_a_row + 1 } else { 1 };
        rung.last_at = Some(now);
        let in_a_row = rung.in_a_row;
        if self.current == Some(source) {
            if now.saturating_duration_since(self.switched_at) >= PROVEN {
                rung.failures = 0;
            }
            return Verdict::Use;
        }
        let takes_over = current.is_none_or(|current| source < current && in_a_row >= PROOF);
        if !takes_over {
            return Verdict::Ignore;
        }
        self.switched_at = now;
        Verdict::Switch { from: self.current.replace(source) }
    }

    /// A source has failed, or could not be opened. `chance` (any number) spreads the next try.
    pub fn take_failure(&mut self, source: Source, now: Instant, chance: u16) {
        let fresh = self.fresh(now).is_some_and(|fresh| fresh != source);
        let longest = if fresh { LONGEST_WAIT } else { LONGEST_WAIT_OFFLINE };
        if let Some(rung) = self.ladder.iter_mut().find(|rung| rung.source == source) {
            let wait = FIRST_WAIT.saturating_mul(1 << rung.failures.min(16)).min(longest);
            rung.failures = rung.failures.saturating_add(1);
            rung.retry_at = now + with_jitter(wait, chance);
            (rung.opened_at, rung.last_at, rung.in_a_row) = (None, None, 0);
        }
    }

    /// Something has changed that lets a source be tried at once.
    pub fn take_hint(&mut self, source: Source, now: Instant) {
        if let Some(rung) = self.ladder.iter_mut().find(|rung| rung.source == source) {
            rung.retry_at = rung.retry_at.min(now);
        }
    }

    /// What is to be done now; to be asked after every change and at [`Choice::wake_at`].
    pub fn act(&mut self, now: Instant) -> Vec<Action> {
        let fresh = self.fresh(now);
        let settled = now.saturating_duration_since(self.switched_at) >= OVERLAP;
        let mut actions = Vec::new();
        let mut promised = false;
        for rung in &mut self.ladder {
            let worse = fresh.is_some_and(|fresh| rung.source > fresh);
            match rung.opened_at {
                Some(_) if worse && settled => {
                    actions.push(Action::Close(rung.source));
                    (rung.opened_at, rung.last_at, rung.in_a_row) = (None, None, 0);
                    rung.retry_at = now;
                }
                None if !worse && !promised && rung.retry_at <= now => {
                    actions.push(Action::Open(rung.source));
                    rung.opened_at = Some(now);
                }
                _ => {}
            }
            // While something is fresh, trying a better source keeps no other waiting.
            promised |= fresh.is_none() && rung.promises_until().is_some_and(|until| now < until);
        }
        actions
    }

    /// Whether a login is of use now: nothing is fresh, or what is needs one.
    pub fn needs_session(&self, now: Instant) -> bool {
        !matches!(self.fresh(now), Some(Source::Agent | Source::NodeExporter))
    }

    /// When [`Choice::act`] may have something to do again, if nothing else happens.
    pub fn wake_at(&self, now: Instant) -> Instant {
        let retries = self.ladder.iter().filter(|rung| rung.opened_at.is_none()).map(|rung| rung.retry_at);
        let promises = self.ladder.iter().filter_map(Rung::promises_until);
        let patience = |rung: &Rung| rung.last_at.map(|last| last + patience_of(rung.source));
        let doubts = self.ladder.iter().filter_map(patience);
        let settled = std::iter::once(self.switched_at + OVERLAP);
        let later = retries.chain(promises).chain(doubts).chain(settled).filter(|&at| at > now);
        later.min().unwrap_or(now + LONGEST_WAIT)
    }

    fn rung(&self, source: Source) -> Option<&Rung> {
        self.ladder.iter().find(|rung| rung.source == source)
    }

    fn fresh(&self, now: Instant) -> Option<Source> {
        self.current.filter(|&current| self.rung(current).is_some_and(|rung| rung.is_fresh(now)))
    }
}

/// Between 75 % and 125 % of `wait`, so that a fleet does not come back in one instant. `chance` is any number.
pub fn with_jitter(wait: Duration, chance: u16) -> Duration {
    wait.mul_f64(0.75 + 0.5 * f64::from(chance) / f64::from(u16::MAX))
}

#[cfg(test)]
mod tests;
