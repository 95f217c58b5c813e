//! `bench sources`: the same loaded host read by its agent and by the shell over SSH at once, on a real systemd host.

use crate::add_host::{HOST, form};
use crate::fallback::{log_in, target};
use crate::fleet::now_ms;
use crate::process::percentile;
use anyhow::Context;
use protocol::snapshot::{Memory, Snapshot};
use secrecy::SecretString;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tactus::collect::ShellStream;
use tactus::collect::agent::{AgentEndpoint, AgentStream};
use tactus::deploy::{Artifacts, install, remove};
use tactus::ssh::Limits;
use tokio_util::sync::CancellationToken;

/// What is measured.
#[derive(clap::Args)]
pub struct Options {
    /// Length of the measurement.
    #[arg(long, default_value_t = 40)]
    seconds: u64,
    /// Agents to install.
    #[arg(long, default_value = "target/agents")]
    agents: PathBuf,
}

/// Half of one core, some memory and some writing, in turns of a tenth of a second; ends by itself.
const LOAD: &str = "timeout 120 sh -c 'while :; do i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; \
                    head -c 200000 /dev/zero > /tmp/bench-load; sleep 0.1; done'; rm -f /tmp/bench-load";
const LIMITS: Limits = Limits { total: Duration::from_secs(150), silence: Duration::from_secs(150) };

/// Rates below this differ by what the measurement itself sends, so they are compared with this, in bytes per second.
const RATE_FLOOR: f64 = 100e3;

/// Counted in turns, so many times each; either counts every two seconds.
const PROCESSES: &str = "processes";
const TURNS: u32 = 8;
const COUNTED_WITHIN: Duration = Duration::from_millis(2_600);

