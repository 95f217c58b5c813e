//! People and sessions.

use super::{Store, StoreError};
use app::views::Role;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// A person, with what is needed to check a password.
#[derive(Clone)]
pub struct UserRow {
    pub id: i64,
    pub name: String,
    /// PHC string.
    pub password_hash: String,
    pub role: Role,
}

/// A session with its person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    pub id: i64,
    pub user_id: i64,
    pub user_name: String,
    pub role: Role,
    /// Both UTC, milliseconds.
    pub created_at_ms: i64,
    pub last_seen_ms: i64,
}

impl Store {
    /// Whether an administrator exists.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn has_administrator(&self) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM user WHERE role = 'admin')").fetch_one(self.reader()).await?)
    }

    /// Creates the first administrator and answers the new id; `None` if there is one already. One statement, so that of two racing
    /// set-ups one loses.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn create_first_administrator(&self, name: &str, password_hash: &str, now_ms: i64) -> Result<Option<i64>, StoreError> {
        let created = sqlx::query_scalar(
            "INSERT INTO user (name, password_hash, role, created_at_ms)
             SELECT ?1, ?2, 'admin', ?3 WHERE NOT EXISTS (SELECT 1 FROM user WHERE role = 'admin') RETURNING id",
        )
        .bind(name)
        .bind(password_hash)
        .bind(now_ms)
        .fetch_optional(self.writer())
        .await?;
        Ok(created)
    }

    /// The person of this name; upper and lower case (ASCII) are the same.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_user(&self, name: &str) -> Result<Option<UserRow>, StoreError> {
        let query = sqlx::query("SELECT id, name, password_hash, role FROM user WHERE name = ?1").bind(name);
        let Some(row) = query.fetch_optional(self.reader()).await? else { return Ok(None) };
        Ok(Some(UserRow { id: row.try_get(0)?, name: row.try_get(1)?, password_hash: row.try_get(2)?, role: role(&row, 3)? }))
    }

    /// Replaces a password and ends all sessions of that person but `kept`. Answers the ended sessions' ids.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn update_password(&self, user_id: i64, password_hash: &str, kept: Option<i64>) -> Result<Vec<i64>, StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query("UPDATE user SET password_hash = ?2 WHERE id = ?1")
            .bind(user_id)
            .bind(password_hash)
            .execute(&mut *transaction)
            .await?;
        let ended = sqlx::query_scalar("DELETE FROM session WHERE user_id = ?1 AND id IS NOT ?2 RETURNING id")
            .bind(user_id)
            .bind(kept)
            .fetch_all(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(ended)
    }

    /// Starts a session and answers its id.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn create_session(&self, user_id: i64, token_sha256: &[u8; 32], now_ms: i64) -> Result<i64, StoreError> {
        let query = sqlx::query_scalar(
            "INSERT INTO session (user_id, token_sha256, created_at_ms, last_seen_ms) VALUES (?1, ?2, ?3, ?3) RETURNING id",
        );
        Ok(query.bind(user_id).bind(token_sha256.as_slice()).bind(now_ms).fetch_one(self.writer()).await?)
    }

    /// The session with this hash, expired or not.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_session(&self, token_sha256: &[u8; 32]) -> Result<Option<SessionRow>, StoreError> {
        let query = sqlx::query(
            "SELECT session.id, user_id, name, role, session.created_at_ms, last_seen_ms
             FROM session JOIN user ON user.id = user_id WHERE token_sha256 = ?1",
        );
        let Some(row) = query.bind(token_sha256.as_slice()).fetch_optional(self.reader()).await? else { return Ok(None) };
        Ok(Some(SessionRow {
            id: row.try_get(0)?,
            user_id: row.try_get(1)?,
            user_name: row.try_get(2)?,
            role: role(&row, 3)?,
            created_at_ms: row.try_get(4)?,
            last_seen_ms: row.try_get(5)?,
        }))
    }

    /// When a session was started: UTC, milliseconds.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn session_created_at(&self, id: i64) -> Result<Option<i64>, StoreError> {
        Ok(sqlx::query_scalar("SELECT created_at_ms FROM session WHERE id = ?1").bind(id).fetch_optional(self.reader()).await?)
    }

    /// Notes that a session was used, never backwards; answers whether there is such a session.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn touch_session(&self, id: i64, now_ms: i64) -> Result<bool, StoreError> {
        let query = sqlx::query("UPDATE session SET last_seen_ms = max(last_seen_ms, ?2) WHERE id = ?1");
        Ok(query.bind(id).bind(now_ms).execute(self.writer()).await?.rows_affected() > 0)
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn delete_session(&self, id: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM session WHERE id = ?1").bind(id).execute(self.writer()).await?;
        Ok(())
    }

    /// Deletes the sessions that were not used since `seen_before_ms` or are older than `created_before_ms`; answers their ids.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn delete_expired_sessions(&self, seen_before_ms: i64, created_before_ms: i64) -> Result<Vec<i64>, StoreError> {
        let query = sqlx::query_scalar("DELETE FROM session WHERE last_seen_ms <= ?1 OR created_at_ms <= ?2 RETURNING id");
        Ok(query.bind(seen_before_ms).bind(created_before_ms).fetch_all(self.writer()).await?)
    }
}

fn role(row: &SqliteRow, index: usize) -> Result<Role, StoreError> {
    match row.try_get(index)? {
        "viewer" => Ok(Role::Viewer),
        "operator" => Ok(Role::Operator),
        "admin" => Ok(Role::Admin),
        _ => Err(StoreError::Malformed { what: "role" }),
    }
}
