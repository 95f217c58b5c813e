//! A way to a simulated agent that can hang in three ways, without either end being told.

use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::AbortHandle;

/// How bytes pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passage {
    Free,
    /// Open connections go silent; new ones are not even accepted, and after a few the kernel drops their first packets.
    BlackHole,
    /// Open connections go silent; new ones are accepted and silent.
    HalfOpen,
    /// One byte a second, in both directions.
    Trickle,
}

/// The three ways to hang.
pub const HANGING: [Passage; 3] = [Passage::BlackHole, Passage::HalfOpen, Passage::Trickle];

/// A relay on loopback in front of one agent.
pub struct Link {
    pub port: u16,
    passage: watch::Sender<Passage>,
    accepting: AbortHandle,
}

impl Link {
    /// A free way to `port` on loopback.
    ///
    /// # Errors
    /// No port is free.
    pub async fn to(port: u16) -> anyhow::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(([127, 0, 0, 1], 0).into())?;
        // A short queue, so that it is soon full when nobody accepts.
        let listener = socket.listen(1)?;
        let own = listener.local_addr()?.port();
        let (passage, wanted) = watch::channel(Passage::Free);
        let accepting = tokio::spawn(async move {
            loop {
                let mut open = wanted.clone();
                if open.wait_for(|passage| *passage != Passage::BlackHole).await.is_err() {
                    return;
                }
                tokio::select! {
                    _ = open.changed() => {}
                    accepted = listener.accept() => {
                        let Ok((near, _)) = accepted else { continue };
                        let _ = near.set_nodelay(true);
                        tokio::spawn(relay(near, port, wanted.clone()));
                    }
                }
            }
        });
        Ok(Self { port: own, passage, accepting: accepting.abort_handle() })
    }

    /// Lets bytes pass in another way from now on.
    pub fn set(&self, passage: Passage) {
        self.passage.send_replace(passage);
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn relay(near: TcpStream, port: u16, wanted: watch::Receiver<Passage>) {
    let Ok(far) = TcpStream::connect(("127.0.0.1", port)).await else { return };
    let _ = far.set_nodelay(true);
    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
    // When one direction ends, so does the other: a link never outlives its ends.
    let there = pass(near_in, far_out, wanted.clone());
    let back = pass(far_in, near_out, wanted);
    tokio::select! {
        () = there => {}
        () = back => {}
    }
}

async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut wanted: watch::Receiver<Passage>) {
    let mut bytes = vec![0; 32 * 1024];
    loop {
        let Ok(length @ 1..) = from.read(&mut bytes).await else { return };
        let mut rest = &bytes[..length];
        while !rest.is_empty() {
            let passage = *wanted.borrow_and_update();
            let now = match passage {
                Passage::Free => rest.len(),
                Passage::Trickle => {
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    1
                }
                Passage::BlackHole | Passage::HalfOpen => {
                    if wanted.changed().await.is_err() {
                        return;
                    }
                    continue;
                }
            };
            let (first, later) = rest.split_at(now);
            if to.write_all(first).await.is_err() {
                return;
            }
            rest = later;
        }
    }
}
