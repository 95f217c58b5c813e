//! `bench rules`: the judge alone, with the rules of a large fleet, twice a second.

use crate::process::Usage;
use protocol::host::{HostId, HostStatus};
use protocol::live::HostCard;
use protocol::snapshot::{Cpu, Facts, Load, Memory, Mount, Nic, Snapshot, Temperature};
use rand::{RngExt, SeedableRng};
use std::sync::Arc;
use tactus::alert::{Judge, Look, RuleBook};

/// What is measured.
#[derive(clap::Args)]
pub struct Options {
    #[arg(long, default_value_t = 2_000)]
    hosts: HostId,
    /// Beats that are judged, as fast as it goes.
    #[arg(long, default_value_t = 240)]
    beats: u64,
}

const BEATS_A_SECOND: f64 = 2.0;

/// A host with two file systems and the figures that usual rules look at.
fn snapshot(random: &mut rand::rngs::SmallRng, number: HostId) -> Snapshot {
    let mount = |mount_point: &str, used_bytes| Mount {
        mount_point: mount_point.into(),
        used_bytes,
        available_bytes: 1_000 - used_bytes,
        inodes_total: 1_000,
        inodes_used: used_bytes / 2,
        ..Mount::default()
    };
    Snapshot {
        cpu: Some(Cpu { total_percent: random.random_range(0.0..100.0), ..Cpu::default() }),
        load: Some(Load { one: random.random_range(0.0..8.0), ..Load::default() }),
        memory: Some(Memory { total: 1_000, available: random.random_range(20..1_000), ..Memory::default() }),
        mounts: vec![mount("/", number as u64 % 990), mount("/data", number as u64 * 7 % 990)],
        nics: vec![Nic { name: "eth0".into(), in_bytes_per_s: Some(1e6), out_bytes_per_s: Some(1e6), ..Nic::default() }],
        temperatures: vec![Temperature { sensor: "core".into(), celsius: random.random_range(30.0..90.0) }],
        facts: Some(Facts { cores: 4, ..Facts::default() }),
        ..Snapshot::default()
    }
}

/// Runs the measurement; answers the flat JSON of the last line.
///
/// # Errors
/// The kernel does not tell what this process used.
pub fn run(options: Options) -> anyhow::Result<serde_json::Value> {
    let cards: Vec<HostCard> =
        (1..=options.hosts).map(|id| HostCard { id, name: format!("node-{id}"), cores: 4, ..HostCard::default() }).collect();
    let book = Arc::new(RuleBook::default());
    // The last host has what every host has; the first one is the centre's own machine and has two more.
    let rules =
        cards.last().map_or(0, |card| book.held(card).iter().filter(|held| held.settings.enabled && !held.kind.is_centres()).count());
    let mut judge = Judge::new(book.clone(), Vec::new(), Vec::new(), 0, 0);
    judge.take_book(book, &cards, 0);
    let mut random = rand::rngs::SmallRng::seed_from_u64(5);
    // Made before: only the judgement is measured. Every beat shows each host another one's figures.
    let snapshots: Vec<Snapshot> = cards.iter().map(|card| snapshot(&mut random, card.id)).collect();
    let pid = std::process::id();
    let before = Usage::of(pid)?;
    let (mut happened, mut boards) = (0, 0);
    for beat in 1..=options.beats {
        let (now, at_ms) = (beat * 500, beat as i64 * 500);
        judge.begin(now, at_ms, cards.iter().map(|card| (card.id, HostStatus::Online)));
        for (index, card) in cards.iter().enumerate() {
            let snapshot = &snapshots[(index + beat as usize) % snapshots.len()];
            let look = Look { id: card.id, status: HostStatus::Online, snapshot: Some(snapshot), skew_ms: Some(3.0), cores: 4 };
            judge.look(look, false, now, at_ms);
        }
        let outcome = judge.finish(at_ms);
        happened += outcome.happenings.len();
        boards += usize::from(outcome.board.is_some());
    }
    let used_s = Usage::of(pid)?.cpu_s - before.cpu_s;
    let seconds = options.beats as f64 / BEATS_A_SECOND;
    Ok(serde_json::json!({
        "cpu_cores": used_s / seconds,
        "ms_per_beat": used_s * 1_000.0 / options.beats as f64,
        "hosts": options.hosts,
        "rules_per_host": rules,
        "beats": options.beats,
        "happenings": happened,
        "boards": boards,
    }))
}
