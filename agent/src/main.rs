//! The command line of the agent.

use agent::machine::Machine;
use agent::serve::{Feed, Secrets, serve};
use anyhow::Context;
use clap::{Parser, Subcommand};
use protocol::beat::until_next_beat;
use rustix::process::{Gid, Uid};
use rustix::thread::{set_no_new_privs, set_thread_gid, set_thread_groups, set_thread_uid};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Shows this machine to its centre twice a second. Executes, writes and deletes nothing.
#[derive(Parser)]
#[command(name = "tactus-agent", version = agent::version())]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves /metrics, /stream and /healthz over TLS.
    Serve {
        /// Address and port.
        #[arg(long, default_value = "[::]:9100")]
        listen: SocketAddr,
        /// Folder with certificate.pem, key.pem and token-sha256.
        #[arg(long, env = "CREDENTIALS_DIRECTORY")]
        secrets: PathBuf,
        /// Where the machine's /proc, /sys and /etc are.
        #[arg(long, default_value = "/")]
        root: PathBuf,
        /// After the secrets are read, go on as this user and group without any right of root's.
        #[arg(long)]
        drop_to: Option<u32>,
    },
    /// Prints one snapshot as JSON.
    Once {
        /// Where the machine's /proc, /sys and /etc are.
        #[arg(long, default_value = "/")]
        root: PathBuf,
    },
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Serve { listen, secrets, root, drop_to } => {
            let secrets = Secrets::load(&secrets)?;
            if let Some(id) = drop_to {
                become_user(id).with_context(|| format!("cannot become user {id}"))?;
            }
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(run(listen, &secrets, &root))
        }
        Command::Once { root } => once(&root),
    }
}

fn once(root: &Path) -> anyhow::Result<()> {
    let mut machine = Machine::new(root);
    machine.sample(now_us() / 1_000);
    thread::sleep(until_next_beat(now_us(), 0));
    println!("{}", serde_json::to_string(&machine.sample(now_us() / 1_000))?);
    Ok(())
}

/// Gives up every right of root's for good. Only this thread exists yet, so what holds for it holds for all.
fn become_user(id: u32) -> rustix::io::Result<()> {
    set_no_new_privs(true)?;
    set_thread_groups(&[])?;
    set_thread_gid(Gid::from_raw(id))?;
    set_thread_uid(Uid::from_raw(id))
}

async fn run(listen: SocketAddr, secrets: &Secrets, root: &Path) -> anyhow::Result<()> {
    let listener = TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    let address = listener.local_addr()?;
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let feed = Feed::new();
    let (stop_sampler, stopped) = channel();
    let sampler = {
        let (machine, feed) = (Machine::new(root), feed.clone());
        thread::Builder::new().name("sampler".into()).spawn(move || sample(machine, &feed, &stopped))?
    };
    let stop = CancellationToken::new();
    let until = stop.clone();
    let signals = tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        until.cancel();
    });
    eprintln!("tactus-agent {} serves on {address}", agent::version());
    let outcome = serve(listener, secrets, feed, stop).await;
    signals.abort();
    drop(stop_sampler);
    // Only a panic can make this fail, and that has been printed.
    let _ = sampler.join();
    Ok(outcome?)
}

/// Samples on every beat, on a thread of its own: no client can delay it. Ends when the other end of `stopped` is dropped.
fn sample(mut machine: Machine, feed: &Feed, stopped: &Receiver<()>) {
    // Rates need two readings: with this one, the first snapshot that anybody sees has them.
    machine.sample(now_us() / 1_000);
    while stopped.recv_timeout(until_next_beat(now_us(), 0)) == Err(RecvTimeoutError::Timeout) {
        let snapshot = machine.sample(now_us() / 1_000);
        feed.publish_observed(snapshot, machine.observation());
    }
}

/// UTC, microseconds.
fn now_us() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros() as i64)
}
