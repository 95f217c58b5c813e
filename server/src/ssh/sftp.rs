//! Files to a host over SFTP.

use super::{Session, SshError};
use russh::ChannelMsg;
use russh_sftp::client::error::Error as SftpError;
use russh_sftp::client::{Config, SftpSession};
use russh_sftp::extensions::Statvfs;
use russh_sftp::protocol::{FileAttributes, OpenFlags, StatusCode};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;

/// How long the server may take for any one answer.
const ANSWER: Duration = Duration::from_secs(8);

/// Requests under way at once: enough for a long fat link, few enough that a thin one answers the last of them in time.
const WRITES_AT_ONCE: usize = 8;

/// Bytes handed over at once; each piece has a deadline of its own.
const PIECE_BYTES: usize = 64 * 1024;

/// The largest file system that still counts as full, in bytes.
const NEXT_TO_NOTHING: u64 = 64 * 1024;

/// An SFTP channel.
pub struct Sftp {
    files: SftpSession,
}

impl Session {
    /// Opens an SFTP channel.
    ///
    /// # Errors
    /// [`SshError::NoSftp`], [`SshError::Disconnected`], [`SshError::TimedOut`].
    pub async fn open_sftp(&self) -> Result<Sftp, SshError> {
        let opening = async {
            let mut channel = self.open_channel().await?;
            channel.request_subsystem(true, "sftp").await?;
            loop {
                match channel.wait().await {
                    Some(ChannelMsg::Success) => break,
                    Some(ChannelMsg::WindowAdjusted { .. }) => {}
                    _ => return Ok(None),
                }
            }
            let config = Config { request_timeout_secs: ANSWER.as_secs(), max_concurrent_writes: WRITES_AT_ONCE, ..Config::default() };
            // A server that says yes and then does not speak the protocol (its program is missing, a login script talks) has none.
            Ok(SftpSession::new_with_config(channel.into_stream(), config).await.ok())
        };
        let opened: Result<Option<SftpSession>, russh::Error> = timeout(ANSWER, opening).await.map_err(|_| SshError::TimedOut(ANSWER))?;
        match opened {
            Ok(Some(files)) => Ok(Sftp { files }),
            Ok(None) => Err(self.broken_or(SshError::NoSftp)),
            Err(error) => Err(self.broken_or(error.into())),
        }
    }
}

impl Sftp {
    /// Makes a directory that only its owner may enter; it must not exist yet.
    ///
    /// # Errors
    /// [`SshError::NotWritable`], [`SshError::DiskFull`], [`SshError::TimedOut`], [`SshError::Disconnected`].
    pub async fn create_private_dir(&self, path: &str) -> Result<(), SshError> {
        let made = self.files.create_dir(path).await;
        let parent = path.rsplit_once('/').map_or("/", |(parent, _)| parent);
        self.explain(made, path, parent).await?;
        let mode = FileAttributes { permissions: Some(0o700), ..FileAttributes::empty() };
        let set = self.files.set_metadata(path, mode).await;
        self.explain(set, path, path).await
    }

    /// Writes a new file below a directory; it must not exist yet.
    ///
    /// # Errors
    /// [`SshError::NotWritable`], [`SshError::DiskFull`], [`SshError::TimedOut`], [`SshError::Disconnected`].
    pub async fn write_new(&self, directory: &str, name: &str, bytes: &[u8], mode: u32) -> Result<(), SshError> {
        let path = format!("{directory}/{name}");
        let flags = OpenFlags::CREATE | OpenFlags::EXCLUDE | OpenFlags::WRITE;
        let attributes = FileAttributes { permissions: Some(mode), ..FileAttributes::empty() };
        let opened = self.files.open_with_flags_and_attributes(&path, flags, attributes).await;
        let mut file = self.explain(opened, &path, directory).await?;
        let mut written = Ok(());
        for piece in bytes.chunks(PIECE_BYTES) {
            written = timeout(ANSWER, file.write_all(piece)).await.map_err(|_| SftpError::Timeout).and_then(|done| Ok(done?));
            if written.is_err() {
                break;
            }
        }
        if written.is_ok() {
            written = timeout(ANSWER, file.close()).await.map_err(|_| SftpError::Timeout).and_then(|done| Ok(done?));
        }
        self.explain(written, &path, directory).await
    }

    /// Closes the channel, so that a server that allows only one at a time is free for the next.
    pub async fn close(self) {
        let _ = self.files.close().await;
    }

    /// OpenSSH calls a full disk just `Failure`, so the file system itself is asked.
    async fn explain<T>(&self, result: Result<T, SftpError>, path: &str, directory: &str) -> Result<T, SshError> {
        let error = match result {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        let reason = match error {
            SftpError::Timeout => return Err(SshError::TimedOut(ANSWER)),
            SftpError::UnexpectedBehavior(_) | SftpError::UnexpectedPacket | SftpError::Limited(_) => {
                return Err(SshError::Disconnected);
            }
            SftpError::Status(status) if status.status_code == StatusCode::ConnectionLost => return Err(SshError::Disconnected),
            SftpError::Status(status) => status.status_code.to_string(),
            SftpError::IO(reason) => reason,
        };
        match timeout(ANSWER, self.files.fs_info(directory)).await {
            Ok(Ok(Some(info))) if is_full(&info) => Err(SshError::DiskFull { path: directory.into() }),
            Ok(Ok(_)) => Err(SshError::NotWritable { path: path.into(), reason }),
            Ok(Err(_)) => Err(SshError::Disconnected),
            Err(_) => Err(SshError::TimedOut(ANSWER)),
        }
    }
}

/// File systems without blocks, such as /proc, are never full.
fn is_full(info: &Statvfs) -> bool {
    let no_bytes = info.blocks > 0 && info.blocks_avail.saturating_mul(info.fragment_size) < NEXT_TO_NOTHING;
    no_bytes || (info.inodes > 0 && info.inodes_avail == 0)
}
