//! All of notifications, for the page and for the composition root.

use super::clock::Clock;
use super::compose::compose;
use super::dispatcher::{Dispatcher, SETTINGS};
use super::error::NotifyError;
use super::example::{digest_example, single_example};
use super::heartbeat::Heartbeat;
use super::outbox::Outbox;
use super::route_form::check_route;
use super::settings::{check_notifier, seal};
use super::template;
use crate::outbound::{Outbound, parse_url};
use crate::secrets::Vault;
use crate::store::{NotifierRow, Store, StoreError};
use protocol::notify::{
    DeliveryFilter, DeliveryId, DeliveryView, FieldKind, FieldProblem, HeartbeatForm, HeartbeatView, Language, NotifierForm, NotifierId,
    NotifierView, NotifySettings, Route, RouteId, TemplatePreview, TestResult, WrongField,
};
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Deliveries that one page has at most.
pub const MOST_DELIVERIES: u32 = 100;

/// What notifications are made of.
pub struct Parts {
    pub store: Store,
    pub vault: Arc<Vault>,
    pub outbound: Outbound,
    /// Woken by whoever has written news of alerts.
    pub news: Arc<Notify>,
    pub clock: Clock,
}

/// All of notifications. Cheap to clone.
#[derive(Clone)]
pub struct Notifications {
    store: Store,
    vault: Arc<Vault>,
    outbox: Outbox,
    heartbeat: Heartbeat,
    news: Arc<Notify>,
    arrived: Arc<Notify>,
    clock: Clock,
}

impl Notifications {
    /// Nothing runs yet.
    pub fn new(parts: Parts) -> Self {
        let Parts { store, vault, outbound, news, clock } = parts;
        let outbox = Outbox { store: store.clone(), vault: vault.clone(), outbound: outbound.clone(), clock: clock.clone() };
        let (last, changed) = Default::default();
        let heartbeat = Heartbeat { store: store.clone(), vault: vault.clone(), outbound, clock: clock.clone(), last, changed };
        Self { store, vault, outbox, heartbeat, news, arrived: Arc::default(), clock }
    }

    /// Starts the tasks: news to messages, messages out, heartbeat. They end with `stop`.
    pub fn run(&self, stop: &CancellationToken) -> Vec<JoinHandle<()>> {
        let dispatcher = Dispatcher::new(self.store.clone(), self.clock.clone());
        vec![
            tokio::spawn(dispatcher.run(self.news.clone(), self.arrived.clone(), stop.clone())),
            tokio::spawn(self.outbox.clone().run(self.arrived.clone(), stop.clone())),
            tokio::spawn(self.heartbeat.clone().run(stop.clone())),
        ]
    }

    /// All notifiers, without their secrets.
    ///
    /// # Errors
    /// The database fails.
    pub async fn list_notifiers(&self) -> Result<Vec<NotifierView>, NotifyError> {
        let mut last = self.store.last_attempts().await?;
        let view = |row: NotifierRow| NotifierView {
            last: last.remove(&row.id),
            id: row.id,
            name: row.name,
            kind: row.kind,
            enabled: row.enabled,
            language: row.language,
            time_zone: row.time_zone,
            fields: row.fields,
            secrets_set: row.sealed.into_keys().collect(),
        };
        Ok(self.store.list_notifiers().await?.into_iter().map(view).collect())
    }

    /// Adds a notifier (`id` is `None`) or changes one. Messages that wait for it go out by the new settings.
    ///
    /// # Errors
    /// [`NotifyError::Invalid`] names all fields that are wrong; there is no such notifier; the database fails.
    pub async fn save_notifier(&self, id: Option<NotifierId>, form: &NotifierForm) -> Result<NotifierId, NotifyError> {
        let all = self.store.list_notifiers().await?;
        let stored = id.map(|id| all.iter().find(|row| row.id == id).ok_or(NotifyError::NotFound)).transpose()?;
        let row = check_notifier(form, stored, &all).map_err(NotifyError::Invalid)?;
        let saved = self.store.save_notifier(&row, |id| seal(&self.vault, id, form, &row)).await;
        let id = saved.map_err(|error: NotifyError| match error {
            NotifyError::Store(StoreError::Conflict) => invalid("name", FieldProblem::Taken),
            error => error,
        })?;
        self.arrived.notify_one();
        Ok(id)
    }

    /// Deletes a notifier with its messages.
    ///
    /// # Errors
    /// The database fails.
    pub async fn delete_notifier(&self, id: NotifierId) -> Result<(), NotifyError> {
        Ok(self.store.delete_notifier(id).await?)
    }

