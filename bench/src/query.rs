//! `bench query`: questions of the page to a store with a long past, while a fleet goes on to be collected and written.
//!
//! The history is that of a few simulated machines, written and sealed by the real store and given to all hosts: the database has as many
//! chunks and bytes as if each host had a past of its own. The centre runs in this process, real agents beat on loopback, and questions go
//! over HTTP as the page's do.

use crate::centre::Centre;
use crate::fleet::{enter, now_ms, populate};
use crate::history::{Archive, hours, machines};
use crate::live::{Socket, next_overview, watch};
use crate::process::percentile;
use crate::sql::copy_history;
use crate::writes::Writes;
use anyhow::{Context, ensure};
use app::views::{HistoryAnswer, HistoryQuestion};
use protocol::beat::BEAT_MS;
use protocol::host::HostId;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tactus::store::Store;
use tokio_util::sync::CancellationToken;

/// What is measured.
#[derive(clap::Args)]
pub struct Options {
    /// Hosts with a past and an agent.
    #[arg(long, default_value_t = 200)]
    hosts: usize,
    /// Days of history.
    #[arg(long, default_value_t = 90)]
    days: u32,
    /// Machines whose history is simulated; the others get a copy.
    #[arg(long, default_value_t = 4)]
    patterns: usize,
    /// Length of the measurement.
    #[arg(long, default_value_t = 120)]
    seconds: u64,
    /// A data folder to use, which is filled if it is empty, and stays; else one of its own.
    #[arg(long)]
    data: Option<PathBuf>,
}

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// The first host is the centre's own machine.
const FIRST: HostId = 2;
const METRICS: [&str; 4] = ["cpu_percent", "memory_percent", "network_in_bytes_per_s", "network_out_bytes_per_s"];
const POINTS: u32 = 1_000;
/// How long the fleet may take to be live as a whole.
const WITHIN: Duration = Duration::from_secs(90);
/// Hosts that are compared by the widest question.
const COMPARED: usize = 20;

/// Name, hosts and length of each question.
const QUESTIONS: [(&str, usize, i64); 4] =
    [("1h", 1, HOUR_MS), ("24h", 1, DAY_MS), ("90d", 1, 90 * DAY_MS), ("90d_20hosts", COMPARED, 90 * DAY_MS)];

