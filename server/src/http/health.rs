//! Whether the centre works, for Docker and load balancers.

use crate::store::Store;
use axum::extract::State;
use axum::http::StatusCode;

/// `ok` while the database answers, else 503.
pub(super) async fn healthz(State(store): State<Store>) -> (StatusCode, &'static str) {
    match store.ping().await {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer")
        }
    }
}
