//! The table of notifiers, and their sealed secrets.

use crate::store::hosts::conflict_or_query;
use crate::store::{Store, StoreError};
use protocol::notify::{AttemptView, Language, NotifierId, NotifierKind};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, Sqlite, Transaction};
use std::collections::BTreeMap;

/// A notifier.
#[derive(Clone, Debug, PartialEq)]
pub struct NotifierRow {
    /// Zero: a new one.
    pub id: NotifierId,
    pub name: String,
    pub kind: NotifierKind,
    pub enabled: bool,
    pub language: Language,
    /// IANA name.
    pub time_zone: String,
    pub fields: BTreeMap<String, String>,
    /// Ciphertext of the vault, by field.
    pub sealed: BTreeMap<String, Vec<u8>>,
}

impl Store {
    /// All notifiers, in the order in which they were made. One of a kind that this version does not know is left out.
    ///
    /// # Errors
    /// The database fails or holds a malformed row.
    pub async fn list_notifiers(&self) -> Result<Vec<NotifierRow>, StoreError> {
        let rows = sqlx::query("SELECT * FROM notifiers ORDER BY id").fetch_all(self.reader()).await?;
        let mut found = rows.iter().filter_map(|row| notifier_of(row).transpose()).collect::<Result<Vec<_>, _>>()?;
        for notifier in &mut found {
            notifier.sealed = self.sealed_of(notifier.id).await?;
        }
        Ok(found)
    }

    /// One notifier; `None` where there is none.
    ///
    /// # Errors
    /// The database fails or holds a malformed row.
    pub async fn get_notifier(&self, id: NotifierId) -> Result<Option<NotifierRow>, StoreError> {
        let Some(row) = sqlx::query("SELECT * FROM notifiers WHERE id = ?").bind(id).fetch_optional(self.reader()).await? else {
            return Ok(None);
        };
        let Some(mut notifier) = notifier_of(&row)? else { return Ok(None) };
        notifier.sealed = self.sealed_of(id).await?;
        Ok(Some(notifier))
    }

    /// Adds a notifier (with the number zero), or changes the one of that number. `seal` makes the ciphertext of all its secrets once the
    /// number is known, since it is bound to it.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the name is taken; whatever `seal` fails with, else.
    pub async fn save_notifier<E: From<StoreError>>(
        &self,
        row: &NotifierRow,
        seal: impl FnOnce(NotifierId) -> Result<BTreeMap<String, Vec<u8>>, E>,
    ) -> Result<NotifierId, E> {
        let mut transaction = self.begin().await?;
        let id = write_notifier(&mut transaction, row).await?;
        let sealed = seal(id)?;
        let failed = StoreError::from;
        sqlx::query("DELETE FROM notifier_secrets WHERE notifier_id = ?").bind(id).execute(&mut *transaction).await.map_err(failed)?;
        for (field, sealed) in sealed {
            sqlx::query("INSERT INTO notifier_secrets (notifier_id, field, sealed) VALUES (?, ?, ?)")
                .bind(id)
                .bind(field)
                .bind(sealed)
                .execute(&mut *transaction)
                .await
                .map_err(failed)?;
        }
        transaction.commit().await.map_err(failed)?;
        Ok(id)
    }

    /// Deletes a notifier with all its messages.
    ///
    /// # Errors
    /// The database fails.
    pub async fn delete_notifier(&self, id: NotifierId) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM notifiers WHERE id = ?").bind(id).execute(self.writer()).await?;
        Ok(())
    }

    /// The last attempt of each notifier that has made one.
    ///
    /// # Errors
    /// The database fails.
    pub async fn last_attempts(&self) -> Result<BTreeMap<NotifierId, AttemptView>, StoreError> {
        let query = "SELECT outbox.notifier_id, max(deliveries.id), deliveries.at_ms, deliveries.ok, deliveries.answer
             FROM deliveries JOIN outbox ON outbox.id = deliveries.outbox_id GROUP BY outbox.notifier_id";
        let rows = sqlx::query(query).fetch_all(self.reader()).await?;
        let attempt = |row: &SqliteRow| AttemptView { at_ms: row.get("at_ms"), ok: row.get("ok"), answer: row.get("answer") };
        Ok(rows.iter().map(|row| (row.get("notifier_id"), attempt(row))).collect())
    }

    async fn sealed_of(&self, id: NotifierId) -> Result<BTreeMap<String, Vec<u8>>, StoreError> {
        let query = sqlx::query_as::<_, (String, Vec<u8>)>("SELECT field, sealed FROM notifier_secrets WHERE notifier_id = ?");
        Ok(query.bind(id).fetch_all(self.reader()).await?.into_iter().collect())
    }
}

async fn write_notifier(transaction: &mut Transaction<'_, Sqlite>, row: &NotifierRow) -> Result<NotifierId, StoreError> {
    let fields = serde_json::to_string(&row.fields).map_err(|_| StoreError::Malformed { what: "notifier" })?;
    let query =
        "INSERT INTO notifiers (id, name, kind, enabled, language, time_zone, fields) VALUES (nullif(?1, 0), ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (id) DO UPDATE SET name = ?2, kind = ?3, enabled = ?4, language = ?5, time_zone = ?6, fields = ?7 RETURNING id";
    let written = sqlx::query_scalar(query)
        .bind(row.id)
        .bind(&row.name)
        .bind(row.kind.name())
        .bind(row.enabled)
        .bind(row.language.tag())
        .bind(&row.time_zone)
        .bind(fields)
        .fetch_one(&mut **transaction)
        .await;
    written.map_err(conflict_or_query)
}

fn notifier_of(row: &SqliteRow) -> Result<Option<NotifierRow>, StoreError> {
    let Ok(kind) = row.get::<String, _>("kind").parse() else { return Ok(None) };
    let malformed = || StoreError::Malformed { what: "notifier" };
    Ok(Some(NotifierRow {
        id: row.get("id"),
        name: row.get("name"),
        kind,
        enabled: row.get("enabled"),
        language: Language::from_tag(&row.get::<String, _>("language")).unwrap_or_default(),
        time_zone: row.get("time_zone"),
        fields: serde_json::from_str(&row.get::<String, _>("fields")).map_err(|_| malformed())?,
        sealed: BTreeMap::new(),
    }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn a_notifier_is_kept_with_its_secrets_and_its_number_is_never_used_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("tactus.db")).await.unwrap();
        let mut row = NotifierRow {
            id: 0,
            name: "值班".into(),
            kind: NotifierKind::Webhook,
            enabled: true,
            language: Language::English,
            time_zone: "Asia/Shanghai".into(),
            fields: BTreeMap::from([("method".into(), "POST".into())]),
            sealed: BTreeMap::from([("url".into(), vec![1, 2, 3])]),
        };
        let save = async |row: &NotifierRow| store.save_notifier::<StoreError>(row, |_| Ok(row.sealed.clone())).await;
        row.id = save(&row).await.unwrap();
        assert_eq!(store.list_notifiers().await.unwrap(), [row.clone()]);
        assert!(matches!(save(&NotifierRow { id: 0, ..row.clone() }).await, Err(StoreError::Conflict)));
        (row.enabled, row.sealed) = (false, BTreeMap::new());
        assert_eq!(save(&row).await.unwrap(), row.id);
        assert_eq!(store.get_notifier(row.id).await.unwrap(), Some(row.clone()));
        store.delete_notifier(row.id).await.unwrap();
        assert_eq!(store.get_notifier(row.id).await.unwrap(), None);
        assert!(save(&NotifierRow { id: 0, ..row.clone() }).await.unwrap() > row.id);
    }
}
