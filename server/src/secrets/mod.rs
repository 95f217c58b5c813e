//! Secrets at rest: sealed with a key that lies beside the database, never in it.

mod key;
mod vault;

pub use vault::{SecretContext, Vault, VaultError};
