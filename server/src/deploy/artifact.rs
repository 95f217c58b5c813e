//! The agents that this centre carries, one for each architecture.

use protocol::deploy::DeployFailure;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// Architectures for which agents are built.
pub const ARCHITECTURES: [&str; 2] = ["x86_64", "aarch64"];

/// How often it is looked whether an agent has been compiled.
const LOOK: Duration = Duration::from_millis(200);

/// The agents below a directory, as files `tactus-agent-<architecture>`.
#[derive(Debug)]
pub struct Artifacts {
    directory: PathBuf,
    /// Versions by path, with the time of the file in which they were found.
    versions: Mutex<HashMap<PathBuf, (SystemTime, Option<String>)>>,
}

/// One agent, read whole.
pub struct Artifact {
    pub bytes: Vec<u8>,
    /// SHA-256 of the bytes, 64 hexadecimal digits.
    pub sha256: String,
    /// As it says of itself; `None` for one from before agents said so.
    pub version: Option<String>,
}

impl Artifacts {
    /// Remembers where the agents are. They are read when one is sent, so that they cost no memory until then and a newer build is
    /// taken at once. A directory without agents is no error: then only hosts cannot be installed to.
    ///
    /// # Errors
    /// The directory cannot be listed although it exists.
    pub fn load(directory: &Path) -> io::Result<Self> {
        match std::fs::read_dir(directory) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        Ok(Self { directory: directory.to_owned(), versions: Mutex::default() })
    }

    /// Waits while an agent for an architecture is being compiled, and calls `waiting` first if it is: `cargo xtask run` shows the page before.
    /// Who compiles it holds the lock of a file beside it to its end.
    pub async fn arrived(&self, architecture: &str, waiting: impl FnOnce()) {
        let lock = self.path(architecture).with_extension("coming");
        let mut waiting = Some(waiting);
        while is_locked(&lock) {
            if let Some(waiting) = waiting.take() {
                waiting();
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Size of the agent for an architecture in bytes; `None` when there is none.
    pub fn size(&self, architecture: &str) -> Option<u64> {
        std::fs::metadata(self.path(architecture)).ok().filter(std::fs::Metadata::is_file).map(|metadata| metadata.len())
    }

    /// Reads the agent for an architecture.
    ///
    /// # Errors
    /// [`DeployFailure::AgentNotBundled`].
    pub async fn read(&self, architecture: &str) -> Result<Artifact, DeployFailure> {
        let path = self.path(architecture);
        let reading = tokio::task::spawn_blocking(move || {
            let bytes = std::fs::read(path)?;
            let sha256 = super::credentials::hex(&Sha256::digest(&bytes));
            let version = version_in(&bytes);
            Ok::<_, io::Error>(Artifact { bytes, sha256, version })
        });
        match reading.await {
            Ok(Ok(artifact)) => Ok(artifact),
            _ => Err(DeployFailure::AgentNotBundled { architecture: architecture.into() }),
        }
    }

    /// Version of the agent for an architecture; `None` when there is none or it does not say. The file is searched once.
    pub fn version(&self, architecture: &str) -> Option<String> {
        let path = self.path(architecture);
        let changed = std::fs::metadata(&path).and_then(|metadata| metadata.modified()).ok()?;
        let mut versions = self.versions.lock().unwrap_or_else(PoisonError::into_inner);
        match versions.get(&path) {
            Some((seen, version)) if *seen == changed => version.clone(),
            _ => {
                let version = std::fs::read(&path).ok().and_then(|bytes| version_in(&bytes));
                versions.insert(path, (changed, version.clone()));
                version
            }
        }
    }

    fn path(&self, architecture: &str) -> PathBuf {
        self.directory.join(format!("tactus-agent-{architecture}"))
    }
}

/// Whether another process holds the lock of a file. One that is not there nobody holds.
fn is_locked(path: &Path) -> bool {
    File::open(path).is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

/// What stands before and behind the version in an agent's program; see `agent::VERSION_MARK`.
const MARK: &[u8] = b"tactus-agent-version=";
const MARK_END: u8 = b';';

/// A version is never longer than this.
const MAX_VERSION: usize = 32;

fn version_in(bytes: &[u8]) -> Option<String> {
    let at = bytes.windows(MARK.len()).position(|window| window == MARK)? + MARK.len();
    let version = bytes.get(at..)?.iter().take(MAX_VERSION + 1).position(|&byte| byte == MARK_END)?;
    String::from_utf8(bytes.get(at..at + version)?.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[tokio::test]
    async fn an_agent_that_is_being_compiled_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let artifacts = Artifacts::load(folder.path()).unwrap();
        let told = AtomicU32::new(0);
        let wait = || artifacts.arrived("x86_64", || assert_eq!(told.fetch_add(1, Ordering::Relaxed), 0));
        wait().await;
        let lock = File::create(folder.path().join("tactus-agent-x86_64.coming")).unwrap();
        wait().await;
        artifacts.arrived("aarch64", || panic!("another one")).await;
        assert_eq!(told.load(Ordering::Relaxed), 0);
        lock.lock().unwrap();
        let compiler = async {
            while told.load(Ordering::Relaxed) == 0 {
                tokio::task::yield_now().await;
            }
            std::fs::write(folder.path().join("tactus-agent-x86_64"), "agent").unwrap();
            drop(lock);
        };
        let (size, ()) = tokio::join!(
            async {
                wait().await;
                artifacts.size("x86_64")
            },
            compiler
        );
        assert_eq!((size, told.load(Ordering::Relaxed)), (Some(5), 1));
    }

    #[test]
    fn the_version_that_a_program_says() {
        for (bytes, version) in [
            (&b"\x7fELF..tactus-agent-version=1.2.3;.."[..], Some("1.2.3")),
            (b"tactus-agent-version=1.2.3", None),
            (b"tactus-agent-version=123456789012345678901234567890123;", None),
            (b"", None),
        ] {
            assert_eq!(version_in(bytes).as_deref(), version);
        }
    }
}
