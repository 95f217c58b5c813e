//! Hosts with a clock that is moved by hand.

use super::Action::{Close, Open};
use super::*;
use protocol::host::Source::{Agent, Ssh, Tunnel};

const MIDDLE: u16 = u16::MAX / 2;

/// A clock that is moved by hand.
struct Host {
    choice: Choice,
    now: Instant,
}

impl Host {
    fn new() -> Self {
        let now = Instant::now();
        Self { choice: Choice::new([Agent, Tunnel, Ssh], now), now }
    }

    fn after(&mut self, ms: u64) -> Vec<Action> {
        self.now += Duration::from_millis(ms);
        self.choice.act(self.now)
    }

    fn snapshot(&mut self, source: Source) -> Verdict {
        self.choice.take_snapshot(source, self.now)
    }

    fn fail(&mut self, source: Source) -> Vec<Action> {
        self.choice.take_failure(source, self.now, MIDDLE);
        self.choice.act(self.now)
    }

    /// Read by the agent for a while.
    fn on_agent() -> Self {
        let mut host = Self::new();
        assert_eq!(host.after(0), [Open(Agent)]);
        assert_eq!(host.snapshot(Agent), Verdict::Switch { from: None });
        for _ in 0..30 {
            assert_eq!(host.after(500), []);
            assert_eq!(host.snapshot(Agent), Verdict::Use);
        }
        host
    }
}

#[test]
fn starts_with_the_best_and_opens_the_next_when_it_keeps_silent() {
    let mut host = Host::new();
    assert_eq!(host.after(0), [Open(Agent)]);
    assert_eq!(host.after(299), []);
    assert_eq!(host.after(1), [Open(Tunnel)]);
    assert_eq!(host.after(300), [Open(Ssh)]);
    assert_eq!(host.snapshot(Ssh), Verdict::Switch { from: None });
    // The best one was only slow.
    assert_eq!(host.snapshot(Agent), Verdict::Ignore);
    host.after(500);
    assert_eq!(host.snapshot(Agent), Verdict::Switch { from: Some(Ssh) });
}

#[test]
fn a_closed_stream_is_replaced_at_once() {
    let mut host = Host::on_agent();
    assert_eq!(host.fail(Agent), [Open(Tunnel)]);
    assert_eq!(host.fail(Tunnel), [Open(Ssh)]);
    assert_eq!(host.snapshot(Ssh), Verdict::Switch { from: Some(Agent) });
    // Tried again after half a second, and then after longer and longer.
    assert_eq!(host.after(499), []);
    assert_eq!(host.after(1), [Open(Agent), Open(Tunnel)]);
    host.snapshot(Ssh);
    assert_eq!(host.fail(Agent), []);
    assert_eq!(host.after(999), []);
    assert_eq!(host.after(1), [Open(Agent)]);
}

#[test]
fn a_silent_stream_is_doubted_after_a_beat_and_keeps_its_chance() {
    let mut host = Host::on_agent();
    assert_eq!(host.after(649), []);
    assert_eq!(host.after(1), [Open(Tunnel)]);
    host.after(50);
    assert_eq!(host.snapshot(Tunnel), Verdict::Switch { from: Some(Agent) });
    // The agent was only slow: it is back after two snapshots, and the tunnel goes when that has lasted.
    assert_eq!(host.after(300), []);
    assert_eq!(host.snapshot(Agent), Verdict::Ignore);
    assert_eq!(host.after(200), []);
    assert_eq!(host.snapshot(Tunnel), Verdict::Use);
    assert_eq!(host.after(300), []);
    assert_eq!(host.snapshot(Agent), Verdict::Switch { from: Some(Tunnel) });
    for _ in 0..3 {
        assert_eq!(host.after(500), []);
        host.snapshot(Agent);
        host.snapshot(Tunnel);
    }
    assert_eq!(host.after(500), [Close(Tunnel)]);
    assert_eq!(host.snapshot(Tunnel), Verdict::Ignore, "a snapshot that was under way");
}

#[test]
fn goes_back_without_a_gap() {
    let mut host = Host::on_agent();
    host.fail(Agent);
    host.fail(Tunnel);
    host.snapshot(Ssh);
    host.after(600);
    host.fail(Tunnel);
    assert_eq!(host.snapshot(Agent), Verdict::Ignore, "one snapshot proves nothing");
    host.after(500);
    assert_eq!(host.snapshot(Ssh), Verdict::Use);
    assert_eq!(host.snapshot(Agent), Verdict::Switch { from: Some(Ssh) });
    assert_eq!(host.after(500), []);
}

#[test]
fn a_source_that_dies_again_soon_waits_longer_each_time() {
    let mut host = Host::on_agent();
    host.fail(Agent);
    host.fail(Tunnel);
    host.snapshot(Ssh);
    let mut waits = Vec::new();
    for _ in 0..9 {
        let mut waited = 0;
        while !host.choice.act(host.now).contains(&Open(Agent)) {
            host.now += Duration::from_millis(100);
            waited += 100;
            host.snapshot(Ssh);
        }
        waits.push(waited);
        host.snapshot(Agent);
        host.after(100);
        host.snapshot(Agent);
        host.fail(Agent);
        host.snapshot(Ssh);
    }
    assert!(waits.is_sorted(), "{waits:?}");
    assert_eq!((waits[0], waits[8]), (500, 10_000));
}

#[test]
fn a_host_that_is_gone_is_tried_at_least_every_twelve_seconds() {
    let mut host = Host::on_agent();
    let mut last_try = host.now;
    host.choice.take_failure(Agent, host.now, u16::MAX);
    for _ in 0..6_000 {
        for action in host.choice.act(host.now) {
            if let Open(source) = action {
                last_try = if source == Agent { host.now } else { last_try };
                host.choice.take_failure(source, host.now, u16::MAX);
            }
        }
        host.now += Duration::from_millis(100);
        assert!(host.now - last_try <= Duration::from_millis(12_600));
    }
}

#[test]
fn a_hint_ends_a_wait() {
    let mut host = Host::on_agent();
    host.fail(Agent);
    for _ in 0..8 {
        host.fail(Tunnel);
        host.fail(Ssh);
    }
    assert_eq!(host.after(100), []);
    host.choice.take_hint(Ssh, host.now);
    assert_eq!(host.choice.act(host.now), [Open(Ssh)]);
}

#[test]
fn wakes_when_there_is_something_to_do() {
    let mut host = Host::on_agent();
    assert_eq!(host.choice.wake_at(host.now), host.now + PATIENCE);
    host.fail(Agent);
    assert_eq!(host.choice.wake_at(host.now), host.now + HEAD_START);
}

#[test]
fn jitter_stays_within_a_quarter() {
    for chance in [0, 1, 30_000, u16::MAX] {
        let wait = with_jitter(Duration::from_secs(4), chance);
        assert!((Duration::from_secs(3)..=Duration::from_secs(5)).contains(&wait), "{wait:?}");
    }
}