/// Metrics that both sources tell, each as what is compared and the scale on which one per cent is one per cent.
type Metric = (&'static str, fn(&Snapshot) -> Option<f64>, fn(f64) -> f64);

/// A share in per cent: its points are compared.
fn points(_: f64) -> f64 {
    100.0
}

/// A quantity: compared with itself.
fn itself(mean: f64) -> f64 {
    mean.abs().max(1e-9)
}

fn rate(mean: f64) -> f64 {
    mean.max(RATE_FLOOR)
}

const METRICS: [Metric; 14] = [
    ("cpu", |snapshot| Some(f64::from(snapshot.cpu.as_ref()?.total_percent)), points),
    ("cpu user", |snapshot| Some(f64::from(snapshot.cpu.as_ref()?.user_percent)), points),
    ("cpu system", |snapshot| Some(f64::from(snapshot.cpu.as_ref()?.system_percent)), points),
    ("cpu iowait", |snapshot| Some(f64::from(snapshot.cpu.as_ref()?.iowait_percent)), points),
    ("memory", |snapshot| snapshot.memory.as_ref().and_then(Memory::used_percent).map(f64::from), points),
    ("memory total", |snapshot| Some(snapshot.memory?.total as f64), itself),
    ("swap", |snapshot| Some(snapshot.memory?.swap_used as f64 / 1e6), |mean| mean.max(100.0)),
    ("disk", |snapshot| snapshot.disk_percent().map(f64::from), points),
    ("load", |snapshot| Some(f64::from(snapshot.load?.one)), |mean| mean.max(1.0)),
    ("in", |snapshot| snapshot.network_bytes_per_s().0, rate),
    ("out", |snapshot| snapshot.network_bytes_per_s().1, rate),
    (PROCESSES, |snapshot| snapshot.process_count.map(f64::from), itself),
    ("uptime", |snapshot| snapshot.uptime_s.map(|seconds| seconds as f64), itself),
    ("cores", |snapshot| Some(snapshot.cpu.as_ref()?.cores_percent.len() as f64), itself),
];

/// What one source has told: snapshots and the milliseconds that each collection took.
#[derive(Default)]
struct Told {
    snapshots: Vec<Snapshot>,
    took_ms: Vec<f64>,
    /// Numbers of processes, read in turns.
    processes: Vec<f64>,
}

impl Told {
    /// Mean over the snapshots between two times by this machine's clock, which is the host's, too.
    fn mean(&self, value: fn(&Snapshot) -> Option<f64>, from_ms: i64, to_ms: i64) -> Option<f64> {
        let within = self.snapshots.iter().filter(|snapshot| (from_ms..to_ms).contains(&snapshot.sampled_at_ms));
        mean(&within.filter_map(value).collect::<Vec<_>>())
    }
}

/// Runs the measurement; answers the flat JSON of the last line.
///
/// # Errors
/// The host cannot be used.
pub async fn run(options: Options) -> anyhow::Result<Value> {
    let form = form(&std::env::var(HOST).with_context(|| format!("{HOST} is not set; `cargo xtask bench sources` sets it"))?)?;
    let target = target(&form)?;
    let artifacts = Artifacts::load(&options.agents)?;
    let installed = install(7, &target, &artifacts, &|_| {}, CancellationToken::new()).await?;
    let endpoint = AgentEndpoint {
        address: form.address.clone(),
        port: installed.agent_port,
        token: installed.token.clone(),
        certificate_sha256: installed.certificate_sha256,
    };
    let session = Arc::new(log_in(&form).await?);
    let loaded = session.clone();
    let load = tokio::spawn(async move { loaded.run(LOAD, &SecretString::from(""), LIMITS, &mut |_| {}).await.map(drop) });
    let length = Duration::from_secs(options.seconds);
    let (mut by_agent, mut by_shell) = tokio::try_join!(by_agent(&endpoint, length), by_shell(session.clone(), length))?;
    (by_agent.processes, by_shell.processes) = in_turns(&endpoint, session).await?;
    load.abort();
    remove(7, &target, &|_| {}, CancellationToken::new()).await?;
    compare(by_agent, by_shell)
}

async fn by_agent(endpoint: &AgentEndpoint, length: Duration) -> anyhow::Result<Told> {
    let mut stream = AgentStream::open(endpoint).await?;
    let mut told = Told::default();
    let start = Instant::now();
    while start.elapsed() < length {
        let snapshot = stream.next().await?;
        told.took_ms.push((now_ms() - snapshot.sampled_at_ms).max(0) as f64);
        told.snapshots.push(snapshot);
    }
    Ok(told)
}

async fn by_shell(session: Arc<tactus::ssh::Session>, length: Duration) -> anyhow::Result<Told> {
    let mut stream = ShellStream::open(session, false).await?;
    let mut told = Told::default();
    let start = Instant::now();
    while start.elapsed() < length {
        let (snapshot, took) = stream.next(false).await?;
        told.took_ms.push(took.as_secs_f64() * 1e3);
        told.snapshots.push(snapshot);
    }
    Ok(told)
}

/// Numbers of processes as agent and shell count them, each while the other does not read: both read on the beat, so that the agent would
/// count the process that reads for the shell, which the shell does not count. Both sources stay connected, because what keeps them so is
/// really there.
async fn in_turns(endpoint: &AgentEndpoint, session: Arc<tactus::ssh::Session>) -> anyhow::Result<(Vec<f64>, Vec<f64>)> {
    let (mut agent, mut shell) = (AgentStream::open(endpoint).await?, ShellStream::open(session, false).await?);
    let (mut by_agent, mut by_shell) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let began = Instant::now();
        let mut last = None;
        while began.elapsed() < COUNTED_WITHIN {
            last = shell.next(false).await?.0.process_count;
        }
        by_shell.extend(last.map(f64::from));
        // What the agent tells from then on was counted after the shell had read.
        let counted_ms = now_ms() + COUNTED_WITHIN.as_millis() as i64;
        let count = loop {
            let snapshot = agent.next().await?;
            if snapshot.sampled_at_ms >= counted_ms {
                break snapshot.process_count;
            }
        };
        by_agent.extend(count.map(f64::from));
    }
    Ok((by_agent, by_shell))
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn compare(mut by_agent: Told, mut by_shell: Told) -> anyhow::Result<Value> {
    // The first seconds of each hold no rates, or no mounts yet.
    let first = |told: &Told| told.snapshots.get(6).map(|snapshot| snapshot.sampled_at_ms);
    let last = |told: &Told| told.snapshots.last().map(|snapshot| snapshot.sampled_at_ms);
    let from_ms = first(&by_agent).max(first(&by_shell)).context("too few snapshots")?;
    let to_ms = last(&by_agent).min(last(&by_shell)).context("too few snapshots")?;
    let (mut worst, mut worst_metric, mut compared) = (0.0_f64, "", 0);
    for (name, value, scale) in METRICS {
        let (agent, shell) = match name {
            PROCESSES => (mean(&by_agent.processes), mean(&by_shell.processes)),
            _ => (by_agent.mean(value, from_ms, to_ms), by_shell.mean(value, from_ms, to_ms)),
        };
        let Some((agent, shell)) = agent.zip(shell) else {
            eprintln!("    {name}: agent {agent:?}, shell {shell:?}: not told by both");
            continue;
        };
        let difference = (agent - shell).abs() / scale(agent) * 100.0;
        eprintln!("    {name}: agent {agent:.3}, shell {shell:.3}, difference {difference:.2} %");
        compared += 1;
        if difference > worst {
            (worst, worst_metric) = (difference, name);
        }
    }
    Ok(json!({
        "max_difference_percent": (worst * 100.0).round() / 100.0,
        "worst_metric": worst_metric,
        "metrics_compared": compared,
        "agent_ms_p50": percentile(&mut by_agent.took_ms, 0.5),
        "agent_ms_p99": percentile(&mut by_agent.took_ms, 0.99),
        "ssh_ms_p50": percentile(&mut by_shell.took_ms, 0.5),
        "ssh_ms_p99": percentile(&mut by_shell.took_ms, 0.99),
        "seconds": (to_ms - from_ms) / 1_000,
    }))
}
