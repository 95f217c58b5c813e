//! The one-time token that lets the first administrator in.

use super::token::{hash_token, random_token};
use secrecy::SecretString;
use std::sync::{Mutex, MutexGuard, PoisonError};
use subtle::ConstantTimeEq;

/// The hash of the current set-up token; none while no set-up is possible.
#[derive(Default)]
pub(super) struct SetupToken(Mutex<Option<[u8; 32]>>);

impl SetupToken {
    /// Makes a new token and forgets the former one.
    pub(super) fn issue(&self) -> SecretString {
        let token = random_token();
        *self.hash() = Some(hash_token(&token));
        token
    }

    /// Whether this is the current token.
    pub(super) fn matches(&self, token: &SecretString) -> bool {
        let hash = hash_token(token);
        self.hash().is_some_and(|expected| expected.ct_eq(&hash).into())
    }

    /// Forgets the token: the set-up is done.
    pub(super) fn revoke(&self) {
        *self.hash() = None;
    }

    fn hash(&self) -> MutexGuard<'_, Option<[u8; 32]>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
