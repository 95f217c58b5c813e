//! Random tokens of 256 bits, and their hashes. Only the hash is kept.

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// 32 random bytes as 64 hexadecimal digits.
pub(super) fn random_token() -> SecretString {
    let bytes = rand::random::<[u8; 32]>();
    let hex = bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    });
    SecretString::from(hex)
}

/// SHA-256 of a token's text. A plain hash is enough, because nobody can guess 256 bits.
pub(super) fn hash_token(token: &SecretString) -> [u8; 32] {
    Sha256::digest(token.expose_secret().as_bytes()).into()
}
