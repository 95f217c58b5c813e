//! `/api/history/download`: stored values as a file.

use super::api::refuse;
use crate::backend::{Download, HistoryRoom};
use app::backend::Caller;
use app::error::{ApiError, Field, FieldReason};
use axum::Extension;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use axum::response::Response;
use futures_util::StreamExt;
use serde::Deserialize;
use std::sync::Arc;
use tokio_stream::wrappers::ReceiverStream;

/// `?hosts=1,2&series=cpu_percent,load_1&from=…&to=…&format=csv`, times in UTC milliseconds. `step` names a resolution in milliseconds
/// (10000, 300000, 3600000; otherwise the finest that reaches back far enough), `gzip=1` packs the file.
#[derive(Deserialize)]
pub(super) struct DownloadQuery {
    hosts: String,
    series: String,
    from: i64,
    to: i64,
    format: Option<String>,
    step: Option<i64>,
    gzip: Option<u8>,
}

/// Sends the file while it is written. An error in its middle breaks the connection off, so that a part does not pass for the whole.
pub(super) async fn download(
    State(history): State<Arc<HistoryRoom>>,
    Extension(caller): Extension<Caller>,
    query: Result<Query<DownloadQuery>, QueryRejection>,
) -> Response {
    let Ok(Query(query)) = query else { return refuse(&ApiError::field(Field::Range, FieldReason::Required)) };
    match open(&history, &caller, query).await {
        Ok(download) => send(download),
        Err(error) => refuse(&error),
    }
}

async fn open(history: &HistoryRoom, caller: &Caller, query: DownloadQuery) -> Result<Download, ApiError> {
    let wrong_hosts = |_| ApiError::field(Field::Series, FieldReason::NotSoManyLines { most: crate::store::MOST_LINES });
    let hosts = query.hosts.split(',').map(|id| id.trim().parse().map_err(wrong_hosts)).collect::<Result<_, _>>()?;
    // A mount point may hold a comma; it is written as %2C within the value.
    let series = query.series.split(',').map(|name| name.replace("%2C", ",")).collect();
    let format = query.format.as_deref().unwrap_or("csv");
    history.download(caller, hosts, series, (query.from, query.to), query.step, format, query.gzip == Some(1)).await
}

fn send(download: Download) -> Response {
    let mut response = Response::new(Body::from_stream(ReceiverStream::new(download.parts).map(|part| part.map(axum::body::Bytes::from))));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(download.content_type));
    // The name is made of digits and letters of our own.
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", download.file_name)) {
        headers.insert(CONTENT_DISPOSITION, value);
    }
    response
}
