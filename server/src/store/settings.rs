//! Single values: what the store remembers of itself, and what somebody has set on the page.

use super::{Store, StoreError};
use serde::Serialize;
use serde::de::DeserializeOwned;

impl Store {
    /// A value; `None` while it was never set.
    ///
    /// # Errors
    /// The database fails, or the value is of another type.
    pub async fn setting<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, StoreError> {
        let text: Option<String> =
            sqlx::query_scalar("SELECT value FROM settings WHERE name = ?").bind(name).fetch_optional(self.reader()).await?;
        text.map(|text| serde_json::from_str(&text).map_err(|_| StoreError::Malformed { what: "setting" })).transpose()
    }

    /// Sets a value.
    ///
    /// # Errors
    /// The database fails.
    pub async fn save_setting<T: Serialize>(&self, name: &str, value: &T) -> Result<(), StoreError> {
        let text = serde_json::to_string(value).map_err(|_| StoreError::Malformed { what: "setting" })?;
        let query = "INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2";
        sqlx::query(query).bind(name).bind(text).execute(self.writer()).await?;
        Ok(())
    }
}
