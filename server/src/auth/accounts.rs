//! Set-up, login, sessions.

use super::open::{OpenSessions, SocketLease};
use super::password::{PasswordHashing, check_password};
use super::setup::SetupToken;
use super::throttle::{Throttle, peer_key};
use super::token::{hash_token, random_token};
use super::{AuthError, cookie};
use crate::store::{SessionRow, Store, StoreError};
use app::backend::Session;
use secrecy::{ExposeSecret, SecretString};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

/// A session ends when it was not used for this long, in milliseconds. An open live socket counts as use.
pub const IDLE_LIMIT_MS: i64 = 30 * 60_000;

/// A session ends this long after the login, whatever happens, in milliseconds.
pub const ABSOLUTE_LIMIT_MS: i64 = 24 * 60 * 60_000;

/// A session's use is written at most this often, in milliseconds.
const TOUCH_INTERVAL_MS: i64 = 60_000;

/// How often [`Accounts::run`] looks for sessions that ended.
const TICK: Duration = Duration::from_secs(2);

/// Characters that a user name has at most.
pub const LONGEST_NAME: usize = 64;

/// Set-up, login, sessions. Cheap to clone.
#[derive(Clone)]
pub struct Accounts(Arc<Inner>);

struct Inner {
    store: Store,
    hashing: PasswordHashing,
    setup: SetupToken,
    /// Held during a set-up, so that racing ones do not hash a password for nothing.
    setting_up: Mutex<()>,
    /// Once there is an administrator there is always one.
    has_administrator: AtomicBool,
    by_account: Throttle<String>,
    by_peer: Throttle<IpAddr>,
    open: OpenSessions,
}

impl Accounts {
    /// Takes the store and computes what is needed to verify passwords.
    ///
    /// # Errors
    /// The database does not answer, or memory is short.
    pub async fn new(store: Store) -> Result<Self, AuthError> {
        let has_administrator = AtomicBool::new(store.has_administrator().await?);
        Ok(Self(Arc::new(Inner {
            store,
            hashing: PasswordHashing::new().await?,
            setup: SetupToken::default(),
            setting_up: Mutex::new(()),
            has_administrator,
            by_account: Throttle::default(),
            by_peer: Throttle::default(),
            open: OpenSessions::default(),
        })))
    }

    /// Whether the set-up is done.
    pub fn has_administrator(&self) -> bool {
        self.0.has_administrator.load(Ordering::Acquire)
    }

    /// A new set-up token to print on the console, while there is no administrator. A former one becomes worthless.
    pub fn issue_setup_token(&self) -> Option<SecretString> {
        (!self.has_administrator()).then(|| self.0.setup.issue())
    }

    /// Creates the administrator and starts a session; answers the session's token.
    ///
    /// # Errors
    /// There is an administrator already, the token is wrong, too many wrong tokens came from this address, or name or password cannot be
    /// used.
    pub async fn set_up(
        &self,
        peer: IpAddr,
        token: SecretString,
        user_name: &str,
        password: SecretString,
        now_ms: i64,
    ) -> Result<SecretString, AuthError> {
        let inner = &*self.0;
        if self.has_administrator() {
            return Err(AuthError::SetUpDone);
        }
        let peer = peer_key(peer);
        inner.by_peer.begin(&peer, now_ms).map_err(|wait_s| AuthError::Throttled { wait_s })?;
        let right = inner.setup.matches(&token);
        if right {
            inner.by_peer.forgive(&peer, now_ms);
        }
        let _one_at_a_time = inner.setting_up.lock().await;
        // The token is revoked when the set-up is done, so a racing set-up must not be told that its token is wrong.
        if self.has_administrator() {
            return Err(AuthError::SetUpDone);
        }
        if !right {
            return Err(AuthError::WrongToken);
        }
        let user_name = check_user_name(user_name)?;
        check_password(user_name, password.expose_secret()).map_err(AuthError::BadPassword)?;
        let hash = inner.hashing.hash(password).await?;
        let created = inner.store.create_first_administrator(user_name, &hash, now_ms).await?;
        inner.has_administrator.store(true, Ordering::Release);
        inner.setup.revoke();
        self.start_session(created.ok_or(AuthError::SetUpDone)?, now_ms).await
    }

    /// Starts a session; answers its token. An unknown user takes as long as a known one.
    ///
    /// # Errors
    /// User name or password is wrong, or too many tries failed for this account or from this address.
    pub async fn log_in(&self, peer: IpAddr, user_name: &str, password: SecretString, now_ms: i64) -> Result<SecretString, AuthError> {
        let inner = &*self.0;
        let peer = peer_key(peer);
        // No account has a longer name, so a cut one stands for all of them and memory stays bounded.
        let account: String = user_name.trim().to_ascii_lowercase().chars().take(LONGEST_NAME + 1).collect();
        inner.by_peer.begin(&peer, now_ms).map_err(|wait_s| AuthError::Throttled { wait_s })?;
        inner.by_account.begin(&account, now_ms).map_err(|wait_s| AuthError::Throttled { wait_s })?;
        let user = inner.store.find_user(&account).await?;
        let right = inner.hashing.verify(password, user.as_ref().map(|user| user.password_hash.clone())).await?;
        let user = user.filter(|_| right).ok_or(AuthError::WrongLogin)?;
        inner.by_peer.forgive(&peer, now_ms);
        inner.by_account.forgive(&account, now_ms);
        self.start_session(user.id, now_ms).await
    }

