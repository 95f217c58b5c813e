//! The first line of an SSH connection, read by ourselves so that what is not SSH is told apart from what broke.

use super::SshError;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_util::sync::{CancellationToken, DropGuard, WaitForCancellationFutureOwned};

/// What we call ourselves. RFC 4253, section 4.2.
pub(super) const CLIENT_ID: &str = "SSH-2.0-Tactus";

/// Length of [`CLIENT_ID`] with the end of its line.
const CLIENT_LINE_BYTES: usize = CLIENT_ID.len() + 2;

/// A server may say something before its greeting, but not for ever.
const MAX_PREAMBLE_BYTES: usize = 8 * 1024;

/// OpenSSH says these in clear before it hangs up on a client that it will not serve now.
const BUSY_TEXTS: [&[u8]; 2] = [b"Exceeded MaxStartups", b"Not allowed at this time"];

/// Closes its connection when it is dropped. russh reads in a task of its own, which a server could keep alive for ever.
pub(super) struct Cutter {
    _guard: DropGuard,
}

/// A connection whose greetings have been exchanged. To russh it looks like a fresh one: its own greeting is swallowed, and the
/// server's is played back.
pub(super) struct Greeted {
    stream: TcpStream,
    played_back: Vec<u8>,
    read_until: usize,
    swallow: usize,
    cut: Pin<Box<WaitForCancellationFutureOwned>>,
}

/// Greets and waits for the server's greeting.
///
/// # Errors
/// [`SshError::ClosedBeforeBanner`], [`SshError::NotSsh`], [`SshError::TimedOut`] when the server stays silent.
pub(super) async fn greet(mut stream: TcpStream, deadline: Duration) -> Result<(Greeted, Cutter), SshError> {
    let mut heard = Vec::new();
    // A server that waits for the client, such as one for HTTP, betrays itself by its answer to our greeting. That the write
    // fails is no news: the read that follows tells what happened.
    let _ = stream.write_all(format!("{CLIENT_ID}\r\n").as_bytes()).await;
    let start = match timeout(deadline, hear_greeting(&mut stream, &mut heard)).await {
        Ok(start) => start?,
        Err(_) if heard.is_empty() => return Err(SshError::TimedOut(deadline)),
        Err(_) => return Err(SshError::NotSsh),
    };
    heard.drain(..start);
    let cut = CancellationToken::new();
    let cutter = Cutter { _guard: cut.clone().drop_guard() };
    let cut = Box::pin(cut.cancelled_owned());
    Ok((Greeted { stream, played_back: heard, read_until: 0, swallow: CLIENT_LINE_BYTES, cut }, cutter))
}

/// Returns where in `heard` the greeting starts.
async fn hear_greeting(stream: &mut TcpStream, heard: &mut Vec<u8>) -> Result<usize, SshError> {
    loop {
        match find_greeting(heard) {
            Some(Greeting::At(start)) => return Ok(start),
            Some(Greeting::Other) => return Err(SshError::NotSsh),
            None if heard.len() > MAX_PREAMBLE_BYTES => return Err(SshError::NotSsh),
            None => {}
        }
        let closed = match stream.read_buf(heard).await {
            Ok(read) => read == 0,
            Err(_) => true,
        };
        if closed {
            let busy = BUSY_TEXTS.iter().any(|text| heard.windows(text.len()).any(|window| window == *text));
            return Err(if heard.is_empty() || busy { SshError::ClosedBeforeBanner } else { SshError::NotSsh });
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Greeting {
    At(usize),
    Other,
}

/// Looks through the complete lines for a greeting of version 2.
fn find_greeting(heard: &[u8]) -> Option<Greeting> {
    let mut start = 0;
    while let Some(length) = heard.get(start..)?.iter().position(|&byte| byte == b'\n') {
        let line = heard.get(start..start + length)?;
        if line.starts_with(b"SSH-2.0-") || line.starts_with(b"SSH-1.99-") {
            return Some(Greeting::At(start));
        }
        if line.starts_with(b"SSH-") || line.starts_with(b"HTTP/") {
            return Some(Greeting::Other);
        }
        start += length + 1;
    }
    None
}

impl AsyncRead for Greeted {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.cut.as_mut().poll(context).is_ready() {
            return Poll::Ready(Ok(()));
        }
        if let Some(rest) = this.played_back.get(this.read_until..).filter(|rest| !rest.is_empty()) {
            let part = rest.get(..buffer.remaining()).unwrap_or(rest);
            buffer.put_slice(part);
            this.read_until += part.len();
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut this.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Greeted {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        if this.swallow > 0 {
            let swallowed = this.swallow.min(bytes.len());
            this.swallow -= swallowed;
            return Poll::Ready(Ok(swallowed));
        }
        Pin::new(&mut this.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::{Greeting, find_greeting};

    #[test]
    fn greetings() {
        for (heard, found) in [
            ("", None),
            ("SSH-2.0-OpenSSH_9.2", None),
            ("SSH-2.0-OpenSSH_9.2\r\n", Some(Greeting::At(0))),
            ("SSH-1.99-Old\nrest", Some(Greeting::At(0))),
            ("hello\r\nSSH-2.0-x\r\n\0\0", Some(Greeting::At(7))),
            ("SSH-1.5-ancient\n", Some(Greeting::Other)),
            ("HTTP/1.1 400 Bad Request\r\n", Some(Greeting::Other)),
            ("220 mail.example ESMTP\r\n", None),
        ] {
            assert_eq!(find_greeting(heard.as_bytes()), found, "{heard:?}");
        }
    }
}
