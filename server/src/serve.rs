//! The command `serve`: log, signals, what the console shows.

use anyhow::Context;
use secrecy::ExposeSecret;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::time::Duration;
use tactus::config::Config;
use tactus::startup::Application;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// How long threads that compute something may hold up the end of the program.
const THREADS_WITHIN: Duration = Duration::from_millis(500);

/// Runs the centre until SIGTERM or SIGINT.
pub fn serve(config: &Config) -> ExitCode {
    let log = tracing_subscriber::fmt().with_env_filter(EnvFilter::new(&config.log.filter));
    // What cannot be logged is not printed either: that panics where the console is gone.
    log.with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal()).log_internal_errors(false).init();
    match start(config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tactus: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start(config: &Config) -> anyhow::Result<()> {
    // Fails only if there is a provider already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start threads")?;
    let ran = runtime.block_on(run(config));
    runtime.shutdown_timeout(THREADS_WITHIN);
    ran
}

async fn run(config: &Config) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for SIGINT")?;
    let application = Application::build(config).await?;
    // A console that is gone, as behind `| head -1`, is no reason to end.
    let mut console = std::io::stdout();
    let _ = writeln!(console, "Tactus {} is ready: http://{}", env!("CARGO_PKG_VERSION"), application.address()?);
    if let Some(token) = application.setup_token() {
        let _ = writeln!(console, "Set-up token: {}", token.expose_secret());
    }
    let stopped = CancellationToken::new();
    let stop = stopped.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        stop.cancel();
    });
    application.run_until_stopped(stopped).await
}
