//! Is the database whole? What `tactus store check` finds, and what `tactus store repair` leaves.

use super::history::{check_chunks, check_recordings, check_rows};
use super::{Store, StoreError};

/// What a check has found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// What SQLite's own check complains of; empty: nothing.
    pub complaints: Vec<String>,
    /// Rows that refer to something that is not there.
    pub orphans: usize,
    /// Rows of ten seconds, sealed chunks and pieces of recordings: how many, and how many of them cannot be read.
    pub rows: Counted,
    pub chunks: Counted,
    pub recordings: Counted,
}

/// Things that were looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    pub all: u64,
    pub broken: u64,
}

impl CheckReport {
    /// Whether nothing is wrong.
    pub fn is_whole(&self) -> bool {
        self.complaints.is_empty()
            && self.orphans == 0
            && [self.rows, self.chunks, self.recordings].iter().all(|counted| counted.broken == 0)
    }
}

impl Store {
    /// Looks at everything. Changes nothing, and may run while a centre works.
    ///
    /// # Errors
    /// The database cannot be read at all.
    pub async fn check(&self) -> Result<CheckReport, StoreError> {
        let said: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check").fetch_all(self.reader()).await?;
        let orphans = sqlx::query("PRAGMA foreign_key_check").fetch_all(self.reader()).await?.len();
        Ok(CheckReport {
            complaints: said.into_iter().filter(|line| line != "ok").collect(),
            orphans,
            rows: check_rows(self, false).await?,
            chunks: check_chunks(self, false).await?,
            recordings: check_recordings(self, false).await?,
        })
    }

    /// Takes out what cannot be read, builds all indexes anew and checks again. No centre may run meanwhile.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn repair(&self) -> Result<CheckReport, StoreError> {
        for found in [check_rows(self, true).await?, check_chunks(self, true).await?, check_recordings(self, true).await?] {
            tracing::info!(all = found.all, taken_out = found.broken, "looked through a table");
        }
        let orphans = sqlx::query_as::<_, (String, Option<i64>)>("SELECT \"table\", rowid FROM pragma_foreign_key_check");
        for (table, row) in orphans.fetch_all(self.reader()).await? {
            // Names of tables are the schema's own.
            let query = sqlx::AssertSqlSafe(format!("DELETE FROM \"{}\" WHERE rowid = ?", table.replace('"', "\"\"")));
            sqlx::query(query).bind(row).execute(self.writer()).await?;
        }
        sqlx::query("REINDEX").execute(self.writer()).await?;
        self.check().await
    }
}
