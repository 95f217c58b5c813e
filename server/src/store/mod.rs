//! The only SQL: one SQLite file, one writer connection, one file per table group.

mod accounts;
mod alerts;
mod check;
mod events;
mod history;
mod hosts;
mod lock;
mod migrations;
mod notify;
mod rebuild;
mod settings;
mod writer;

pub use accounts::*;
pub use alerts::*;
pub use check::{CheckReport, Counted};
pub use events::HostEventRow;
pub use history::*;
pub use hosts::*;
pub use lock::DataLock;
pub use notify::*;
pub use rebuild::{Rebuilt, rebuild};
pub use writer::*;

use migrations::migrator;
use sqlx::sqlite::{SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, SqlitePool, Transaction};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a statement waits for a lock before it fails.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Bytes of the write-ahead log that stay when it begins anew: fewer than those from which on the keeper waits, or it would wait for ever.
const LOG_KEPT: &str = "16777216";

const BEGIN: &str = "BEGIN IMMEDIATE";

/// Pages that a reader keeps, in KiB as SQLite's negative number: chunks are read once, and the system's cache holds the file.
const READER_CACHE: &str = "-512";

/// Readers beside the one writer.
const READERS: u32 = 4;

/// Oldest SQLite that is trusted: 3.7.0 to 3.51.2 can corrupt a database in WAL mode with two connections
/// (<https://www.sqlite.org/wal.html>, "The WAL-reset bug").
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);

/// What can go wrong with the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("cannot open the database {}: {source}", path.display())]
    Open { path: PathBuf, source: sqlx::Error },
    #[error("cannot bring the database up to date: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    #[error("SQLite {found} is older than 3.51.3, which is the first that cannot corrupt this database")]
    SqliteTooOld { found: String },
    #[error("database: {0}")]
    Query(#[from] sqlx::Error),
    /// A row that breaks a uniqueness rule.
    #[error("exists already")]
    Conflict,
    #[error("malformed {what} in the database")]
    Malformed { what: &'static str },
    #[error("another tactus works on the data folder {}: stop it first", folder.display())]
    InUse { folder: PathBuf },
    #[error("{}: {source}", path.display())]
    Lock { path: PathBuf, source: std::io::Error },
}

impl From<archive::Malformed> for StoreError {
    fn from(error: archive::Malformed) -> Self {
        Self::Malformed { what: error.what }
    }
}

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    writer: SqlitePool,
    reader: SqlitePool,
    path: PathBuf,
}

impl Store {
    /// Opens the database file, makes it if there is none, and brings its schema up to date.
    ///
    /// # Errors
    /// The file cannot be opened, is newer than this program, or the linked SQLite is too old.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let failed = |source| StoreError::Open { path: path.to_owned(), source };
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("journal_size_limit", LOG_KEPT);
        // Only for the writer: the pragma writes.
        let writing = options.clone().auto_vacuum(SqliteAutoVacuum::Incremental);
        let writer = SqlitePoolOptions::new().max_connections(1).connect_with(writing).await.map_err(failed)?;
        check_version(&writer).await?;
        migrator().run(&writer).await?;
        give_space_back(&writer).await?;
        let reader = SqlitePoolOptions::new()
            .max_connections(READERS)
            // All at once: a connection that is opened when many ask takes time just then.
            .min_connections(READERS)
            .connect_with(options.read_only(true).pragma("cache_size", READER_CACHE))
            .await
            .map_err(failed)?;
        let store = Self { writer, reader, path: path.to_owned() };
        store.adopt_old_samples().await?;
        Ok(store)
    }

    /// Opens a database to look at it: nothing is changed, and a centre may work on it meanwhile. Writing fails.
    ///
    /// # Errors
    /// The file cannot be opened, or the linked SQLite is too old.
    pub async fn look_at(path: &Path) -> Result<Self, StoreError> {
        let failed = |source| StoreError::Open { path: path.to_owned(), source };
        let options = SqliteConnectOptions::new().filename(path).read_only(true).busy_timeout(BUSY_TIMEOUT);
        let reader = SqlitePoolOptions::new().max_connections(READERS).connect_with(options).await.map_err(failed)?;
        check_version(&reader).await?;
        Ok(Self { writer: reader.clone(), reader, path: path.to_owned() })
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query_scalar::<_, i64>("SELECT 1").fetch_one(self.reader()).await?;
        Ok(())
    }

    /// Size of the database and its write-ahead log in bytes.
    pub fn size_bytes(&self) -> u64 {
        self.file_bytes("") + self.log_bytes()
    }

    /// Size of the write-ahead log in bytes.
    pub(crate) fn log_bytes(&self) -> u64 {
        self.file_bytes("-wal")
    }

    fn file_bytes(&self, suffix: &str) -> u64 {
        let mut name = self.path.clone().into_os_string();
        name.push(suffix);
        std::fs::metadata(name).map_or(0, |metadata| metadata.len())
    }

    /// Moves everything from the write-ahead log to the database and empties the log, if nobody reads from it.
    ///
    /// # Errors
    /// The database fails.
    pub async fn checkpoint(&self) -> Result<(), StoreError> {
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_all(self.writer()).await?;
        Ok(())
    }

    /// Writes what is left of the write-ahead log and closes all connections.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }

    /// The one connection that writes. Hold it for a short transaction only, never across the network or a hash.
    pub(crate) fn writer(&self) -> &SqlitePool {
        &self.writer
    }

    /// Begins a transaction that writes.
    ///
    /// # Errors
    /// The database fails, or another program has held its lock for too long.
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        match self.writer.begin_with(BEGIN).await {
            // SQLite ends a transaction by itself when the disk is full (<https://www.sqlite.org/lang_transaction.html>, "Response To
            // Errors Within A Transaction"). The connection does not learn of it and would begin none ever after.
            Err(sqlx::Error::InvalidSavePointStatement) => {
                self.writer.acquire().await?.close().await?;
                Ok(self.writer.begin_with(BEGIN).await?)
            }
            begun => Ok(begun?),
        }
    }

    /// Connections that only read.
    pub(crate) fn reader(&self) -> &SqlitePool {
        &self.reader
    }
}

/// Databases of earlier versions cannot give single pages back; to learn it they are written anew, once.
async fn give_space_back(pool: &SqlitePool) -> Result<(), StoreError> {
    const INCREMENTAL: i64 = 2;
    let found: i64 = sqlx::query_scalar("PRAGMA auto_vacuum").fetch_one(pool).await?;
    if found != INCREMENTAL {
        let mut connection = pool.acquire().await?;
        sqlx::query("PRAGMA auto_vacuum = INCREMENTAL").execute(&mut *connection).await?;
        sqlx::query("VACUUM").execute(&mut *connection).await?;
    }
    Ok(())
}

async fn check_version(pool: &SqlitePool) -> Result<(), StoreError> {
    let found: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(pool).await?;
    let mut parts = found.split('.').map(|part| part.parse().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    if (next(), next(), next()) < OLDEST_SQLITE {
        return Err(StoreError::SqliteTooOld { found });
    }
    Ok(())
}
