//! `/api/live`: the live feed's socket.

use super::api::refuse;
use crate::auth::Accounts;
use crate::clock::now_ms;
use crate::live::{Hub, ws};
use app::backend::Caller;
use app::error::ApiError;
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State, WebSocketUpgrade};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use protocol::live::{Topic, UnknownTopic};
use serde::Deserialize;
use tokio_util::sync::CancellationToken;

/// `?topics=overview,host:3`
#[derive(Deserialize)]
pub(super) struct LiveQuery {
    topics: Option<String>,
}

/// Opens a live socket that ends with its session or with the centre.
pub(super) async fn live(
    State(accounts): State<Accounts>,
    State(hub): State<Hub>,
    State(stop): State<CancellationToken>,
    Extension(caller): Extension<Caller>,
    query: Result<Query<LiveQuery>, QueryRejection>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let Some(session) = caller.session else { return refuse(&ApiError::Unauthorized) };
    let Ok(Ok(topics)) = query.map(|Query(query)| parse_topics(query.topics.as_deref())) else {
        return (StatusCode::BAD_REQUEST, UnknownTopic.to_string()).into_response();
    };
    let Ok(lease) = accounts.open_socket(session.id, &stop, now_ms()).await else { return refuse(&ApiError::Unavailable) };
    ws::upgrade(hub, upgrade, topics, lease.ended().clone(), lease)
}

fn parse_topics(text: Option<&str>) -> Result<Vec<Topic>, UnknownTopic> {
    text.map_or(Ok(vec![Topic::Overview]), |text| text.split(',').map(str::parse).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_of_the_query() {
        for (text, expected) in [
            (None, Ok(vec![Topic::Overview])),
            (Some("overview"), Ok(vec![Topic::Overview])),
            (Some("overview,host:3"), Ok(vec![Topic::Overview, Topic::Host(3)])),
            (Some("host:3"), Ok(vec![Topic::Host(3)])),
            (Some(""), Err(UnknownTopic)),
            (Some("overview,"), Err(UnknownTopic)),
            (Some("all"), Err(UnknownTopic)),
        ] {
            assert_eq!(parse_topics(text), expected, "{text:?}");
        }
    }
}
