//! The snapshot as Prometheus reads it, with node_exporter's names, so that existing dashboards work.

mod families;
mod writer;

use super::feed::Beat;
use writer::{Style, Writer};

/// How `/metrics` is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    /// <https://prometheus.io/docs/instrumenting/exposition_formats/>, version 0.0.4.
    Prometheus,
    /// <https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md>, version 1.0.0.
    OpenMetrics,
}

impl Format {
    /// What the `Accept` header asks for. Scrapers name their formats; everybody else gets JSON.
    pub(super) fn wanted(accept: &str) -> Self {
        let accept = accept.to_ascii_lowercase();
        if accept.contains("application/json") {
            Self::Json
        } else if accept.contains("application/openmetrics-text") {
            Self::OpenMetrics
        } else if accept.contains("text/plain") {
            Self::Prometheus
        } else {
            Self::Json
        }
    }

    /// Value of the `Content-Type` header.
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }
}

/// The text for a scraper; `open_metrics` chooses between the two formats.
pub(super) fn text(beat: &Beat, open_metrics: bool) -> String {
    let mut writer = Writer::new(if open_metrics { Style::OpenMetrics } else { Style::Prometheus });
    families::write(&mut writer, &beat.snapshot, beat.observation.as_deref());
    writer.finish()
}

#[cfg(test)]
mod tests;
