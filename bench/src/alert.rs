//! `bench alert`: from the moment at which a judged value crosses its threshold to the frame that tells it, one after the other and in a
//! storm.

use crate::fleet::{Dial, Fleet, now_us};
use crate::live::{Socket, all_online, watch};
use crate::process::percentile;
use anyhow::{Context, ensure};
use futures_util::StreamExt;
use protocol::alert::{AlertBoard, AlertKind};
use protocol::codec::decode_message;
use protocol::host::HostId;
use protocol::live::ServerMessage;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;

/// What is measured.
#[derive(clap::Args)]
pub struct Options {
    /// Simulated agents.
    #[arg(long, default_value_t = 500)]
    hosts: usize,
    /// Crossings one after the other.
    #[arg(long, default_value_t = 200)]
    crossings: usize,
    /// The centre's program.
    #[arg(long, default_value = "target/release/tactus")]
    centre: PathBuf,
}

const CALM: f32 = 10.0;
const BUSY: f32 = 100.0;
/// The first simulated host; before it there is the centre's own machine.
const FIRST: HostId = 2;
const BEAT: Duration = Duration::from_millis(500);
/// Longer than the mean of ten seconds, the clear time and whatever else an alert may take.
const PATIENCE: Duration = Duration::from_secs(90);

/// CPU alerts of simulated hosts on a board.
fn open_hosts(board: &AlertBoard) -> impl Iterator<Item = HostId> {
    board.open.iter().filter(|alert| alert.kind == AlertKind::Cpu && alert.host_id >= FIRST).map(|alert| alert.host_id)
}

/// Reads boards with the moment of their receipt, until the socket closes.
async fn read_boards(mut socket: Socket, boards: mpsc::UnboundedSender<(i64, AlertBoard)>) -> anyhow::Result<()> {
    while let Some(message) = socket.next().await {
        let at_us = now_us();
        let Message::Binary(bytes) = message? else { continue };
        let ServerMessage::Alerts(board) = decode_message(&bytes)? else { continue };
        if boards.send((at_us, board)).is_err() {
            break;
        }
    }
    Ok(())
}

