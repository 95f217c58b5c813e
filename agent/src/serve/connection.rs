//! Accepts connections, each with its limits, and ends them gracefully.

use super::feed::Feed;
use super::limits::{AUTHORISE_TIMEOUT, HANDSHAKE_TIMEOUT, IDLE_TIMEOUT, MAX_CONNECTIONS, MAX_HEADER_BYTES, MAX_HEADERS, STOP_TIMEOUT};
use super::router::{Service, router};
use super::secrets::Secrets;
use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// After an error of the listener itself, such as too many open files: time for others to close some.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves `feed` on `listener` until `stop`; then closes all connections within two seconds.
///
/// # Errors
/// The certificate or the key cannot be used.
pub async fn serve(listener: TcpListener, secrets: &Secrets, feed: Feed, stop: CancellationToken) -> io::Result<()> {
    let tls = secrets.tls().map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
    let acceptor = TlsAcceptor::from(Arc::new(tls));
    let router = router(Service { feed, secrets: Arc::new(secrets.clone()), stop: stop.clone() });
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let accepted = async {
            let place = places.clone().acquire_owned().await.map_err(io::Error::other)?;
            Ok::<_, io::Error>((listener.accept().await?.0, Place::new(place)))
        };
        tokio::select! {
            () = stop.cancelled() => break,
            accepted = accepted => match accepted {
                Ok((socket, place)) => drop(tokio::spawn(run(socket, acceptor.clone(), router.clone(), place, stop.clone()))),
                Err(_) => sleep(ACCEPT_PAUSE).await,
            },
        }
    }
    drop(listener);
    // When all places are free again, all connections have ended.
    let _ = timeout(STOP_TIMEOUT, places.acquire_many(MAX_CONNECTIONS as u32)).await;
    Ok(())
}

/// The right to be one of the connections; travels with a request, so that a stream keeps it after its upgrade.
#[derive(Clone)]
pub(super) struct Place {
    _permit: Arc<OwnedSemaphorePermit>,
    authorised: Arc<AtomicBool>,
}

impl Place {
    fn new(permit: OwnedSemaphorePermit) -> Self {
        Self { _permit: Arc::new(permit), authorised: Arc::default() }
    }

    /// Notes that the client has shown the token on this connection.
    pub(super) fn authorise(&self) {
        self.authorised.store(true, Ordering::Relaxed);
    }

    fn is_authorised(&self) -> bool {
        self.authorised.load(Ordering::Relaxed)
    }
}

/// One connection, from its handshake to its end. What goes wrong here concerns only that client, who sees it.
async fn run(socket: TcpStream, acceptor: TlsAcceptor, router: Router, place: Place, stop: CancellationToken) {
    // A beat is one small message: it must not wait for the next.
    let _ = socket.set_nodelay(true);
    let Ok(Ok(socket)) = timeout(HANDSHAKE_TIMEOUT, acceptor.accept(socket)).await else { return };
    let asked = place.clone();
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(asked.clone());
        router.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE_TIMEOUT)
        .max_buf_size(MAX_HEADER_BYTES)
        .max_headers(MAX_HEADERS)
        .serve_connection(TokioIo::new(socket), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let mut deadline = pin!(sleep(AUTHORISE_TIMEOUT));
    loop {
        tokio::select! {
            _ = connection.as_mut() => return,
            () = stop.cancelled() => break,
            () = deadline.as_mut(), if !deadline.is_elapsed() => {
                if !place.is_authorised() {
                    return;
                }
            }
        }
    }
    connection.as_mut().graceful_shutdown();
    let _ = connection.await;
}