    /// Sends an example to all recipients of a stored notifier, the way that alerts go, and answers what the provider said.
    ///
    /// # Errors
    /// There is no such notifier; the database fails. That the message does not arrive is no error.
    pub async fn test_notifier(&self, id: NotifierId) -> Result<TestResult, NotifyError> {
        let notifier = self.store.get_notifier(id).await?.ok_or(NotifyError::NotFound)?;
        let (now_ms, began) = ((self.clock)(), Instant::now());
        let message = compose(&notifier, &single_example(now_ms), format!("test-{id}-{now_ms}"), &self.settings().await?.public_url);
        let mut part = 0;
        let (ok, answer) = loop {
            let (parts, result, answer) = self.outbox.send(&notifier, &message, part).await;
            part += 1;
            if result.is_err() || part >= parts {
                break (result.is_ok(), answer);
            }
        };
        Ok(TestResult { ok, answer, took_ms: u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX) })
    }

    /// What the templates of a form make of an example, of one alert or (`is_digest`) of several.
    ///
    /// # Errors
    /// [`NotifyError::Invalid`] names the templates that do not work.
    pub async fn preview(&self, form: &NotifierForm, is_digest: bool) -> Result<TemplatePreview, NotifyError> {
        let templates: Vec<_> = form.kind.fields().filter(|field| field.kind == FieldKind::Template).collect();
        if let Err(mut wrong) = check_notifier(form, None, &[]) {
            wrong.retain(|wrong| templates.iter().any(|field| field.name == wrong.field));
            if !wrong.is_empty() {
                return Err(NotifyError::Invalid(wrong));
            }
        }
        let (fields, sealed) = (form.fields.clone(), Default::default());
        let (name, time_zone) = (form.name.clone(), form.time_zone.clone());
        let row = NotifierRow { id: 0, name, kind: form.kind, enabled: true, language: form.language, time_zone, fields, sealed };
        let now_ms = (self.clock)();
        let items = if is_digest { digest_example(now_ms) } else { single_example(now_ms) };
        let message = compose(&row, &items, "preview".into(), &self.settings().await?.public_url);
        let text = |name: &str| match name {
            "subject" => message.subject.clone(),
            "body" => message.body.clone(),
            other => message.texts.get(other).cloned().unwrap_or_default(),
        };
        Ok(TemplatePreview { texts: templates.iter().map(|field| (field.name.to_owned(), text(field.name))).collect() })
    }

    /// The template of a field that holds while somebody has written none; empty for fields without one.
    pub fn usual_template(&self, language: Language, field: &str) -> &'static str {
        template::usual(language, field)
    }

    /// All routes, in their order.
    ///
    /// # Errors
    /// The database fails.
    pub async fn list_routes(&self) -> Result<Vec<Route>, NotifyError> {
        Ok(self.store.list_routes().await?)
    }

    /// Adds a route behind all others (its number is zero) or changes one.
    ///
    /// # Errors
    /// [`NotifyError::Invalid`] names all fields that are wrong; there is no such route; the database fails.
    pub async fn save_route(&self, route: &Route) -> Result<RouteId, NotifyError> {
        let is_known = route.id == 0 || self.store.list_routes().await?.iter().any(|other| other.id == route.id);
        if !is_known {
            return Err(NotifyError::NotFound);
        }
        let notifiers: Vec<NotifierId> = self.store.list_notifiers().await?.iter().map(|row| row.id).collect();
        check_route(route, &notifiers).map_err(NotifyError::Invalid)?;
        let id = self.store.save_route(route).await?;
        self.news.notify_one();
        Ok(id)
    }

    /// Deletes a route.
    ///
    /// # Errors
    /// The database fails.
    pub async fn delete_route(&self, id: RouteId) -> Result<(), NotifyError> {
        Ok(self.store.delete_route(id).await?)
    }

    /// Puts routes in this order; those that are not named stay behind them.
    ///
    /// # Errors
    /// The database fails.
    pub async fn order_routes(&self, ids: &[RouteId]) -> Result<(), NotifyError> {
        Ok(self.store.order_routes(ids).await?)
    }

    /// Messages that pass the filter, newest first, at most [`MOST_DELIVERIES`]. A shorter list is the last page.
    ///
    /// # Errors
    /// The database fails.
    pub async fn list_deliveries(&self, filter: &DeliveryFilter) -> Result<Vec<DeliveryView>, NotifyError> {
        Ok(self.store.list_deliveries(filter, MOST_DELIVERIES).await?)
    }

    /// Has a message that is dead or delivered sent again.
    ///
    /// # Errors
    /// There is no such message, or it waits anyway; the database fails.
    pub async fn resend(&self, id: DeliveryId) -> Result<(), NotifyError> {
        if !self.store.resend_message(id, (self.clock)()).await? {
            return Err(NotifyError::NotFound);
        }
        self.arrived.notify_one();
        Ok(())
    }

    /// The heartbeat, without its secret.
    ///
    /// # Errors
    /// The database fails.
    pub async fn heartbeat(&self) -> Result<HeartbeatView, NotifyError> {
        self.heartbeat.get().await
    }

    /// Changes the heartbeat; it beats at once.
    ///
    /// # Errors
    /// [`NotifyError::Invalid`] names the fields that are wrong; the database fails.
    pub async fn set_heartbeat(&self, form: &HeartbeatForm) -> Result<(), NotifyError> {
        self.heartbeat.set(form).await
    }

    /// The general settings.
    ///
    /// # Errors
    /// The database fails.
    pub async fn settings(&self) -> Result<NotifySettings, NotifyError> {
        Ok(self.store.setting(SETTINGS).await?.unwrap_or_default())
    }

    /// Changes the general settings.
    ///
    /// # Errors
    /// [`NotifyError::Invalid`] names the fields that are wrong; the database fails.
    pub async fn save_settings(&self, settings: &NotifySettings) -> Result<(), NotifyError> {
        const MOST_ALERTS: u32 = 100;
        const LONGEST_WAIT_S: u32 = 300;
        let public_url = settings.public_url.trim().trim_end_matches('/').to_owned();
        if !public_url.is_empty() && parse_url(&public_url).is_err() {
            return Err(invalid("public_url", FieldProblem::NoUrl));
        }
        if !(1..=MOST_ALERTS).contains(&settings.digest_above) {
            return Err(invalid("digest_above", FieldProblem::NoNumber));
        }
        if settings.group_wait_s > LONGEST_WAIT_S {
            return Err(invalid("group_wait_s", FieldProblem::NoNumber));
        }
        self.store.save_setting(SETTINGS, &NotifySettings { public_url, ..settings.clone() }).await?;
        self.news.notify_one();
        Ok(())
    }
}

fn invalid(field: &str, problem: FieldProblem) -> NotifyError {
    NotifyError::Invalid(vec![WrongField { field: field.into(), problem, detail: String::new() }])
}
