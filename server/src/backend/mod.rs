//! Implementation of the page's backend traits: decide who may, call the room, project the error.

mod accounts;
mod alerts;
mod history;
mod hosts;
mod notify;

pub use accounts::AccountsRoom;
pub use alerts::AlertsRoom;
pub use history::{Download, HistoryRoom};
pub use hosts::HostsRoom;
pub use notify::NotifyRoom;

use crate::store::StoreError;
use app::backend::{Caller, Session};
use app::error::ApiError;
use app::views::Role;

/// The caller's session if it has at least the role `least`. The only place that decides permission.
///
/// # Errors
/// [`ApiError::Unauthorized`] without a session, [`ApiError::Forbidden`] with a lower role.
pub(crate) fn require(caller: &Caller, least: Role) -> Result<&Session, ApiError> {
    match &caller.session {
        None => Err(ApiError::Unauthorized),
        Some(session) if session.role < least => Err(ApiError::Forbidden),
        Some(session) => Ok(session),
    }
}

/// Logs a defect and answers with a reference to the log line.
pub(crate) fn internal(error: &dyn std::error::Error) -> ApiError {
    let reference = format!("{:08x}", rand::random::<u32>());
    tracing::error!(%error, reference, "internal error");
    ApiError::Internal { reference }
}

/// An error of the store: it may be busy or the disk full, and that passes. A damaged row does not.
fn store_failed(error: StoreError) -> ApiError {
    match error {
        StoreError::Query(_) => {
            tracing::warn!(%error, "the store does not answer");
            ApiError::Unavailable
        }
        error => internal(&error),
    }
}
