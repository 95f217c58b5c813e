//! One constant command: input in, output out, with caps and deadlines.

use super::{Session, SshError};
use russh::ChannelMsg;
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// What one stream of a command may answer. More is a hostile or broken host.
const MAX_OUTPUT_BYTES: usize = 64 * 1024;

/// Extended data of this kind is the standard error. RFC 4254, section 5.2.
const STANDARD_ERROR: u32 = 1;

/// How long a command may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// From start to end.
    pub total: Duration,
    /// Without a byte of output.
    pub silence: Duration,
}

/// What a command has answered.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// `None` when it was killed.
    pub status: Option<u32>,
    pub stdout: String,
    pub stderr: String,
}

impl Session {
    /// Runs a command that is known at compile time; values and secrets reach it only on its standard input. `on_line` is called
    /// with each complete line of the standard output as it arrives.
    ///
    /// # Errors
    /// [`SshError::CommandRefused`], [`SshError::TooMuchOutput`], [`SshError::Disconnected`], [`SshError::TimedOut`].
    pub async fn run(
        &self,
        command: &'static str,
        input: &SecretString,
        limits: Limits,
        on_line: &mut (dyn FnMut(&str) + Send),
    ) -> Result<Output, SshError> {
        let end = Instant::now() + limits.total;
        let next = || end.min(Instant::now() + limits.silence);
        let late = |_| SshError::TimedOut(limits.silence.min(limits.total));
        let opening = async {
            let channel = self.open_channel().await?;
            channel.exec(true, command).await?;
            channel.data_bytes(input.expose_secret().as_bytes().to_vec()).await?;
            channel.eof().await?;
            Ok(channel)
        };
        let mut channel = timeout_at(next(), opening).await.map_err(late)?.map_err(|error: russh::Error| self.broken_or(error.into()))?;
        let (mut stdout, mut stderr, mut told) = (Vec::new(), Vec::new(), 0);
        let mut status = None;
        loop {
            let message = timeout_at(next(), channel.wait()).await.map_err(late)?;
            match message {
                Some(ChannelMsg::Data { data }) => {
                    append(&mut stdout, &data)?;
                    told = tell_lines(&stdout, told, on_line);
                }
                Some(ChannelMsg::ExtendedData { data, ext: STANDARD_ERROR }) => append(&mut stderr, &data)?,
                Some(ChannelMsg::ExitStatus { exit_status }) => status = Some(exit_status),
                Some(ChannelMsg::Failure) => return Err(SshError::CommandRefused),
                Some(ChannelMsg::Close) | None => break,
                Some(_) => {}
            }
        }
        if status.is_none() && self.handle.is_closed() {
            return Err(SshError::Disconnected);
        }
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Ok(Output { status, stdout: text(stdout), stderr: text(stderr) })
    }
}

fn append(output: &mut Vec<u8>, data: &[u8]) -> Result<(), SshError> {
    if output.len() + data.len() > MAX_OUTPUT_BYTES {
        return Err(SshError::TooMuchOutput(MAX_OUTPUT_BYTES));
    }
    output.extend_from_slice(data);
    Ok(())
}

/// Returns up to where the output has been told.
fn tell_lines(output: &[u8], mut told: usize, on_line: &mut (dyn FnMut(&str) + Send)) -> usize {
    while let Some(rest) = output.get(told..) {
        let Some(length) = rest.iter().position(|&byte| byte == b'\n') else { break };
        on_line(&String::from_utf8_lossy(rest.get(..length).unwrap_or_default()));
        told += length + 1;
    }
    told
}
