//! People and their sessions, for the page.

use super::{internal, require};
use crate::auth::password::{LONGEST, PasswordFlaw, SHORTEST};
use crate::auth::{Accounts, AuthError, LONGEST_NAME, cookie};
use crate::clock::now_ms;
use crate::store::StoreError;
use app::backend::{AccountsBackend, Caller, SetCookie};
use app::error::{ApiError, Field, FieldError, FieldReason};
use app::forms::{LoginForm, SetupForm};
use app::views::{CurrentUser, Role};
use protocol::secret::Secret;
use secrecy::SecretString;

/// People and their sessions.
pub struct AccountsRoom {
    accounts: Accounts,
}

impl AccountsRoom {
    /// Speaks for the room `auth`.
    pub fn new(accounts: Accounts) -> Self {
        Self { accounts }
    }

    /// Whoever logs in anew does not leave the former session behind.
    async fn end_former(&self, caller: &Caller) -> Result<(), ApiError> {
        match &caller.session {
            Some(session) => self.accounts.end_session(session.id).await.map_err(|error| unavailable(&error)),
            None => Ok(()),
        }
    }
}

#[async_trait::async_trait]
impl AccountsBackend for AccountsRoom {
    async fn set_up(&self, caller: &Caller, form: SetupForm) -> Result<SetCookie, ApiError> {
        let token = SecretString::from(form.token.reveal().trim());
        let missing = missing([
            (Field::SetupToken, form.token.is_empty()),
            (Field::UserName, form.user_name.trim().is_empty()),
            (Field::Password, form.password.is_empty()),
        ]);
        let differs =
            (form.password != form.password_again).then_some(FieldError { field: Field::PasswordAgain, reason: FieldReason::Differs });
        let wrong: Vec<FieldError> = missing.into_iter().chain(differs).collect();
        if !wrong.is_empty() && !self.accounts.has_administrator() {
            return Err(ApiError::Invalid(wrong));
        }
        let created = self.accounts.set_up(caller.peer, token, &form.user_name, secret(&form.password), now_ms()).await;
        let session = created.map_err(project)?;
        tracing::info!(peer = %caller.peer, "the administrator was created");
        Ok(SetCookie(cookie::session_cookie(&session, caller.secure)))
    }

    async fn log_in(&self, caller: &Caller, form: LoginForm) -> Result<SetCookie, ApiError> {
        let missing = missing([(Field::UserName, form.user_name.trim().is_empty()), (Field::Password, form.password.is_empty())]);
        if !missing.is_empty() {
            return Err(ApiError::Invalid(missing));
        }
        let session = self.accounts.log_in(caller.peer, &form.user_name, secret(&form.password), now_ms()).await.map_err(|error| {
            tracing::warn!(peer = %caller.peer, %error, "login refused");
            project(error)
        })?;
        self.end_former(caller).await?;
        Ok(SetCookie(cookie::session_cookie(&session, caller.secure)))
    }

    async fn log_out(&self, caller: &Caller) -> Result<SetCookie, ApiError> {
        self.end_former(caller).await?;
        Ok(SetCookie(cookie::removal_cookie(caller.secure)))
    }

    async fn current_user(&self, caller: &Caller) -> Result<CurrentUser, ApiError> {
        let session = require(caller, Role::Viewer)?;
        Ok(CurrentUser { name: session.user_name.clone(), role: session.role })
    }
}

fn missing<const N: usize>(fields: [(Field, bool); N]) -> Vec<FieldError> {
    let missing = fields.into_iter().filter(|(_, missing)| *missing);
    missing.map(|(field, _)| FieldError { field, reason: FieldReason::Required }).collect()
}

fn secret(secret: &Secret) -> SecretString {
    SecretString::from(secret.reveal())
}

fn unavailable(error: &StoreError) -> ApiError {
    tracing::error!(%error, "the database does not answer");
    ApiError::Unavailable
}

fn project(error: AuthError) -> ApiError {
    match error {
        AuthError::WrongLogin => ApiError::field(Field::Password, FieldReason::WrongLogin),
        AuthError::WrongToken => ApiError::field(Field::SetupToken, FieldReason::WrongToken),
        AuthError::SetUpDone => ApiError::Forbidden,
        AuthError::BadUserName => ApiError::field(Field::UserName, FieldReason::BadCharacters),
        AuthError::LongUserName => ApiError::field(Field::UserName, FieldReason::TooLong { most: LONGEST_NAME }),
        AuthError::BadPassword(PasswordFlaw::TooShort) => ApiError::field(Field::Password, FieldReason::TooShort { least: SHORTEST }),
        AuthError::BadPassword(PasswordFlaw::TooLong) => ApiError::field(Field::Password, FieldReason::TooLong { most: LONGEST }),
        AuthError::BadPassword(PasswordFlaw::TooWeak) => ApiError::field(Field::Password, FieldReason::TooWeak),
        AuthError::Throttled { wait_s } => ApiError::Throttled { wait_s },
        AuthError::Store(error) => unavailable(&error),
        AuthError::Hash => internal(&error),
    }
}
