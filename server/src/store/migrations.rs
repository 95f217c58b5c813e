//! The schema's history. A landed file never changes: sqlx refuses a database whose files had other checksums.

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{SqlSafeStr, SqlStr};

/// Number, words and text of each file in `server/migrations`, in no order; made by `build.rs`.
const FILES: &[(i64, &str, &str)] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// All migrations, oldest first.
pub fn migrator() -> Migrator {
    let migration = |&(number, words, text): &(i64, &'static str, &'static str)| {
        let sql: SqlStr = text.into_sql_str();
        Migration::new(number, words.into(), MigrationType::Simple, sql, false)
    };
    Migrator::with_migrations(FILES.iter().map(migration).collect())
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    /// Databases that sqlx's own macro and loader have brought up to date must be taken for what they are.
    #[tokio::test]
    async fn migrations_are_those_that_sqlx_would_load() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
        let theirs = Migrator::new(folder).await.expect("sqlx loads them");
        let facts = |migrator: &Migrator| -> Vec<_> {
            let facts = |one: &Migration| (one.version, one.description.clone(), one.migration_type, one.checksum.clone(), one.no_tx);
            migrator.iter().map(facts).collect()
        };
        assert_eq!(facts(&migrator()), facts(&theirs));
        assert!(theirs.iter().count() >= 7);
    }
}
