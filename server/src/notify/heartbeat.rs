//! A URL that is called every minute, so that somebody else notices when the centre is silent.

use super::clock::Clock;
use super::error::NotifyError;
use super::mask::masked;
use crate::outbound::{Outbound, Request, parse_url};
use crate::secrets::{SecretContext, Vault};
use crate::store::Store;
use protocol::notify::{AttemptView, FieldProblem, HeartbeatForm, HeartbeatView, WrongField};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(60);
/// Name of the setting in the store.
const SETTING: &str = "heartbeat";
const METHODS: [&str; 3] = ["GET", "HEAD", "POST"];
/// Whoever knows the URL can speak for the centre, so it is sealed.
const PLACE: SecretContext = SecretContext { table: "settings", row: 0, column: SETTING };

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Stored {
    enabled: bool,
    /// Ciphertext of the vault; empty: none.
    url_sealed: Vec<u8>,
    method: String,
    allow_private: bool,
}

/// The heartbeat. Cheap to clone.
#[derive(Clone)]
pub struct Heartbeat {
    pub store: Store,
    pub vault: Arc<Vault>,
    pub outbound: Outbound,
    pub clock: Clock,
    /// What became of the last one.
    pub last: Arc<Mutex<Option<AttemptView>>>,
    /// Wakes the task when the setting has changed.
    pub changed: Arc<Notify>,
}

impl Heartbeat {
    /// Calls the URL now and then every minute until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            if let Err(error) = self.beat().await {
                tracing::warn!(%error, "no heartbeat");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.changed.notified() => {}
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    /// Calls the URL once, if there is one that is switched on. Reading the setting is part of it: a centre that has lost its database is
    /// not well.
    ///
    /// # Errors
    /// The database or the vault fails; the URL has not been called then.
    pub async fn beat(&self) -> Result<(), NotifyError> {
        let stored = self.stored().await?;
        if !stored.enabled || stored.url_sealed.is_empty() {
            return Ok(());
        }
        let url = self.vault.unseal(&PLACE, &stored.url_sealed)?;
        let request = Request {
            method: stored.method.parse().unwrap_or_default(),
            url: url.expose_secret().to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
            allow_private: stored.allow_private,
            ca_pem: String::new(),
        };
        let (ok, said) = match self.outbound.send(&request).await {
            Ok(answer) => ((200..300).contains(&answer.status), format!("HTTP {} {}", answer.status, answer.text())),
            Err(error) => (false, error.to_string()),
        };
        let attempt = AttemptView { at_ms: (self.clock)(), ok, answer: masked(&said, std::iter::once(url.expose_secret())) };
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(attempt);
        Ok(())
    }

    /// The setting, without its secret.
    ///
    /// # Errors
    /// The database fails.
    pub async fn get(&self) -> Result<HeartbeatView, NotifyError> {
        let stored = self.stored().await?;
        Ok(HeartbeatView {
            enabled: stored.enabled,
            url_set: !stored.url_sealed.is_empty(),
            method: if stored.method.is_empty() { METHODS[0].to_owned() } else { stored.method },
            allow_private: stored.allow_private,
            last: self.last.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        })
    }

    /// Changes the setting.
    ///
    /// # Errors
    /// A field is wrong, or the database fails.
    pub async fn set(&self, form: &HeartbeatForm) -> Result<(), NotifyError> {
        let stored = self.stored().await?;
        let mut wrong = Vec::new();
        let mut refuse = |field: &str, problem| wrong.push(WrongField { field: field.into(), problem, detail: String::new() });
        let url = form.url.reveal().trim();
        if url.is_empty() && form.enabled && stored.url_sealed.is_empty() {
            refuse("url", FieldProblem::Missing);
        } else if !url.is_empty() && parse_url(url).is_err() {
            refuse("url", FieldProblem::NoUrl);
        }
        if !METHODS.contains(&form.method.as_str()) {
            refuse("method", FieldProblem::NoChoice);
        }
        if !wrong.is_empty() {
            return Err(NotifyError::Invalid(wrong));
        }
        let url_sealed = if url.is_empty() { stored.url_sealed } else { self.vault.seal(&PLACE, url)? };
        let stored = Stored { enabled: form.enabled, url_sealed, method: form.method.clone(), allow_private: form.allow_private };
        self.store.save_setting(SETTING, &stored).await?;
        self.changed.notify_one();
        Ok(())
    }

    async fn stored(&self) -> Result<Stored, NotifyError> {
        Ok(self.store.setting(SETTING).await?.unwrap_or_default())
    }
}
