//! A link to a host that can be cut without either end being told.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A relay on loopback.
pub struct Relay {
    pub port: u16,
    is_cut: Arc<AtomicBool>,
    accepting: JoinHandle<()>,
}

impl Relay {
    pub async fn to(address: &str, port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (own, place) = (listener.local_addr().unwrap().port(), (address.to_owned(), port));
        let is_cut = Arc::new(AtomicBool::new(false));
        let cut = is_cut.clone();
        let accepting = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let Ok(far) = TcpStream::connect((place.0.as_str(), place.1)).await else { continue };
                let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
                tokio::spawn(pass(near_in, far_out, cut.clone()));
                tokio::spawn(pass(far_in, near_out, cut.clone()));
            }
        });
        Self { port: own, is_cut, accepting }
    }

    /// From now on no byte passes; the connections stay open.
    pub fn cut(&self) {
        self.is_cut.store(true, Ordering::Relaxed);
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, is_cut: Arc<AtomicBool>) {
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut bytes).await {
        while is_cut.load(Ordering::Relaxed) {
            // Holds both ends open for as long as the test runs.
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        if to.write_all(&bytes[..length]).await.is_err() {
            break;
        }
    }
}
