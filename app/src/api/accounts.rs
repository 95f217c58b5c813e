//! Who is at the page.

use crate::error::ApiError;
use crate::forms::{LoginForm, SetupForm};
use crate::views::CurrentUser;
use leptos::prelude::*;

/// Creates the administrator at the first start and logs in.
#[server(prefix = "/api", endpoint = "setup", input = server_fn::codec::Json)]
pub async fn set_up(form: SetupForm) -> Result<(), ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    crate::backend::send_cookie(&backend.accounts.set_up(&caller, form).await?)
}

/// Logs in.
#[server(prefix = "/api", endpoint = "login", input = server_fn::codec::Json)]
pub async fn log_in(form: LoginForm) -> Result<(), ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    crate::backend::send_cookie(&backend.accounts.log_in(&caller, form).await?)
}

/// Ends the session.
#[server(prefix = "/api", endpoint = "logout", input = server_fn::codec::Json)]
pub async fn log_out() -> Result<(), ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    crate::backend::send_cookie(&backend.accounts.log_out(&caller).await?)
}

/// Who is logged in.
#[server(prefix = "/api", endpoint = "me", input = server_fn::codec::Json)]
pub async fn get_current_user() -> Result<CurrentUser, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.accounts.current_user(&caller).await
}
