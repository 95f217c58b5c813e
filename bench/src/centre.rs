//! The centre in this process, on a runtime of its own, so that its tasks can be counted and what it reports can be heard.

use anyhow::Context;
use protocol::secret::Secret;
use secrecy::ExposeSecret;
use std::path::PathBuf;
use std::time::Duration;
use tactus::config::Config;
use tactus::startup::Application;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// A running centre.
pub struct Centre {
    runtime: Runtime,
    running: JoinHandle<anyhow::Result<()>>,
    /// `http://127.0.0.1:<port>`.
    pub url: String,
    /// Creates the administrator; `None` where there is one.
    pub token: Option<Secret>,
    stop: CancellationToken,
}

impl Centre {
    /// Starts it on a data folder.
    ///
    /// # Errors
    /// It does not start.
    pub async fn start(data: PathBuf) -> anyhow::Result<Self> {
        tokio::task::spawn_blocking(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
            let variables = [("TACTUS_LISTEN", "127.0.0.1:0".into()), ("TACTUS_DATA_DIR", data.display().to_string())];
            let config = Config::from_sources(None, variables.map(|(name, value): (&str, String)| (name.to_owned(), value)))?;
            let stop = CancellationToken::new();
            let until = stop.clone();
            let (ready, started) = std::sync::mpsc::channel();
            let running = runtime.spawn(async move {
                let application = Application::build(&config).await?;
                let url = format!("http://{}", application.address()?);
                let token = application.setup_token().map(|token| Secret::new(token.expose_secret()));
                ready.send((url, token)).context("nobody waits for the centre")?;
                application.run_until_stopped(until).await
            });
            let (url, token) = started.recv().context("the centre does not start")?;
            Ok(Self { runtime, running, url, token, stop })
        })
        .await?
    }

    /// Tasks that are alive.
    pub fn tasks(&self) -> usize {
        self.runtime.metrics().num_alive_tasks()
    }

    /// Stops it.
    ///
    /// # Errors
    /// It has ended badly.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.stop.cancel();
        self.running.await??;
        tokio::task::spawn_blocking(move || self.runtime.shutdown_timeout(Duration::from_secs(2))).await?;
        Ok(())
    }
}
