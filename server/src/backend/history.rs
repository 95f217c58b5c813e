//! Stored values, for the page.

use super::{internal, require};
use crate::clock::now_ms;
use crate::store::{HostEventRow, SampleRow, Store, WINDOW_MS};
use app::backend::{Caller, HistoryBackend};
use app::error::ApiError;
use app::views::{self, About, HostChange, HostEvent, Role, Trend, TrendPoint};
use async_trait::async_trait;
use protocol::host::HostId;
use protocol::live::{SourceEvent, StatusEvent};
use protocol::metric::{Metric, Series};

const HOUR_MS: i64 = 3_600_000;

/// Events that are answered at most.
const MOST_EVENTS: u32 = 500;

/// Stored values, for the page.
pub struct HistoryRoom {
    pub store: Store,
}

#[async_trait]
impl HistoryBackend for HistoryRoom {
    async fn last_hour(&self, caller: &Caller, id: HostId) -> Result<Trend, ApiError> {
        require(caller, Role::Viewer)?;
        let now = now_ms();
        let rows = self.store.rows(id, now - HOUR_MS, now).await.map_err(|error| internal(&error))?;
        Ok(Trend { host_id: id, step_ms: WINDOW_MS, points: rows.iter().map(point).collect() })
    }

    async fn host_events(&self, caller: &Caller, id: HostId, limit: u32) -> Result<Vec<HostEvent>, ApiError> {
        require(caller, Role::Viewer)?;
        let rows = self.store.list_events(id, limit.min(MOST_EVENTS)).await.map_err(|error| internal(&error))?;
        Ok(rows.into_iter().map(event).collect())
    }

    async fn about(&self, caller: &Caller) -> Result<About, ApiError> {
        require(caller, Role::Viewer)?;
        Ok(About { version: env!("CARGO_PKG_VERSION").into(), data_bytes: self.store.size_bytes() })
    }
}

fn event(row: HostEventRow) -> HostEvent {
    match row {
        HostEventRow::Status(StatusEvent { at_ms, from, to, reason, .. }) => {
            HostEvent { at_ms, change: HostChange::Status { from, to }, reason }
        }
        HostEventRow::Source(SourceEvent { at_ms, from, to, reason, .. }) => {
            HostEvent { at_ms, change: HostChange::Source { from, to }, reason }
        }
    }
}

fn point(row: &SampleRow) -> TrendPoint {
    let stat = |metric: Metric| row.series.iter().find(|(series, _)| *series == Series::Metric(metric)).map(|(_, stat)| *stat);
    let spread = |metric: Metric| {
        stat(metric).map(|stat| views::Spread { mean: stat.mean as f32, least: stat.least as f32, most: stat.most as f32 })
    };
    TrendPoint {
        at_ms: row.at_ms,
        cpu: spread(Metric::Cpu),
        memory: spread(Metric::Memory),
        disk: stat(Metric::Disk).map(|stat| stat.mean as f32),
        in_bytes_per_s: spread(Metric::NetworkIn),
        out_bytes_per_s: spread(Metric::NetworkOut),
        load_one: spread(Metric::Load1),
    }
}
