//! A centre's notifications over a store of their own, in a time that only tests move.

use protocol::alert::{Alert, AlertChange, AlertKind, Ending};
use protocol::host::Level;
use protocol::notify::{Language, NotifierForm, NotifierId, NotifierKind};
use protocol::secret::Secret;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tactus::notify::{Clock, Dispatcher, Notifications, Outbox, Parts};
use tactus::outbound::Outbound;
use tactus::secrets::Vault;
use tactus::store::{Happening, Store};
use tempfile::TempDir;
use tokio::sync::Notify;

/// 2026-07-02 13:46:40 UTC.
pub const START_MS: i64 = 1_783_000_000_000;

pub struct World {
    folder: TempDir,
    now: Arc<AtomicI64>,
    pub store: Store,
    pub vault: Arc<Vault>,
    pub news: Arc<Notify>,
    pub notifications: Notifications,
    dispatcher: Dispatcher,
    pub outbox: Outbox,
}

impl World {
    pub async fn new() -> Self {
        Self::open(tempfile::tempdir().unwrap(), Arc::new(AtomicI64::new(START_MS))).await
    }

    async fn open(folder: TempDir, now: Arc<AtomicI64>) -> Self {
        let store = Store::open(&folder.path().join("tactus.db")).await.unwrap();
        let vault = Arc::new(Vault::open(&folder.path().join("key")).unwrap());
        let shown = now.clone();
        let clock: Clock = Arc::new(move || shown.load(Ordering::SeqCst));
        let outbound = Outbound::new(true);
        let news = Arc::new(Notify::new());
        let parts =
            Parts { store: store.clone(), vault: vault.clone(), outbound: outbound.clone(), news: news.clone(), clock: clock.clone() };
        let notifications = Notifications::new(parts);
        let dispatcher = Dispatcher::new(store.clone(), clock.clone());
        let outbox = Outbox { store: store.clone(), vault: vault.clone(), outbound, clock };
        Self { folder, now, store, vault, news, notifications, dispatcher, outbox }
    }

    /// Stops the centre and starts it again on the same folder.
    pub async fn restarted(self) -> Self {
        let Self { folder, now, store, notifications, dispatcher, outbox, .. } = self;
        drop((notifications, dispatcher, outbox));
        store.close().await;
        Self::open(folder, now).await
    }

    pub fn now_ms(&self) -> i64 {
        self.now.load(Ordering::SeqCst)
    }

    /// Moves time without anything happening, as while the centre is stopped.
    pub fn skip(&self, ms: i64) {
        self.now.fetch_add(ms, Ordering::SeqCst);
    }

    /// Does what is due now, and answers when the next thing is.
    pub async fn settle(&mut self) -> Option<i64> {
        let (_, next) = self.dispatcher.step().await.unwrap();
        let later = self.outbox.send_due().await.unwrap();
        [next, later].into_iter().flatten().min()
    }

    /// Lets time pass: everything happens at its moment, as in a centre that runs.
    pub async fn pass(&mut self, ms: i64) {
        let until_ms = self.now_ms() + ms;
        while let Some(next_ms) = self.settle().await.filter(|next_ms| *next_ms <= until_ms) {
            assert!(next_ms > self.now_ms(), "what is due is never done");
            self.now.store(next_ms, Ordering::SeqCst);
        }
        self.now.store(until_ms, Ordering::SeqCst);
    }

    /// Notes that something has happened to alerts, as the alert engine does.
    pub async fn happen(&self, alerts: &[Alert], change: AlertChange) {
        let happening = |alert: &Alert| Happening {
            alert: alert.clone(),
            latched: alert.is_open(),
            change: Some(change),
            at_ms: self.now_ms(),
            by: String::new(),
            silent: false,
        };
        self.store.save_happenings(&alerts.iter().map(happening).collect::<Vec<_>>()).await.unwrap();
    }

    /// A host's alert that fires now.
    pub async fn fire(&self, id: i64, level: Level) -> Alert {
        let alert = self.alert(id, level);
        self.happen(std::slice::from_ref(&alert), AlertChange::Fired).await;
        alert
    }

    pub async fn resolve(&self, alert: &Alert) {
        let ended = Alert { ended: Some((self.now_ms(), Ending::Recovered)), ..alert.clone() };
        self.happen(&[ended], AlertChange::Resolved).await;
    }

    /// An alert of the host of that number.
    pub fn alert(&self, id: i64, level: Level) -> Alert {
        Alert {
            id,
            host_id: id,
            host_name: format!("host-{id}"),
            group: "web".into(),
            kind: AlertKind::Cpu,
            target: String::new(),
            level,
            worst: level,
            no_data: false,
            value: Some(93.4),
            bound: Some(90.0),
            fired_at_ms: self.now_ms(),
            changed_at_ms: self.now_ms(),
            ended: None,
            acknowledged: None,
            resolved_by_hand: None,
            snoozed_until_ms: None,
        }
    }

    pub async fn webhook(&self, name: &str, url: &str) -> NotifierId {
        self.notifications.save_notifier(None, &webhook(name, url)).await.unwrap()
    }
}

pub fn webhook(name: &str, url: &str) -> NotifierForm {
    NotifierForm { secrets: [("url".to_owned(), Secret::new(url))].into(), ..form(name, NotifierKind::Webhook) }
}

pub fn form(name: &str, kind: NotifierKind) -> NotifierForm {
    NotifierForm { name: name.into(), kind, enabled: true, language: Language::English, time_zone: "UTC".into(), ..Default::default() }
}