/// Waits for a board that is as wanted.
async fn await_board(
    boards: &mut mpsc::UnboundedReceiver<(i64, AlertBoard)>,
    wanted: impl Fn(&AlertBoard) -> bool,
) -> anyhow::Result<(i64, AlertBoard)> {
    let waiting = async {
        loop {
            let (at_us, board) = boards.recv().await.context("the centre closed the socket")?;
            if wanted(&board) {
                return anyhow::Ok((at_us, board));
            }
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.context("the alerts did not come in time")?
}

fn crossed(dials: &[Arc<Dial>], id: HostId) -> Option<i64> {
    dials.get(usize::try_from(id - FIRST).ok()?)?.crossed_us()
}

/// A fleet of which every host is calm, and what its centre tells of alerts.
async fn calm_fleet(options: &Options) -> anyhow::Result<(Fleet, mpsc::UnboundedReceiver<(i64, AlertBoard)>)> {
    let fleet = Fleet::start(&options.centre, options.hosts).await?;
    fleet.dials.iter().for_each(|dial| dial.hold(CALM));
    eprintln!("{} agents, centre at {}; waiting until all are online", options.hosts, fleet.url);
    all_online(&fleet, options.hosts).await?;
    // No mean is full of other values before the first crossing.
    tokio::time::sleep(BEAT * 24).await;
    let (boards, seen) = mpsc::unbounded_channel();
    tokio::spawn(read_boards(watch(&fleet.url, &fleet.cookie).await?, boards));
    Ok((fleet, seen))
}

/// Crossings one after the other, one each beat; answers how long each took to be told, in milliseconds.
async fn one_by_one(options: &Options) -> anyhow::Result<Vec<f64>> {
    let (fleet, mut seen) = calm_fleet(options).await?;
    eprintln!("{} crossings, one each beat", options.crossings);
    let dials: Vec<Arc<Dial>> = fleet.dials[..options.crossings].to_vec();
    let turning = tokio::spawn(async move {
        for dial in dials {
            dial.hold(BUSY);
            tokio::time::sleep(BEAT).await;
        }
    });
    let mut latencies_ms: HashMap<HostId, f64> = HashMap::new();
    while latencies_ms.len() < options.crossings {
        let (at_us, board) = await_board(&mut seen, |_| true).await?;
        for id in open_hosts(&board) {
            let crossed_us = crossed(&fleet.dials, id).context("an alert without a crossing")?;
            latencies_ms.entry(id).or_insert((at_us - crossed_us) as f64 / 1_000.0);
        }
    }
    turning.await?;
    Ok(latencies_ms.into_values().collect())
}

/// What a storm came to.
struct Storm {
    /// From the first crossing to the frame that tells all of them.
    all_ms: f64,
    /// That the receiver got.
    messages: usize,
    /// From the first crossing to the first message.
    message_ms: f64,
    /// That have not been delivered.
    left: usize,
}

/// Takes messages; answers where, and when each came.
async fn receiver() -> anyhow::Result<(String, mpsc::UnboundedReceiver<i64>)> {
    let (came, messages) = mpsc::unbounded_channel();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/", listener.local_addr()?);
    let take = move || {
        // Who counts them may have ended.
        let _ = came.send(now_us());
        async { "ok" }
    };
    let router = axum::Router::new().fallback(take);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok((url, messages))
}

async fn call(fleet: &Fleet, path: &str, arguments: Value) -> anyhow::Result<Value> {
    let request = reqwest::Client::new().post(format!("{}/api/{path}", fleet.url)).header("origin", &fleet.url);
    Ok(request.header("cookie", &fleet.cookie).json(&arguments).send().await?.error_for_status()?.json().await?)
}

/// All hosts cross at once.
async fn storm(options: &Options) -> anyhow::Result<Storm> {
    let (fleet, mut seen) = calm_fleet(options).await?;
    let (url, mut messages) = receiver().await?;
    let form = json!({ "name": "bench", "kind": "webhook", "enabled": true, "language": "en", "time_zone": "UTC", "fields": {},
        "secrets": { "url": url }, "forget": [] });
    call(&fleet, "notifiers/save", json!({ "id": null, "form": form })).await?;
    eprintln!("{} crossings at once", options.hosts);
    fleet.dials.iter().for_each(|dial| dial.hold(BUSY));
    let (all_us, _) = await_board(&mut seen, |board| open_hosts(board).count() >= options.hosts).await?;
    let first_us = fleet.dials.iter().filter_map(|dial| dial.crossed_us()).min().context("nothing has crossed")?;
    let message_us = tokio::time::timeout(PATIENCE, messages.recv()).await.context("no message came")?.context("no receiver")?;
    // Whatever else is on its way comes within this time.
    tokio::time::sleep(BEAT * 20).await;
    let count = async |state: &str| -> anyhow::Result<usize> {
        let filter = json!({ "filter": { "state": state, "notifier_id": null, "before_id": null } });
        Ok(call(&fleet, "deliveries", filter).await?.as_array().map_or(0, Vec::len))
    };
    Ok(Storm {
        all_ms: (all_us - first_us) as f64 / 1_000.0,
        messages: 1 + std::iter::from_fn(|| messages.try_recv().ok()).count(),
        message_ms: (message_us - first_us) as f64 / 1_000.0,
        left: count("waiting").await? + count("dead").await?,
    })
}

/// Runs the measurement; answers the flat JSON of the last line.
///
/// # Errors
/// A fleet does not start, or an alert does not come.
pub async fn run(options: Options) -> anyhow::Result<Value> {
    ensure!(options.crossings <= options.hosts, "each host crosses once");
    let mut latencies_ms = one_by_one(&options).await?;
    // A fleet of its own: who crosses again soon is damped.
    let storm = storm(&options).await?;
    Ok(serde_json::json!({
        "alert_ms_p50": percentile(&mut latencies_ms, 0.50),
        "alert_ms_p99": percentile(&mut latencies_ms, 0.99),
        "alert_ms_max": percentile(&mut latencies_ms, 1.0),
        "crossings": latencies_ms.len(),
        "storm_all_ms": storm.all_ms,
        "storm_messages": storm.messages,
        "storm_message_ms": storm.message_ms,
        "outbox_left": storm.left,
        "hosts": options.hosts,
    }))
}
