//! What happened to alerts, in order, and whether people have been told.

use super::records::alert_of;
use crate::store::events::meant;
use crate::store::{Store, StoreError};
use protocol::alert::{Alert, AlertChange, AlertId};
use protocol::host::Level;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, Sqlite, Transaction};

/// One piece of news.
#[derive(Clone, Debug, PartialEq)]
pub struct News {
    /// Later ones are larger.
    pub id: i64,
    pub change: AlertChange,
    /// Level and value at that time.
    pub level: Level,
    pub value: Option<f64>,
    pub at_ms: i64,
    /// Who did it; empty: the centre itself.
    pub by: String,
    /// The alert as it stands now, which may be later than the news.
    pub alert: Alert,
}

const COLUMNS: &str = "SELECT alerts.*, news.id AS news_id, news.change, news.level AS news_level, news.value AS news_value,
     news.at_ms AS news_at_ms, news.by FROM alert_news AS news JOIN alerts ON alerts.id = news.alert_id";

impl Store {
    /// News that have not been told, oldest first, at most `limit`.
    ///
    /// # Errors
    /// The database fails.
    pub async fn waiting_news(&self, limit: u32) -> Result<Vec<News>, StoreError> {
        let query = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE news.told = 0 ORDER BY news.id LIMIT ?"));
        let rows = sqlx::query(query).bind(limit).fetch_all(self.reader()).await?;
        Ok(rows.iter().filter_map(news_of).collect())
    }

    /// All that happened to an alert, oldest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn news_of_alert(&self, id: AlertId) -> Result<Vec<News>, StoreError> {
        let query = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE news.alert_id = ? ORDER BY news.id"));
        let rows = sqlx::query(query).bind(id).fetch_all(self.reader()).await?;
        Ok(rows.iter().filter_map(news_of).collect())
    }
}

/// Marks news as told, in the transaction that hands them on.
pub(in crate::store) async fn mark_told(transaction: &mut Transaction<'_, Sqlite>, ids: &[i64]) -> Result<(), StoreError> {
    for id in ids {
        sqlx::query("UPDATE alert_news SET told = 1 WHERE id = ?").bind(id).execute(&mut **transaction).await?;
    }
    Ok(())
}

fn news_of(row: &SqliteRow) -> Option<News> {
    Some(News {
        id: row.get("news_id"),
        change: meant(row.get("change"))?,
        level: if row.get::<i64, _>("news_level") >= Level::Critical as i64 { Level::Critical } else { Level::Warning },
        value: row.get("news_value"),
        at_ms: row.get("news_at_ms"),
        by: row.get("by"),
        alert: alert_of(row)?,
    })
}
