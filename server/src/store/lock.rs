//! One program at a time owns a data folder.

use super::StoreError;
use std::fs::{File, TryLockError};
use std::path::Path;

/// Holds a data folder until it is dropped.
#[derive(Debug)]
pub struct DataLock {
    _file: File,
}

impl DataLock {
    /// Takes the data folder. The lock is the operating system's, so a crash leaves none behind.
    ///
    /// # Errors
    /// [`StoreError::InUse`] while another program holds it; the file cannot be made.
    pub fn take(data_dir: &Path) -> Result<Self, StoreError> {
        let path = data_dir.join("lock");
        let failed = |source| StoreError::Lock { path: path.clone(), source };
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse { folder: data_dir.to_owned() }),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}
