//! Serves the latest snapshot over TLS: `/metrics`, `/stream`, `/healthz`.

mod connection;
mod exposition;
mod feed;
mod limits;
mod router;
mod secrets;
mod stream;

pub use connection::serve;
pub use feed::Feed;
pub use secrets::{Secrets, SecretsError};
