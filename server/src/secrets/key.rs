//! The key file.

use super::VaultError;
use secrecy::zeroize::Zeroizing;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// Length of an AES-256 key.
pub(super) const KEY_BYTES: usize = 32;

/// Bits of the file's mode that let others read or write it.
const OTHERS: u32 = 0o077;

/// Reads the key file, or makes it if there is none.
pub(super) fn load_or_create(path: &Path) -> Result<Zeroizing<[u8; KEY_BYTES]>, VaultError> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(file) => create(file).map_err(|source| VaultError::KeyFile { path: path.to_owned(), source }),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => load(path),
        Err(source) => Err(VaultError::KeyFile { path: path.to_owned(), source }),
    }
}

fn create(mut file: File) -> std::io::Result<Zeroizing<[u8; KEY_BYTES]>> {
    let key = Zeroizing::new(rand::random::<[u8; KEY_BYTES]>());
    file.write_all(key.as_slice())?;
    file.sync_all()?;
    Ok(key)
}

fn load(path: &Path) -> Result<Zeroizing<[u8; KEY_BYTES]>, VaultError> {
    let failed = |source| VaultError::KeyFile { path: path.to_owned(), source };
    let file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    let mode = metadata.permissions().mode();
    if mode & OTHERS != 0 {
        return Err(VaultError::KeyOpenToOthers { path: path.to_owned(), mode: mode & 0o777 });
    }
    // One byte more than a key tells a longer file apart.
    let mut bytes = Zeroizing::new(Vec::with_capacity(KEY_BYTES + 1));
    file.take(KEY_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    let key = bytes.as_slice().try_into().map_err(|_| VaultError::KeyLength { path: path.to_owned(), found: metadata.len() })?;
    Ok(Zeroizing::new(key))
}
