//! `bench live`: from the agent's sample to the browser's receipt, with a hundred agents and twenty browsers.

use crate::fleet::{Fleet, now_us};
use crate::process::Usage;
use anyhow::Context;
use futures_util::StreamExt;
use protocol::beat::BEAT_MS;
use protocol::codec::decode_message;
use protocol::host::HostId;
use protocol::live::{OverviewFrame, ServerMessage};
use std::collections::HashMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;

/// What is measured.
#[derive(clap::Args)]
pub struct Options {
    /// Simulated agents.
    #[arg(long, default_value_t = 100)]
    hosts: usize,
    /// WebSocket clients.
    #[arg(long, default_value_t = 20)]
    clients: usize,
    /// Length of the measurement.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// The centre's program.
    #[arg(long, default_value = "target/release/tactus")]
    centre: PathBuf,
}

/// What one client saw.
#[derive(Default)]
struct Seen {
    latencies_ms: Vec<f64>,
    jitters_ms: Vec<f64>,
    frames: u64,
    lost: u64,
}

/// Runs the measurement; answers the flat JSON of the last line.
///
/// # Errors
/// The fleet does not start.
pub async fn run(options: Options) -> anyhow::Result<serde_json::Value> {
    let fleet = Fleet::start(&options.centre, options.hosts).await?;
    eprintln!("{} agents, centre at {}; waiting until all are online", options.hosts, fleet.url);
    all_online(&fleet, options.hosts).await?;
    let clients: Vec<_> = (0..options.clients).map(|_| watch(&fleet.url, &fleet.cookie)).collect();
    let sockets = futures_util::future::try_join_all(clients).await?;
    eprintln!("measuring for {} s", options.seconds);
    let pid = fleet.centre_pid().context("the centre has ended")?;
    let before = Usage::of(pid)?;
    let started = Instant::now();
    let length = Duration::from_secs(options.seconds);
    let tasks: Vec<_> = sockets.into_iter().map(|socket| tokio::spawn(measure(socket, length))).collect();
    let mut total = Seen::default();
    let mut rss_mib: f64 = 0.0;
    let mut finished = futures_util::future::join_all(tasks);
    let seen = loop {
        tokio::select! {
            seen = &mut finished => break seen,
            () = tokio::time::sleep(Duration::from_secs(1)) => rss_mib = rss_mib.max(Usage::of(pid)?.rss_mib),
        }
    };
    let after = Usage::of(pid)?;
    let cpu = (after.cpu_s - before.cpu_s) / started.elapsed().as_secs_f64();
    for seen in seen {
        let seen = seen??;
        total.latencies_ms.extend(seen.latencies_ms);
        total.jitters_ms.extend(seen.jitters_ms);
        total.frames += seen.frames;
        total.lost += seen.lost;
    }
    let centre_threads = after.threads;
    Ok(serde_json::json!({
        "latency_ms_p50": crate::process::percentile(&mut total.latencies_ms, 0.50),
        "latency_ms_p99": crate::process::percentile(&mut total.latencies_ms, 0.99),
        "latency_ms_max": crate::process::percentile(&mut total.latencies_ms, 1.0),
        "beat_jitter_ms_p50": crate::process::percentile(&mut total.jitters_ms, 0.50),
        "beat_jitter_ms_p99": crate::process::percentile(&mut total.jitters_ms, 0.99),
        "frames_lost": total.lost,
        "frames": total.frames,
        "samples": total.latencies_ms.len(),
        "centre_rss_mib": rss_mib.max(after.rss_mib),
        "centre_cpu_cores": cpu,
        "centre_threads": centre_threads,
        "hosts": options.hosts,
        "clients": options.clients,
        "seconds": options.seconds,
    }))
}

/// A browser's socket.
pub type Socket = tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

/// Opens a browser's socket.
///
/// # Errors
/// The centre refuses it.
pub async fn watch(url: &str, cookie: &str) -> anyhow::Result<Socket> {
    let mut request = format!("{}/api/live?topics=overview", url.replacen("http", "ws", 1)).into_client_request()?;
    request.headers_mut().insert("origin", HeaderValue::from_str(url)?);
    request.headers_mut().insert("cookie", HeaderValue::from_str(cookie)?);
    Ok(tokio_tungstenite::connect_async(request).await?.0)
}

/// The next frame of the overview.
///
/// # Errors
/// The centre closes the socket.
pub async fn next_overview(socket: &mut Socket) -> anyhow::Result<OverviewFrame> {
    loop {
        let message = socket.next().await.context("the centre closed the socket")??;
        if let Message::Binary(bytes) = message
            && let ServerMessage::Overview(frame) = decode_message(&bytes)?
        {
            return Ok(frame);
        }
    }
}

/// Waits until the whole fleet is live.
///
/// # Errors
/// It does not come.
pub async fn all_online(fleet: &Fleet, hosts: usize) -> anyhow::Result<()> {
    let mut socket = watch(&fleet.url, &fleet.cookie).await?;
    let waiting = async {
        loop {
            let frame = next_overview(&mut socket).await?;
            // The fleet and the centre's own machine.
            if frame.hosts.iter().filter(|figures| figures.status.is_live()).count() > hosts {
                return anyhow::Ok(());
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), waiting).await.context("the fleet did not come online in 60 s")?
}

async fn measure(mut socket: Socket, length: Duration) -> anyhow::Result<Seen> {
    let mut seen = Seen::default();
    let mut sampled: HashMap<HostId, i64> = HashMap::new();
    let mut last: Option<(u64, Instant)> = None;
    let end = Instant::now() + length;
    while Instant::now() < end {
        let frame = next_overview(&mut socket).await?;
        let (now_ms, at) = (now_us() as f64 / 1e3, Instant::now());
        seen.frames += 1;
        if let Some((seq, before)) = last {
            seen.lost += frame.seq - seq - 1;
            seen.jitters_ms.push(((at - before).as_secs_f64() * 1e3 - BEAT_MS as f64).abs());
        }
        last = Some((frame.seq, at));
        for figures in &frame.hosts {
            // A value that was in the last frame already is no new sample.
            if let Some(sampled_at_ms) = figures.sampled_at_ms
                && sampled.insert(figures.id, sampled_at_ms) != Some(sampled_at_ms)
            {
                seen.latencies_ms.push(now_ms - sampled_at_ms as f64);
            }
        }
    }
    // The first frame holds samples of any age.
    seen.latencies_ms.drain(..sampled.len().min(seen.latencies_ms.len()));
    Ok(seen)
}
