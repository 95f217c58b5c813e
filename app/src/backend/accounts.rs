//! People and their sessions.

use super::{Caller, SetCookie};
use crate::error::ApiError;
use crate::forms::{LoginForm, SetupForm};
use crate::views::CurrentUser;

/// People and their sessions.
#[async_trait::async_trait]
pub trait AccountsBackend: Send + Sync {
    /// Creates the administrator; only while there is none, only with the token from the console.
    async fn set_up(&self, caller: &Caller, form: SetupForm) -> Result<SetCookie, ApiError>;
    /// Starts a session.
    async fn log_in(&self, caller: &Caller, form: LoginForm) -> Result<SetCookie, ApiError>;
    /// Ends the caller's session.
    async fn log_out(&self, caller: &Caller) -> Result<SetCookie, ApiError>;
    /// Who is logged in.
    async fn current_user(&self, caller: &Caller) -> Result<CurrentUser, ApiError>;
}
