//! The agents that this centre carries, one for each architecture.

use protocol::deploy::DeployFailure;
use sha2::{Digest, Sha256};
use std::io;
use std::path::{Path, PathBuf};

/// Architectures for which agents are built.
pub const ARCHITECTURES: [&str; 2] = ["x86_64", "aarch64"];

/// The agents below a directory, as files `tactus-agent-<architecture>`.
#[derive(Clone, Debug)]
pub struct Artifacts {
    directory: PathBuf,
}

/// One agent, read whole.
pub struct Artifact {
    pub bytes: Vec<u8>,
    /// SHA-256 of the bytes, 64 hexadecimal digits.
    pub sha256: String,
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
        Ok(Self { directory: directory.to_owned() })
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
            Ok::<_, io::Error>(Artifact { bytes, sha256 })
        });
        match reading.await {
            Ok(Ok(artifact)) => Ok(artifact),
            _ => Err(DeployFailure::AgentNotBundled { architecture: architecture.into() }),
        }
    }

    fn path(&self, architecture: &str) -> PathBuf {
        self.directory.join(format!("tactus-agent-{architecture}"))
    }
}
