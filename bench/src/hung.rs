//! `bench hung`: a fleet of which a part hangs, in three ways. The others must not notice, and nothing may leak.

use crate::centre::Centre;
use crate::fleet::{Agents, enter, now_us, populate};
use crate::link::{HANGING, Link, Passage};
use crate::live::{Socket, next_overview, watch};
use crate::process::percentile;
use anyhow::Context;
use protocol::host::{HostId, HostStatus};
use protocol::live::OverviewFrame;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// What is measured.
#[derive(clap::Args)]
pub struct Options {
    /// Simulated agents.
    #[arg(long, default_value_t = 200)]
    hosts: usize,
    /// How many of them hang.
    #[arg(long, default_value_t = 50)]
    hung: usize,
    /// How long they hang.
    #[arg(long, default_value_t = 40)]
    seconds: u64,
}

/// How long the fleet may take to be live as a whole.
const WITHIN: Duration = Duration::from_secs(90);
/// What the end of tasks and connections may take after the fleet is live again, before they are counted.
const SETTLING: Duration = Duration::from_secs(15);
/// Readings of which the least counts, and the time between two.
const READINGS: u32 = 100;
const BETWEEN_READINGS: Duration = Duration::from_millis(70);
/// The first host is the centre's own machine.
const FIRST: HostId = 2;

/// Open files and sockets of this process: the centre's, and the simulated agents', which hold the other end of each.
fn open_files() -> anyhow::Result<usize> {
    Ok(std::fs::read_dir("/proc/self/fd")?.count())
}

/// Open files and tasks at rest: the least of many readings. What leaks is in every one of them; a try that passes (a connection, a
/// statement) is not. The socket is read meanwhile: the centre closes one that nobody reads, which would be a file and a task less.
async fn at_rest(centre: &Centre, socket: &mut Socket) -> anyhow::Result<(usize, usize)> {
    let counting = async {
        tokio::time::sleep(SETTLING).await;
        let (mut files, mut tasks) = (usize::MAX, usize::MAX);
        for _ in 0..READINGS {
            tokio::time::sleep(BETWEEN_READINGS).await;
            (files, tasks) = (files.min(open_files()?), tasks.min(centre.tasks()));
        }
        anyhow::Ok((files, tasks))
    };
    tokio::pin!(counting);
    loop {
        tokio::select! {
            counted = &mut counting => return counted,
            frame = next_overview(socket) => drop(frame?),
        }
    }
}

/// Runs the measurement; answers the flat JSON of the last line.
///
/// # Errors
/// The fleet does not start.
pub async fn run(options: Options) -> anyhow::Result<Value> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let stop = CancellationToken::new();
    let Agents { links, .. } = populate(&data, options.hosts, options.hung, &stop).await?;
    let centre = Centre::start(data).await?;
    let cookie = enter(&centre.url, centre.token.as_ref()).await?;
    let mut socket = watch(&centre.url, &cookie).await?;
    eprintln!("{} agents; waiting until all are online", options.hosts);
    until_live(&mut socket, options.hosts).await?;
    let (files, tasks) = at_rest(&centre, &mut socket).await?;
    let mut calm = follow(&mut socket, options.hung, Duration::from_secs(10)).await?;

    eprintln!("{} of them hang for {} s", options.hung, options.seconds);
    let mut blocked = hang(&links);
    let mut seen = follow(&mut socket, options.hung, Duration::from_secs(options.seconds)).await?;
    let during = (open_files()?, centre.tasks());
    let offline: Vec<f64> = seen.offline_ms.values().copied().collect();
    links.iter().for_each(|link| link.set(Passage::Free));
    blocked.abort_all();
    let healed = Instant::now();
    until_live(&mut socket, options.hosts).await?;
    let back_s = healed.elapsed().as_secs_f64();
    let (files_after, tasks_after) = at_rest(&centre, &mut socket).await?;
    let drift = |after: usize, before: usize| after as i64 - before as i64;
    let figures = json!({
        "healthy_lateness_ms_p99": percentile(&mut seen.lateness_ms, 0.99),
        "healthy_lateness_ms_p50": percentile(&mut seen.lateness_ms, 0.5),
        "calm_lateness_ms_p99": percentile(&mut calm.lateness_ms, 0.99),
        "healthy_offline": seen.healthy_offline,
        "hung_offline": offline.len(),
        "hung_offline_ms_max": offline.iter().copied().fold(0.0, f64::max),
        "fd_drift": drift(files_after, files),
        "task_drift": drift(tasks_after, tasks),
        "fd_during": drift(during.0, files),
        "task_during": drift(during.1, tasks),
        "tasks": tasks,
        "back_s": back_s,
        "hosts": options.hosts,
        "hung": options.hung,
        "seconds": options.seconds,
    });
    stop.cancel();
    centre.stop().await?;
    Ok(figures)
}

/// Lets the links hang, a third of them each way. What is answered fills the queues of the black holes, so that the kernel drops the first
/// packets of every further connection.
fn hang(links: &[Link]) -> JoinSet<()> {
    let mut filling = JoinSet::new();
    for (number, link) in links.iter().enumerate() {
        let passage = HANGING[number % HANGING.len()];
        link.set(passage);
        if passage == Passage::BlackHole {
            for _ in 0..2 {
                let port = link.port;
                filling.spawn(async move {
                    let connected = tokio::net::TcpStream::connect(("127.0.0.1", port)).await;
                    std::future::pending::<()>().await;
                    drop(connected);
                });
            }
        }
    }
    filling
}

async fn until_live(socket: &mut Socket, hosts: usize) -> anyhow::Result<()> {
    let waiting = async {
        loop {
            let frame = next_overview(socket).await?;
            // The fleet and the centre's own machine.
            if frame.hosts.iter().filter(|figures| figures.status.is_live()).count() > hosts {
                return anyhow::Ok(());
            }
        }
    };
    tokio::time::timeout(WITHIN, waiting).await.context("the fleet is not live as a whole in time")?
}

/// What was seen of the fleet.
#[derive(Default)]
struct Seen {
    /// From a healthy host's sample to its receipt here.
    lateness_ms: Vec<f64>,
    /// When each hung host was shown as offline, since the beginning.
    offline_ms: HashMap<HostId, f64>,
    healthy_offline: u64,
}

async fn follow(socket: &mut Socket, hung: usize, length: Duration) -> anyhow::Result<Seen> {
    let mut seen = Seen::default();
    let mut sampled: HashMap<HostId, i64> = HashMap::new();
    let began = Instant::now();
    while began.elapsed() < length {
        let OverviewFrame { hosts, .. } = next_overview(socket).await?;
        let now_ms = now_us() as f64 / 1e3;
        for figures in hosts.iter().filter(|figures| figures.id >= FIRST) {
            let hangs = ((figures.id - FIRST) as usize) < hung;
            let offline = figures.status == HostStatus::Offline;
            match (hangs, offline) {
                (true, true) => drop(seen.offline_ms.entry(figures.id).or_insert(began.elapsed().as_secs_f64() * 1e3)),
                (false, true) => seen.healthy_offline += 1,
                _ => {}
            }
            if let Some(sampled_at_ms) = figures.sampled_at_ms.filter(|_| !hangs)
                && sampled.insert(figures.id, sampled_at_ms).is_some_and(|before| before != sampled_at_ms)
            {
                seen.lateness_ms.push(now_ms - sampled_at_ms as f64);
            }
        }
    }
    Ok(seen)
}
