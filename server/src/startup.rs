//! Composition root: the only place that knows every room.

use crate::alert::{Alerts, keep_happenings, make_forecasts};
use crate::auth::Accounts;
use crate::backend::{AccountsRoom, AlertsRoom, HistoryRoom, HostsRoom, NotifyRoom};
use crate::clock::now_ms;
use crate::collect::{Logins, Scheduler, read_local};
use crate::config::Config;
use crate::deploy::Artifacts;
use crate::hosts::{Hosts, Parts};
use crate::http;
use crate::live::Hub;
use crate::notify::{self, Notifications};
use crate::outbound::Outbound;
use crate::pipeline::Pipeline;
use crate::secrets::Vault;
use crate::store::{BATCHES_KEPT, DataLock, Store, StoreHealth, write_events, write_samples};
use anyhow::Context;
use app::backend::Backend;
use futures_util::future::BoxFuture;
use protocol::live::Event;
use secrecy::SecretString;
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Readings that may wait for the pipeline: several beats of a large fleet.
const READINGS_KEPT: usize = 4_096;
/// How long the tasks may take to end. With the two seconds that open requests have before, the program stops within five.
const STOP_WITHIN: Duration = Duration::from_millis(2_500);

/// The centre, ready to serve.
///
/// Its futures are boxed, so that the whole centre is compiled here, once, and not again in every program and test that polls it.
pub struct Application {
    listener: TcpListener,
    router: axum::Router,
    accounts: Accounts,
    store: Store,
    hosts: Hosts,
    scheduler: Arc<Scheduler>,
    tasks: Vec<JoinHandle<()>>,
    stop: CancellationToken,
    lock: DataLock,
}

impl Application {
    /// Opens the data folder, takes the port and starts to collect.
    ///
    /// # Errors
    /// Folder, database, key file or port cannot be used; the message says which and why.
    pub fn build(config: &Config) -> BoxFuture<'_, anyhow::Result<Self>> {
        Box::pin(Self::build_rooms(config))
    }

    async fn build_rooms(config: &Config) -> anyhow::Result<Self> {
        let data_dir = &config.paths.data_dir;
        let folder = || format!("cannot make the data folder {}", data_dir.display());
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(data_dir).with_context(folder)?;
        let lock = DataLock::take(data_dir)?;
        let listener = TcpListener::bind(config.http.listen)
            .await
            .with_context(|| format!("cannot listen on {} (TACTUS_LISTEN)", config.http.listen))?;
        let (key, database) = (data_dir.join("secret.key"), data_dir.join("tactus.db"));
        if database.exists() && !key.exists() {
            // A new key would open none of the stored secrets, and hide that the old one is missing.
            anyhow::bail!("{} is missing, but {} is there: put the key file of this database back", key.display(), database.display());
        }
        let vault = Arc::new(Vault::open(&key)?);
        let store = Store::open(&database).await?;
        let stop = CancellationToken::new();
        let hub = Hub::default();

        let (readings, incoming) = mpsc::channel(READINGS_KEPT);
        let (batches, written) = mpsc::channel(BATCHES_KEPT);
        let (facts, seen) = mpsc::channel(READINGS_KEPT);
        let (key_changes, changed_keys) = mpsc::channel(READINGS_KEPT);
        let watched = hub.clone();
        let is_watched = Arc::new(move |host_id| watched.is_watched(host_id));
        let scheduler =
            Arc::new(Scheduler::new(readings.clone(), Logins::new(key_changes, config.collect.warm_ssh), is_watched, stop.clone()));
        let events = hub.clone();
        let hosts = Hosts::open(Parts {
            store: store.clone(),
            vault: vault.clone(),
            artifacts: Arc::new(Artifacts::load(&config.paths.agents_dir)?),
            scheduler: scheduler.clone(),
            report: Box::new(move |progress| events.publish_event(Event::Deploy(progress))),
            stop: stop.clone(),
        })
        .await?;
        let health = StoreHealth::default();
        let (events, happened) = mpsc::channel(READINGS_KEPT);
        let (alerts, bench, alert_tasks) = Alerts::open(store.clone()).await?;
        let alerts_written = Arc::new(Notify::new());
        let pipeline = Pipeline {
            readings: incoming,
            entries: hosts.entries(),
            hub: hub.clone(),
            batches,
            health: health.clone(),
            facts,
            events,
            alerts: bench,
        };
        let mut tasks = vec![
            tokio::spawn(read_local(config.paths.host_root.clone(), readings, stop.clone())),
            tokio::spawn(pipeline.run(stop.clone())),
            tokio::spawn(write_samples(store.clone(), written, health.clone())),
            tokio::spawn(write_events(store.clone(), happened)),
            tokio::spawn(keep_happenings(store.clone(), alert_tasks.happened, alerts_written.clone())),
            tokio::spawn(make_forecasts(store.clone(), alert_tasks.forecasts, stop.clone())),
            tokio::spawn(hosts.clone().keep_facts(seen)),
            tokio::spawn(hosts.clone().block_changed(changed_keys)),
        ];

        let notifications = Notifications::new(notify::Parts {
            store: store.clone(),
            vault,
            outbound: Outbound::new(config.outbound.allow_loopback),
            news: alerts_written,
            clock: Arc::new(now_ms),
        });
        tasks.extend(notifications.run(&stop));

        let accounts = Accounts::new(store.clone()).await?;
        let looked_after = accounts.clone();
        let until = stop.clone();
        tasks.push(tokio::spawn(async move { looked_after.run(until).await }));
        let history = Arc::new(HistoryRoom { store: store.clone(), health });
        let backend = Backend {
            accounts: Arc::new(AccountsRoom::new(accounts.clone())),
            hosts: Arc::new(HostsRoom { hosts: hosts.clone(), hub: hub.clone() }),
            alerts: Arc::new(AlertsRoom { alerts, entries: hosts.entries() }),
            history: history.clone(),
            notify: Arc::new(NotifyRoom { notifications }),
        };
        let router = http::router(http::Parts {
            config: config.http.clone(),
            site_dir: config.paths.site_dir.clone(),
            backend,
            accounts: accounts.clone(),
            history,
            hub,
            store: store.clone(),
            stop: stop.clone(),
        });
        Ok(Self { listener, router, accounts, store, hosts, scheduler, tasks, stop, lock })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// The operating system does not say.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// The token that creates the administrator, while there is none.
    pub fn setup_token(&self) -> Option<SecretString> {
        self.accounts.issue_setup_token()
    }

    /// Serves until `stopped`; then ends all tasks and writes what is still in memory.
    ///
    /// # Errors
    /// The listener fails.
    pub fn run_until_stopped(self, stopped: CancellationToken) -> BoxFuture<'static, anyhow::Result<()>> {
        Box::pin(self.run(stopped))
    }

    async fn run(self, stopped: CancellationToken) -> anyhow::Result<()> {
        let Self { listener, router, accounts: _, store, hosts, scheduler, tasks, stop, lock: _lock } = self;
        let served = http::serve(listener, router, stopped).await;
        stop.cancel();
        let ended = async {
            hosts.finished().await;
            scheduler.finished().await;
            for task in tasks {
                if let Err(error) = task.await {
                    tracing::error!(%error, "a task ended badly");
                }
            }
            store.close().await;
        };
        if tokio::time::timeout(STOP_WITHIN, ended).await.is_err() {
            tracing::warn!("stopped before every task had ended");
        }
        Ok(served?)
    }
}
