//! How long the history is kept, and how much space it takes.

use crate::store::{Store, StoreError};
use archive::{DAY_MS, TIERS};
use serde::{Deserialize, Serialize};
use sqlx::Row;

/// How long history is kept. What an older version did not know is as by default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Retention {
    /// Days of each of [`TIERS`].
    pub days: [u32; TIERS.len()],
    /// Size of the database in MiB from which the oldest rows are dropped, finest first; `None`: there is no such limit.
    pub budget_mib: Option<u32>,
    pub process_days: u32,
    /// Size of the process history in MiB from which its oldest minutes are dropped.
    pub process_budget_mib: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self { days: TIERS.map(|tier| tier.kept_days), budget_mib: None, process_days: 7, process_budget_mib: 1_024 }
    }
}

/// What a tier, or the process history, takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TierSize {
    pub bytes: u64,
    /// Start of the oldest row: UTC, milliseconds.
    pub oldest_ms: Option<i64>,
    /// Of all hosts, as measured; a typical value while less than a day is stored.
    pub bytes_per_day: u64,
}

/// What a host takes a day where nothing has been measured yet, as `cargo xtask bench store` found it: one tier after the other, then the
/// process history.
const USUAL_BYTES_PER_DAY: [u64; TIERS.len()] = [143_000, 17_500, 2_300];
const USUAL_PROCESS_BYTES_PER_DAY: u64 = 580_000;
/// Rows of less time than this say little.
const MEASURED_MS: i64 = DAY_MS;

impl Store {
    /// How long history is kept, as somebody said or by default.
    ///
    /// # Errors
    /// The database fails.
    pub async fn retention(&self) -> Result<Retention, StoreError> {
        Ok(self.setting("retention").await?.unwrap_or_default())
    }

    /// Sets how long history is kept.
    ///
    /// # Errors
    /// The database fails.
    pub async fn save_retention(&self, retention: &Retention) -> Result<(), StoreError> {
        self.save_setting("retention", retention).await
    }

    /// Bytes that are in use, without free pages.
    ///
    /// # Errors
    /// The database fails.
    pub async fn used_bytes(&self) -> Result<u64, StoreError> {
        let query =
            "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()";
        Ok(u64::try_from(sqlx::query_scalar::<_, i64>(query).fetch_one(self.reader()).await?).unwrap_or(0))
    }

    /// What each tier takes, and the process history, for `hosts` hosts.
    ///
    /// # Errors
    /// The database fails.
    pub async fn sizes(&self, hosts: u64) -> Result<([TierSize; TIERS.len()], TierSize), StoreError> {
        let mut sizes = [TierSize::default(); TIERS.len()];
        for ((tier, size), usual) in TIERS.iter().zip(&mut sizes).zip(USUAL_BYTES_PER_DAY) {
            let query = "SELECT coalesce(sum(length(data)), 0), min(from_ms), coalesce(sum(rows), 0) FROM chunks WHERE tier = ?";
            let row = sqlx::query(query).bind(i64::from(tier.number)).fetch_one(self.reader()).await?;
            let (bytes, stored_ms) = (row.get::<i64, _>(0) as u64, row.get::<i64, _>(2).saturating_mul(tier.step_ms));
            let per_host = if stored_ms >= MEASURED_MS { (bytes as f64 * DAY_MS as f64 / stored_ms as f64) as u64 } else { usual };
            *size = TierSize { bytes, oldest_ms: row.get(1), bytes_per_day: per_host * hosts };
        }
        let (bytes, oldest_ms) = self.process_size().await?;
        let newest: Option<i64> = sqlx::query_scalar("SELECT max(at_ms) FROM process_minutes").fetch_one(self.reader()).await?;
        let stored_ms = oldest_ms.zip(newest).map_or(0, |(oldest, newest)| newest - oldest);
        let bytes_per_day = match stored_ms >= MEASURED_MS {
            true => (bytes as f64 * DAY_MS as f64 / stored_ms as f64) as u64,
            false => USUAL_PROCESS_BYTES_PER_DAY * hosts,
        };
        Ok((sizes, TierSize { bytes, oldest_ms, bytes_per_day }))
    }
}
