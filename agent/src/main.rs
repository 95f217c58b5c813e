//! tactus-agent: `serve` on a host, `once` to look at what it reads.

use agent::machine::Machine;
use agent::serve::{Feed, Secrets, serve};
use anyhow::Context;
use clap::{Parser, Subcommand};
use protocol::beat::{BEAT_MS, until_next_beat};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Reads this machine twice a second and serves it to the Tactus centre. Executes nothing on anybody's command.
#[derive(Parser)]
#[command(name = "tactus-agent", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves until SIGTERM.
    Serve {
        /// Address and port.
        #[arg(long, default_value = "[::]:9100")]
        listen: SocketAddr,
        /// Folder with certificate.pem, key.pem and token-sha256.
        #[arg(long, env = "CREDENTIALS_DIRECTORY")]
        secrets: PathBuf,
    },
    /// Prints one snapshot as JSON.
    Once,
}

fn main() -> anyhow::Result<()> {
    // One thread does everything: the budget is 8 MiB and a hundredth of a core.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match Arguments::parse().command {
        Command::Serve { listen, secrets } => runtime.block_on(run(listen, &secrets)),
        Command::Once => {
            let mut machine = Machine::new(Path::new("/"));
            machine.sample(now_us() / 1_000);
            std::thread::sleep(Duration::from_millis(BEAT_MS));
            println!("{}", serde_json::to_string_pretty(&machine.sample(now_us() / 1_000))?);
            Ok(())
        }
    }
}

async fn run(listen: SocketAddr, secrets: &Path) -> anyhow::Result<()> {
    let secrets = Secrets::load(secrets)?;
    let listener = TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    eprintln!("tactus-agent {} listens on {}", env!("CARGO_PKG_VERSION"), listener.local_addr()?);
    let (feed, stop) = (Feed::new(), CancellationToken::new());
    let beating = tokio::spawn(beat(feed.clone(), stop.clone()));
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let stopping = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        stopping.cancel();
    });
    serve(listener, &secrets, feed, stop).await?;
    beating.await?;
    Ok(())
}

/// Samples on every beat. On the one thread: a sample takes a millisecond or two, and nobody else needs it meanwhile.
async fn beat(feed: Feed, stop: CancellationToken) {
    let mut machine = Machine::new(Path::new("/"));
    loop {
        let snapshot = machine.sample(now_us() / 1_000);
        feed.publish_observed(snapshot, machine.observation().map(|observation| observation.as_ref().clone()));
        if stop.run_until_cancelled(tokio::time::sleep(until_next_beat(now_us(), 0))).await.is_none() {
            return;
        }
    }
}

fn now_us() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros() as i64)
}
