//! One logged-in SSH session for each host, kept ready while its agent is read, so that a switch takes milliseconds and no login.

use super::choice::with_jitter;
use crate::ssh::{Deadlines, Session, SshError, Target, exchange_keys, prepare, reach};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio_util::sync::CancellationToken;

/// Logins that are under way at once in the whole fleet.
const LOGINS_AT_ONCE: usize = 20;

/// First and longest wait after a login that failed on the way.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Wait after a rejected login: it will be rejected again, and hosts lock those out who try too often.
const REJECTED_WAIT: Duration = Duration::from_secs(600);

/// How often a session is looked at, which notices its end by itself.
const LOOK: Duration = Duration::from_millis(250);

/// A host has shown another key than the pinned one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyChanged {
    pub host_id: protocol::host::HostId,
    pub expected: String,
    pub found: String,
}

/// The session of a host, as it is now.
#[derive(Clone)]
pub enum Standby {
    /// None yet, or not any more.
    Absent(Arc<SshError>),
    Ready(Arc<Session>),
}

/// What the sessions of all hosts share.
#[derive(Clone)]
pub struct Logins {
    warm: bool,
    at_once: Arc<Semaphore>,
    key_changes: mpsc::Sender<KeyChanged>,
}

impl Logins {
    /// Changed host keys are told to `key_changes`. `warm` keeps a session of each host also while nobody needs it.
    pub fn new(key_changes: mpsc::Sender<KeyChanged>, warm: bool) -> Self {
        Self { warm, at_once: Arc::new(Semaphore::new(LOGINS_AT_ONCE)), key_changes }
    }

    /// Whether sessions are kept also while nobody needs them.
    pub fn is_warm(&self) -> bool {
        self.warm
    }

    /// Keeps a session of a host while it is wanted, until `stop`, or until the host shows another key: then nothing more is sent to it.
    pub async fn keep(
        self,
        host_id: protocol::host::HostId,
        target: Target,
        sessions: watch::Sender<Standby>,
        mut wanted: watch::Receiver<bool>,
        stop: CancellationToken,
    ) {
        let mut failures = 0;
        loop {
            if !matches!(stop.run_until_cancelled(wanted.wait_for(|wanted| *wanted)).await, Some(Ok(_))) {
                return;
            }
            let Some(entered) = stop.run_until_cancelled(self.enter(&target)).await else { return };
            let wait = match entered {
                Ok(session) => {
                    failures = 0;
                    let session = Arc::new(session);
                    sessions.send_replace(Standby::Ready(session.clone()));
                    let ended = async {
                        while !session.is_closed() && *wanted.borrow() {
                            tokio::time::sleep(LOOK).await;
                        }
                    };
                    if stop.run_until_cancelled(ended).await.is_none() {
                        return;
                    }
                    sessions.send_replace(Standby::Absent(Arc::new(SshError::Disconnected)));
                    if !session.is_closed() {
                        // Nobody needs it; the next one who does is not kept waiting.
                        continue;
                    }
                    FIRST_WAIT
                }
                Err(SshError::HostKeyChanged { expected, found }) => {
                    tracing::warn!(host_id, %expected, %found, "another host key than the pinned one: nothing is sent to this host");
                    // Nobody listens any more at the program's end.
                    let _ = self.key_changes.send(KeyChanged { host_id, expected, found }).await;
                    return;
                }
                Err(error) => {
                    tracing::debug!(host_id, %error, "no SSH session");
                    let rejected = matches!(
                        error,
                        SshError::WrongPassword
                            | SshError::KeyRejected
                            | SshError::PasswordExpired
                            | SshError::MethodRefused { .. }
                            | SshError::MalformedKey
                            | SshError::WrongPassphrase
                    );
                    sessions.send_replace(Standby::Absent(Arc::new(error)));
                    failures += 1;
                    if rejected { REJECTED_WAIT } else { FIRST_WAIT.saturating_mul(1 << (failures - 1).min(6)).min(LONGEST_WAIT) }
                }
            };
            if stop.run_until_cancelled(tokio::time::sleep(with_jitter(wait, rand::random()))).await.is_none() {
                return;
            }
        }
    }

    async fn enter(&self, target: &Target) -> Result<Session, SshError> {
        let _one_of_a_few = self.at_once.acquire().await.map_err(|_| SshError::Disconnected)?;
        let deadlines = Deadlines::default();
        let credential = prepare(&target.credential).await?;
        let reached = reach(target, &deadlines).await?;
        let unproven = exchange_keys(reached, target, &deadlines).await?;
        unproven.log_in(&target.user, &credential, &deadlines).await
    }
}
