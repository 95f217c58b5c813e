//! Rules for passwords, and hashing off the async threads.

use super::AuthError;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// Characters that a password has at least.
pub const SHORTEST: usize = 10;

/// Characters that a password has at most.
pub const LONGEST: usize = 256;

/// Parameters of argon2id: 19 MiB, two passes, one lane
/// (<https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html>).
const MEMORY_KIB: u32 = 19 * 1_024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hashes that may be computed at once: bounds memory and leaves processors to the rest.
const AT_ONCE: usize = 4;

/// The most common passwords that are long enough, one a line, in lower case.
const COMMON: &str = include_str!("common_passwords.txt");

/// Why a new password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordFlaw {
    TooShort,
    TooLong,
    /// The user name, a common password, or one character only.
    TooWeak,
}

/// Checks a new password.
///
/// # Errors
/// The first rule that it breaks.
pub fn check_password(user_name: &str, password: &str) -> Result<(), PasswordFlaw> {
    let characters = password.chars().count();
    let lower = password.to_lowercase();
    let first = lower.chars().next();
    if characters < SHORTEST {
        Err(PasswordFlaw::TooShort)
    } else if characters > LONGEST {
        Err(PasswordFlaw::TooLong)
    } else if lower == user_name.to_lowercase() || lower.chars().all(|char| Some(char) == first) || COMMON.lines().any(|line| line == lower)
    {
        Err(PasswordFlaw::TooWeak)
    } else {
        Ok(())
    }
}

/// Hashes and verifies passwords, a few at once. Cheap to clone.
#[derive(Clone)]
pub struct PasswordHashing {
    argon2: Argon2<'static>,
    permits: Arc<Semaphore>,
    /// Hash of a password that nobody has: verified in place of an unknown user's, so that both take the same time.
    dummy: Arc<str>,
}

impl PasswordHashing {
    /// Computes the dummy hash.
    ///
    /// # Errors
    /// [`AuthError::Hash`] when memory is short.
    pub async fn new() -> Result<Self, AuthError> {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| AuthError::Hash)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut hashing = Self { argon2, permits: Arc::new(Semaphore::new(AT_ONCE)), dummy: "".into() };
        hashing.dummy = hashing.hash(super::token::random_token()).await?.into();
        Ok(hashing)
    }

    /// PHC string of a password with a fresh salt.
    ///
    /// # Errors
    /// [`AuthError::Hash`] when memory is short.
    pub async fn hash(&self, password: SecretString) -> Result<String, AuthError> {
        let hash = move |argon2: Argon2<'_>| argon2.hash_password(password.expose_secret().as_bytes()).map(|hash| hash.to_string());
        self.compute(move |argon2| hash(argon2).ok()).await?.ok_or(AuthError::Hash)
    }

    /// Whether the password has this hash; without a hash the same work is done and the answer is no.
    ///
    /// # Errors
    /// [`AuthError::Hash`] when memory is short.
    pub async fn verify(&self, password: SecretString, hash: Option<String>) -> Result<bool, AuthError> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.dummy.to_string());
        let right = self.compute(move |argon2| argon2.verify_password(password.expose_secret().as_bytes(), hash.as_str()).is_ok()).await?;
        Ok(right && known)
    }

    async fn compute<T: Send + 'static>(&self, work: impl FnOnce(Argon2<'static>) -> T + Send + 'static) -> Result<T, AuthError> {
        // The permit moves into the work: when a browser hangs up, the hash that is being computed still counts.
        let permit = self.permits.clone().acquire_owned().await.map_err(|_| AuthError::Hash)?;
        let argon2 = self.argon2.clone();
        let work = move || {
            let result = work(argon2);
            drop(permit);
            result
        };
        spawn_blocking(work).await.map_err(|_| AuthError::Hash)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn rules_of_passwords() {
        for (password, expected) in [
            ("", Err(PasswordFlaw::TooShort)),
            ("ninechars", Err(PasswordFlaw::TooShort)),
            ("密码密码密码密码密", Err(PasswordFlaw::TooShort)),
            ("tencharsxx", Ok(())),
            ("密码密码密码密码密二", Ok(())),
            ("Administrator", Err(PasswordFlaw::TooWeak)),
            ("Password123", Err(PasswordFlaw::TooWeak)),
            ("1234567890", Err(PasswordFlaw::TooWeak)),
            ("Alexandria.Lee", Err(PasswordFlaw::TooWeak)),
            ("aaaaaaaaaaaa", Err(PasswordFlaw::TooWeak)),
        ] {
            assert_eq!(check_password("alexandria.lee", password), expected, "{password}");
        }
        assert_eq!(check_password("ann", &"ab".repeat(128)), Ok(()));
        assert_eq!(check_password("ann", &"ab".repeat(129)), Err(PasswordFlaw::TooLong));
    }

    #[test]
    fn the_list_of_common_passwords_can_match() {
        for line in COMMON.lines() {
            assert!(line.chars().count() >= SHORTEST && line == line.to_lowercase(), "{line}");
        }
    }

    #[tokio::test]
    async fn a_hash_is_argon2id_with_the_documented_cost_and_verifies_only_its_password() {
        let hashing = PasswordHashing::new().await.unwrap();
        let hash = hashing.hash("correct horse".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(hashing.verify("correct horse".into(), Some(hash.clone())).await.unwrap());
        assert!(!hashing.verify("correct horsf".into(), Some(hash)).await.unwrap());
        assert!(!hashing.verify("correct horse".into(), None).await.unwrap());
        assert!(!hashing.verify("correct horse".into(), Some("garbage".into())).await.unwrap());
    }

    /// What an unknown user's password is verified against costs what a known one's does: same algorithm, parameters and lengths.
    #[tokio::test]
    async fn the_dummy_costs_what_a_real_hash_costs() {
        let hashing = PasswordHashing::new().await.unwrap();
        let real = hashing.hash("correct horse".into()).await.unwrap();
        let cost = |hash: &str| {
            let parts: Vec<&str> = hash.split('$').collect();
            (parts[1..4].join("$"), parts[4].len(), parts[5].len())
        };
        assert_eq!(cost(&hashing.dummy), cost(&real));
    }
}