    /// Replaces a password and ends all sessions of that person but `kept`, also their open sockets.
    ///
    /// # Errors
    /// The password cannot be used, or the database does not answer.
    pub async fn change_password(&self, user: &Session, password: SecretString, kept: Option<i64>) -> Result<(), AuthError> {
        check_password(&user.user_name, password.expose_secret()).map_err(AuthError::BadPassword)?;
        let hash = self.0.hashing.hash(password).await?;
        for id in self.0.store.update_password(user.user_id, &hash, kept).await? {
            self.0.open.end(id);
        }
        Ok(())
    }

    /// The live session that a `Cookie` header names, if any; notes its use.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn resolve(&self, cookie_header: &str, secure: bool, now_ms: i64) -> Result<Option<Session>, StoreError> {
        let Some(token) = cookie::read_cookie(cookie_header, secure) else { return Ok(None) };
        let Some(row) = self.0.store.find_session(&hash_token(&token)).await? else { return Ok(None) };
        if is_over(&row, now_ms) {
            self.end_session(row.id).await?;
            return Ok(None);
        }
        if now_ms - row.last_seen_ms >= TOUCH_INTERVAL_MS {
            self.0.store.touch_session(row.id, now_ms).await?;
        }
        Ok(Some(Session { id: row.id, user_id: row.user_id, user_name: row.user_name, role: row.role }))
    }

    /// Ends a session and its open sockets.
    ///
    /// # Errors
    /// The database does not answer; the sockets are told to end all the same.
    pub async fn end_session(&self, session_id: i64) -> Result<(), StoreError> {
        let deleted = self.0.store.delete_session(session_id).await;
        self.0.open.end(session_id);
        deleted
    }

    /// Counts a live socket of a session as open until the lease is dropped. The lease says when the session ends or `stop` is cancelled.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn open_socket(&self, session_id: i64, stop: &CancellationToken, now_ms: i64) -> Result<SocketLease, StoreError> {
        let created_at_ms = self.0.store.session_created_at(session_id).await?;
        let lease = self.0.open.open(session_id, created_at_ms.unwrap_or(now_ms), stop, now_ms);
        // A logout between the check of the cookie and here has found no socket to end.
        if !self.0.store.touch_session(session_id, now_ms).await? {
            lease.ended().cancel();
        }
        Ok(lease)
    }

    /// Ends what is over and notes the use of sessions with open sockets. To be called every few seconds.
    ///
    /// # Errors
    /// The database does not answer; the next call makes up for it.
    pub async fn tick(&self, now_ms: i64) -> Result<(), StoreError> {
        for id in self.0.open.created_until(now_ms - ABSOLUTE_LIMIT_MS) {
            self.end_session(id).await?;
        }
        for id in self.0.open.take_due(now_ms, TOUCH_INTERVAL_MS) {
            self.0.store.touch_session(id, now_ms).await?;
        }
        Ok(())
    }

    /// Deletes sessions that nobody will use again.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn delete_expired(&self, now_ms: i64) -> Result<(), StoreError> {
        let ended = self.0.store.delete_expired_sessions(now_ms - IDLE_LIMIT_MS, now_ms - ABSOLUTE_LIMIT_MS).await?;
        ended.into_iter().for_each(|id| self.0.open.end(id));
        Ok(())
    }

    /// Calls [`Accounts::tick`] until `stop`, and [`Accounts::delete_expired`] once a minute.
    pub async fn run(&self, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(TICK);
        let mut deleted_at_ms = i64::MIN;
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            let now_ms = crate::clock::now_ms();
            let mut result = self.tick(now_ms).await;
            if result.is_ok() && now_ms.saturating_sub(deleted_at_ms) >= TOUCH_INTERVAL_MS {
                deleted_at_ms = now_ms;
                result = self.delete_expired(now_ms).await;
            }
            if let Err(error) = result {
                tracing::warn!(%error, "sessions are not looked after");
            }
        }
    }

    async fn start_session(&self, user_id: i64, now_ms: i64) -> Result<SecretString, AuthError> {
        let token = random_token();
        self.0.store.create_session(user_id, &hash_token(&token), now_ms).await?;
        Ok(token)
    }
}

fn is_over(row: &SessionRow, now_ms: i64) -> bool {
    now_ms - row.last_seen_ms >= IDLE_LIMIT_MS || now_ms - row.created_at_ms >= ABSOLUTE_LIMIT_MS
}

fn check_user_name(name: &str) -> Result<&str, AuthError> {
    let name = name.trim();
    if name.chars().count() > LONGEST_NAME {
        return Err(AuthError::LongUserName);
    }
    let usable = !name.is_empty() && !name.chars().any(char::is_control);
    usable.then_some(name).ok_or(AuthError::BadUserName)
}
