//! Sealing and unsealing.

use super::key;
use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, Key, KeyInit, Nonce};
use secrecy::SecretString;
use secrecy::zeroize::Zeroize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// First byte of everything that this version seals.
const VERSION: u8 = 1;
const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;

/// What can go wrong with secrets. No variant holds one.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    #[error("cannot read or make the key file {}: {source}", path.display())]
    KeyFile { path: PathBuf, source: std::io::Error },
    #[error(
        "the key file {} has mode {mode:o}: others may read it. Run `chmod 600` on it, and change the hosts' passwords if anybody has",
        path.display()
    )]
    KeyOpenToOthers { path: PathBuf, mode: u32 },
    #[error("the key file {} has {found} bytes instead of 32: restore it from where you keep it", path.display())]
    KeyLength { path: PathBuf, found: u64 },
    #[error("a secret was sealed by a newer version (format {0})")]
    UnknownFormat(u8),
    /// Wrong key, changed bytes, or a secret of another row or column.
    #[error("a secret cannot be unsealed: it was changed, moved, or sealed with another key")]
    NotAuthentic,
    #[error("a secret cannot be sealed")]
    Seal,
}

/// Where a secret is stored. A secret that is moved to another place does not unseal there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecretContext {
    pub table: &'static str,
    pub row: i64,
    pub column: &'static str,
}

impl SecretContext {
    /// Associated data: unambiguous, because table and column contain no NUL.
    fn bytes(&self) -> Vec<u8> {
        format!("tactus\0{VERSION}\0{}\0{}\0{}", self.table, self.row, self.column).into_bytes()
    }
}

/// Seals and unseals with the key of one key file (AES-256-GCM). Cheap to clone.
#[derive(Clone)]
pub struct Vault(Arc<Aes256Gcm>);

impl std::fmt::Debug for Vault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Vault(hidden)")
    }
}

impl Vault {
    /// Opens the key file, or makes it (mode 0600) if there is none. Its folder must exist.
    ///
    /// # Errors
    /// The file cannot be read or made, others may read it, or it has the wrong length.
    pub fn open(path: &Path) -> Result<Self, VaultError> {
        let key = key::load_or_create(path)?;
        Ok(Self(Arc::new(Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key)))))
    }

    /// Seals a secret for one place: format byte, fresh random nonce, ciphertext with tag.
    ///
    /// # Errors
    /// [`VaultError::Seal`] if it is longer than AES-GCM can seal (64 GiB).
    pub fn seal(&self, context: &SecretContext, plaintext: &str) -> Result<Vec<u8>, VaultError> {
        let nonce = rand::random::<[u8; NONCE_BYTES]>();
        let payload = Payload { msg: plaintext.as_bytes(), aad: &context.bytes() };
        let sealed = self.0.encrypt(&Nonce::from(nonce), payload).map_err(|_| VaultError::Seal)?;
        Ok([&[VERSION], nonce.as_slice(), &sealed].concat())
    }

    /// Unseals a secret that was sealed for this very place.
    ///
    /// # Errors
    /// [`VaultError::UnknownFormat`] or [`VaultError::NotAuthentic`].
    pub fn unseal(&self, context: &SecretContext, sealed: &[u8]) -> Result<SecretString, VaultError> {
        let (version, rest) = sealed.split_first().ok_or(VaultError::NotAuthentic)?;
        if *version != VERSION {
            return Err(VaultError::UnknownFormat(*version));
        }
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(VaultError::NotAuthentic)?;
        if ciphertext.len() < TAG_BYTES {
            return Err(VaultError::NotAuthentic);
        }
        let payload = Payload { msg: ciphertext, aad: &context.bytes() };
        let plaintext = self.0.decrypt(&Nonce::from(*nonce), payload).map_err(|_| VaultError::NotAuthentic)?;
        let text = String::from_utf8(plaintext).map_err(|error| {
            error.into_bytes().zeroize();
            VaultError::NotAuthentic
        })?;
        Ok(SecretString::from(text))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;
    use std::os::unix::fs::PermissionsExt;

    const PLACE: SecretContext = SecretContext { table: "host", row: 7, column: "password" };

    fn vault() -> (tempfile::TempDir, Vault) {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::open(&folder.path().join("secret.key")).unwrap();
        (folder, vault)
    }

    #[test]
    fn seals_and_unseals_also_after_a_restart() {
        let (folder, vault) = vault();
        let path = folder.path().join("secret.key");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        for text in ["", "hunter2", "pässwörd 密码"] {
            let sealed = vault.seal(&PLACE, text).unwrap();
            assert_eq!(Vault::open(&path).unwrap().unseal(&PLACE, &sealed).unwrap().expose_secret(), text);
            assert_ne!(sealed, vault.seal(&PLACE, text).unwrap(), "nonces are fresh");
            assert!(text.is_empty() || !sealed.windows(text.len()).any(|part| part == text.as_bytes()));
        }
    }

    #[test]
    fn every_flipped_bit_and_every_cut_fails() {
        let (_folder, vault) = vault();
        let sealed = vault.seal(&PLACE, "hunter2").unwrap();
        for index in 0..sealed.len() {
            for bit in 0..8 {
                let mut changed = sealed.clone();
                changed[index] ^= 1 << bit;
                assert!(vault.unseal(&PLACE, &changed).is_err(), "bit {bit} of byte {index}");
            }
            assert!(vault.unseal(&PLACE, &sealed[..index]).is_err(), "cut at {index}");
        }
    }

    #[test]
    fn a_secret_does_not_unseal_in_another_place_or_with_another_key() {
        let (_folder, vault) = vault();
        let (_other_folder, other) = self::vault();
        let sealed = vault.seal(&PLACE, "hunter2").unwrap();
        for place in [
            SecretContext { row: 8, ..PLACE },
            SecretContext { column: "sudo_password", ..PLACE },
            SecretContext { table: "notifier", ..PLACE },
        ] {
            assert!(matches!(vault.unseal(&place, &sealed), Err(VaultError::NotAuthentic)), "{place:?}");
        }
        assert!(matches!(other.unseal(&PLACE, &sealed), Err(VaultError::NotAuthentic)));
    }

    #[test]
    fn a_key_file_that_others_read_or_of_wrong_length_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        for (mode, bytes, expected) in [(0o640, 32, "mode 640"), (0o604, 32, "mode 604"), (0o600, 31, "31 bytes"), (0o600, 40, "40 bytes")]
        {
            let path = folder.path().join(format!("{mode:o}-{bytes}"));
            std::fs::write(&path, vec![1; bytes]).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            let error = Vault::open(&path).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn debug_shows_no_key() {
        let (_folder, vault) = vault();
        assert_eq!(format!("{vault:?}"), "Vault(hidden)");
    }
}