/// Runs the measurement; answers the flat JSON of the last line.
///
/// # Errors
/// The store cannot be filled or the centre does not answer.
pub async fn run(options: Options) -> anyhow::Result<serde_json::Value> {
    let folder = tempfile::tempdir()?;
    let data = options.data.clone().unwrap_or_else(|| folder.path().join("data"));
    let writes = Writes::listen()?;
    fill(&data, &options).await?;
    let data_mib = std::fs::metadata(data.join("tactus.db"))?.len() as f64 / 1_048_576.0;
    let stop = CancellationToken::new();
    populate(&data, options.hosts, 0, &stop).await?;
    let centre = Centre::start(data).await?;
    let cookie = enter(&centre.url, centre.token.as_ref()).await?;
    let mut socket = watch(&centre.url, &cookie).await?;
    until_live(&mut socket, options.hosts).await?;
    eprintln!("{} hosts are live, {data_mib:.0} MiB; asking for {} s", options.hosts, options.seconds);

    let asker = Asker::new(&centre.url, &cookie, options.hosts)?;
    for (_, hosts, range_ms) in QUESTIONS {
        asker.ask(0, hosts, range_ms).await?;
    }
    writes.take();
    // What was not read meanwhile would pass for late.
    let mut socket = watch(&centre.url, &cookie).await?;
    let done = CancellationToken::new();
    let until = done.clone();
    let beats = tokio::spawn(async move { follow(&mut socket, until).await });
    let mut taken: [Vec<f64>; QUESTIONS.len()] = Default::default();
    let (began, mut round) = (Instant::now(), 0);
    while began.elapsed() < Duration::from_secs(options.seconds) {
        for ((_, hosts, range_ms), taken) in QUESTIONS.iter().zip(&mut taken) {
            taken.push(asker.ask(round, *hosts, *range_ms).await?);
        }
        round += 1;
        // People look at what they asked for.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    done.cancel();
    let beats = beats.await??;
    let mut written = writes.take();
    let mut figures = serde_json::json!({
        "write_ms_p99": percentile(&mut written, 0.99),
        "write_ms_p50": percentile(&mut written, 0.5),
        "writes": written.len(),
        "late_beats": beats.late,
        "beats": beats.seen,
        "beat_lateness_ms_max": beats.worst_ms,
        "data_mib": data_mib,
        "hosts": options.hosts,
        "days": options.days,
        "patterns": options.patterns,
        "rounds": round,
        "seconds": options.seconds,
    });
    for ((name, _, _), taken) in QUESTIONS.iter().zip(&mut taken) {
        figures[format!("query_{name}_ms_p95")] = percentile(taken, 0.95).into();
        figures[format!("query_{name}_ms_p50")] = percentile(taken, 0.5).into();
    }
    stop.cancel();
    centre.stop().await?;
    Ok(figures)
}

/// Fills an empty folder: the inventory first, then the past of some, then that of all.
async fn fill(data: &Path, options: &Options) -> anyhow::Result<()> {
    let database = data.join("tactus.db");
    if database.exists() {
        return Ok(());
    }
    // Agents of this round stop at once: only the inventory is wanted.
    let stop = CancellationToken::new();
    stop.cancel();
    let patterned = options.patterns.min(options.hosts);
    populate(data, patterned, 0, &stop).await?;
    let started = Instant::now();
    let end_ms = now_ms().div_euclid(HOUR_MS) * HOUR_MS;
    let from_ms = end_ms - i64::from(options.days) * DAY_MS;
    let patterns: Vec<HostId> = (FIRST..).take(patterned).collect();
    let mut archive = Archive::new(Store::open(&database).await?, from_ms).await?;
    let mut coming = hours(machines(&patterns), from_ms, end_ms);
    while let Some(mut hour) = coming.recv().await {
        // Programs have a budget of their own, whatever the number of hosts.
        hour.batch.processes.clear();
        archive.take(&hour).await?;
        if hour.end_ms % DAY_MS == 0 {
            eprint!("\rday {} of {}, {:.0} s ", (hour.end_ms - from_ms) / DAY_MS, options.days, started.elapsed().as_secs_f64());
        }
    }
    // The last hour is sealed, too, so that it can be copied.
    archive.finish(end_ms + 15 * 60_000).await?.close().await;
    populate(data, options.hosts, 0, &stop).await?;
    let others = (FIRST..).skip(patterns.len()).take(options.hosts.saturating_sub(patterns.len()));
    let pairs: Vec<_> = others.enumerate().map(|(number, host)| (patterns[number % patterns.len()], host)).collect();
    copy_history(&database, &pairs).await?;
    eprintln!("\nfilled in {:.0} s", started.elapsed().as_secs_f64());
    Ok(())
}

/// Asks as the page does.
struct Asker {
    client: reqwest::Client,
    url: String,
    cookie: String,
    origin: String,
    hosts: usize,
}

impl Asker {
    fn new(url: &str, cookie: &str, hosts: usize) -> anyhow::Result<Self> {
        let client = reqwest::Client::builder().build()?;
        Ok(Self { client, url: format!("{url}/api/history/query"), cookie: cookie.into(), origin: url.into(), hosts })
    }

    /// Milliseconds from the question to the answer's last byte. Another `round` is about other hosts.
    async fn ask(&self, round: usize, hosts: usize, range_ms: i64) -> anyhow::Result<f64> {
        let to_ms = now_ms();
        let hosts = (0..hosts).map(|number| FIRST + ((round * COMPARED + number) % self.hosts) as HostId).collect();
        let series = METRICS.map(str::to_owned).to_vec();
        let question = HistoryQuestion { hosts, series, from_ms: to_ms - range_ms, to_ms, points: POINTS };
        let expected = question.hosts.len() * question.series.len();
        let began = Instant::now();
        let request = self.client.post(&self.url).header("origin", &self.origin).header("cookie", &self.cookie);
        let answer = request.json(&serde_json::json!({ "question": question })).send().await?;
        let (status, bytes) = (answer.status(), answer.bytes().await?);
        let taken = began.elapsed().as_secs_f64() * 1e3;
        ensure!(status.is_success(), "{status}: {}", String::from_utf8_lossy(&bytes));
        let answer: HistoryAnswer = serde_json::from_slice(&bytes)?;
        let filled = answer.lines.iter().filter(|line| line.total.is_some()).count();
        ensure!(filled == expected, "{filled} of {expected} lines have points, for {range_ms} ms");
        Ok(taken)
    }
}

/// What was seen of the live feed.
#[derive(Default)]
struct Beats {
    seen: u64,
    /// Frames that came more than a beat later than they should, and frames that never came.
    late: u64,
    worst_ms: f64,
}

async fn follow(socket: &mut Socket, done: CancellationToken) -> anyhow::Result<Beats> {
    let mut beats = Beats::default();
    let mut last: Option<(u64, Instant)> = None;
    while let Some(frame) = done.run_until_cancelled(next_overview(socket)).await {
        let (frame, at) = (frame?, Instant::now());
        if let Some((seq, before)) = last {
            let late_ms = (at - before).as_secs_f64() * 1e3 - BEAT_MS as f64;
            beats.worst_ms = beats.worst_ms.max(late_ms);
            beats.late += frame.seq - seq - 1 + u64::from(late_ms > BEAT_MS as f64);
        }
        beats.seen += 1;
        last = Some((frame.seq, at));
    }
    Ok(beats)
}

async fn until_live(socket: &mut Socket, hosts: usize) -> anyhow::Result<()> {
    let waiting = async {
        while next_overview(socket).await?.hosts.iter().filter(|figures| figures.status.is_live()).count() <= hosts {}
        anyhow::Ok(())
    };
    tokio::time::timeout(WITHIN, waiting).await.context("the fleet is not live as a whole in time")?
}
