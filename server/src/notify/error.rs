//! What can go wrong with notifications.

use crate::secrets::VaultError;
use crate::store::StoreError;
use protocol::notify::WrongField;

/// What can go wrong with notifications. No variant holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum NotifyError {
    /// All fields that are wrong.
    #[error("{} fields are wrong", .0.len())]
    Invalid(Vec<WrongField>),
    #[error("there is no such thing")]
    NotFound,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Vault(#[from] VaultError),
}
