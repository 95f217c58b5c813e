//! Channels that stay open: a script that runs until its input ends, and a connection that the host makes for us.

use super::script::{AS_LOGIN_USER, framed};
use super::{Session, SshError};
use russh::ChannelStream;
use russh::client::Msg;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

/// Bytes of one channel. The channel is closed when this is dropped.
pub type Bytes = ChannelStream<Msg>;

/// How long a host may take to open a channel.
const OPENING: Duration = Duration::from_secs(5);

/// Most bytes that are handed on at once.
const READ_BYTES: usize = 32 * 1024;

/// A script that runs on the host until it is dropped: its input ends then, and with it the script.
pub struct RunningScript {
    bytes: Bytes,
}

impl Session {
    /// Starts a script that is known at compile time.
    ///
    /// # Errors
    /// [`SshError::Disconnected`], [`SshError::TimedOut`], [`SshError::Protocol`] when the host opens no channel.
    pub async fn start_script(&self, script: &'static str) -> Result<RunningScript, SshError> {
        let opening = async {
            let channel = self.open_channel().await?;
            channel.exec(false, AS_LOGIN_USER).await?;
            channel.data_bytes(framed(script).into_bytes()).await?;
            Ok(RunningScript { bytes: channel.into_stream() })
        };
        let opened = timeout(OPENING, opening).await.map_err(|_| SshError::TimedOut(OPENING))?;
        opened.map_err(|error: russh::Error| self.broken_or(error.into()))
    }

    /// Starts a command that is known at compile time, for a key with which the host itself decides what runs.
    ///
    /// # Errors
    /// As [`Session::start_script`].
    pub async fn start_command(&self, command: &'static str) -> Result<RunningScript, SshError> {
        let opening = async {
            let channel = self.open_channel().await?;
            channel.exec(false, command).await?;
            Ok(RunningScript { bytes: channel.into_stream() })
        };
        let opened = timeout(OPENING, opening).await.map_err(|_| SshError::TimedOut(OPENING))?;
        opened.map_err(|error: russh::Error| self.broken_or(error.into()))
    }

    /// Connects to a port of the host's own loopback. RFC 4254, section 7.2.
    ///
    /// # Errors
    /// [`SshError::Refused`] when nobody listens there or the host forbids it, [`SshError::Disconnected`], [`SshError::TimedOut`].
    pub async fn connect_loopback(&self, port: u16) -> Result<Bytes, SshError> {
        let opening = self.handle.channel_open_direct_tcpip("127.0.0.1", u32::from(port), "127.0.0.1", 0);
        match timeout(OPENING, opening).await {
            Ok(Ok(channel)) => Ok(channel.into_stream()),
            Ok(Err(russh::Error::ChannelOpenFailure(_))) => Err(SshError::Refused),
            Ok(Err(error)) => Err(self.broken_or(error.into())),
            Err(_) => Err(SshError::TimedOut(OPENING)),
        }
    }
}

impl RunningScript {
    /// Gives the script a line (with its line break) to read.
    ///
    /// # Errors
    /// [`SshError::Disconnected`].
    pub async fn say(&mut self, line: &str) -> Result<(), SshError> {
        let said = async {
            self.bytes.write_all(line.as_bytes()).await?;
            self.bytes.flush().await
        };
        said.await.map_err(|_| SshError::Disconnected)
    }

    /// Waits for what it prints next, at most 32 KiB. Cancel-safe. Silence is no error here: the caller has the deadline.
    ///
    /// # Errors
    /// [`SshError::Disconnected`] also when the script has ended.
    pub async fn hear(&mut self) -> Result<Vec<u8>, SshError> {
        let mut heard = Vec::with_capacity(READ_BYTES);
        match self.bytes.read_buf(&mut heard).await {
            Ok(length) if length > 0 => Ok(heard),
            _ => Err(SshError::Disconnected),
        }
    }
}
