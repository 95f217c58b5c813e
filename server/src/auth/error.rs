//! Why somebody was not let in.

use super::LONGEST_NAME;
use super::password::PasswordFlaw;
use crate::store::StoreError;

/// Why somebody was not let in. No variant says whether a user exists.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    #[error("user name or password is wrong")]
    WrongLogin,
    #[error("not the set-up token")]
    WrongToken,
    #[error("an administrator exists already")]
    SetUpDone,
    #[error("the user name contains control characters or nothing at all")]
    BadUserName,
    #[error("the user name is longer than {LONGEST_NAME} characters")]
    LongUserName,
    #[error("the password cannot be used: {0:?}")]
    BadPassword(PasswordFlaw),
    #[error("too many tries, wait {wait_s} s")]
    Throttled { wait_s: u64 },
    #[error("a password cannot be hashed")]
    Hash,
    #[error(transparent)]
    Store(#[from] StoreError),
}
