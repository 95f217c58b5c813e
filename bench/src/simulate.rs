//! `simulate`: a centre with a fleet to look at or to measure the page with, until it is interrupted.

use crate::fleet::{Fleet, PASSWORD, USER};
use std::path::PathBuf;

/// How large the fleet is.
#[derive(clap::Args)]
pub struct Options {
    /// Simulated agents.
    #[arg(long, default_value_t = 50)]
    hosts: usize,
    /// The centre's program.
    #[arg(long, default_value = "target/release/tactus")]
    centre: PathBuf,
}

/// Starts the fleet, prints one line of JSON (url, cookie, user, password, data_dir), and waits for Ctrl-C or SIGTERM.
///
/// # Errors
/// The fleet does not start.
pub async fn run(options: Options) -> anyhow::Result<()> {
    let fleet = Fleet::start(&options.centre, options.hosts).await?;
    let line = serde_json::json!({
        "url": fleet.url, "cookie": fleet.cookie, "user": USER, "password": PASSWORD, "data_dir": fleet.data_dir(), "pid": fleet.centre_pid(),
    });
    println!("{line}");
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        stopped = tokio::signal::ctrl_c() => stopped?,
        _ = terminate.recv() => {}
    }
    Ok(())
}
