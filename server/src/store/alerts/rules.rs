//! Rules, maintenance windows and which host lies behind which.

use crate::store::{Store, StoreError};
use protocol::alert::{AlertKind, RuleScope, RuleSettings};
use protocol::host::HostId;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// A rule that somebody has set.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleRow {
    pub id: i64,
    pub scope: RuleScope,
    pub kind: AlertKind,
    /// Mount point; empty: all of the host's.
    pub target: String,
    pub settings: RuleSettings,
    pub updated_by: String,
    pub updated_at_ms: i64,
}

/// A maintenance window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaintenanceRow {
    pub id: i64,
    pub name: String,
    /// JSON; its room knows what it means.
    pub plan: String,
    pub created_by: String,
    pub created_at_ms: i64,
}

/// A host and the one through which it is reached.
pub type BehindRow = (HostId, HostId);

impl Store {
    /// All rules, in the order in which they were made. One that another version wrote and this one does not know is left out.
    ///
    /// # Errors
    /// The database fails.
    pub async fn list_rules(&self) -> Result<Vec<RuleRow>, StoreError> {
        let rows = sqlx::query("SELECT * FROM alert_rules ORDER BY id").fetch_all(self.reader()).await?;
        Ok(rows.iter().filter_map(rule_of).collect())
    }

    /// Sets the rule of a scope, kind and target, in place of the one that was there.
    ///
    /// # Errors
    /// The database fails.
    pub async fn save_rule(&self, rule: &RuleRow) -> Result<i64, StoreError> {
        let (scope, name, host_id) = columns_of(&rule.scope);
        let settings = serde_json::to_string(&rule.settings).map_err(|_| StoreError::Malformed { what: "rule" })?;
        let id = sqlx::query_scalar(
            "INSERT INTO alert_rules (scope, scope_name, host_id, kind, target, settings, updated_by, updated_at_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (scope, scope_name, ifnull(host_id, 0), kind, target)
             DO UPDATE SET settings = ?6, updated_by = ?7, updated_at_ms = ?8 RETURNING id",
        )
        .bind(scope)
        .bind(name)
        .bind(host_id)
        .bind(rule.kind.name())
        .bind(&rule.target)
        .bind(settings)
        .bind(&rule.updated_by)
        .bind(rule.updated_at_ms)
        .fetch_one(self.writer())
        .await?;
        Ok(id)
    }

    /// Takes a rule away; what it overrode holds again.
    ///
    /// # Errors
    /// The database fails.
    pub async fn delete_rule(&self, id: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM alert_rules WHERE id = ?").bind(id).execute(self.writer()).await?;
        Ok(())
    }

    /// All maintenance windows.
    ///
    /// # Errors
    /// The database fails.
    pub async fn list_maintenance(&self) -> Result<Vec<MaintenanceRow>, StoreError> {
        let rows = sqlx::query("SELECT * FROM maintenance ORDER BY id").fetch_all(self.reader()).await?;
        let maintenance = |row: &SqliteRow| MaintenanceRow {
            id: row.get("id"),
            name: row.get("name"),
            plan: row.get("plan"),
            created_by: row.get("created_by"),
            created_at_ms: row.get("created_at_ms"),
        };
        Ok(rows.iter().map(maintenance).collect())
    }

    /// Adds a maintenance window (with the number zero), or changes the one of that number.
    ///
    /// # Errors
    /// The database fails.
    pub async fn save_maintenance(&self, row: &MaintenanceRow) -> Result<i64, StoreError> {
        let query = "INSERT INTO maintenance (id, name, plan, created_by, created_at_ms) VALUES (nullif(?1, 0), ?2, ?3, ?4, ?5)
             ON CONFLICT (id) DO UPDATE SET name = ?2, plan = ?3 RETURNING id";
        let query = sqlx::query_scalar(query).bind(row.id).bind(&row.name).bind(&row.plan).bind(&row.created_by);
        Ok(query.bind(row.created_at_ms).fetch_one(self.writer()).await?)
    }

    /// Deletes a maintenance window.
    ///
    /// # Errors
    /// The database fails.
    pub async fn delete_maintenance(&self, id: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM maintenance WHERE id = ?").bind(id).execute(self.writer()).await?;
        Ok(())
    }

    /// Which host lies behind which.
    ///
    /// # Errors
    /// The database fails.
    pub async fn list_behind(&self) -> Result<Vec<BehindRow>, StoreError> {
        Ok(sqlx::query_as("SELECT host_id, behind_id FROM host_behind ORDER BY host_id").fetch_all(self.reader()).await?)
    }

    /// Says behind which host another lies; `None`: behind none.
    ///
    /// # Errors
    /// The database fails.
    pub async fn save_behind(&self, host_id: HostId, behind_id: Option<HostId>) -> Result<(), StoreError> {
        let Some(behind_id) = behind_id else {
            sqlx::query("DELETE FROM host_behind WHERE host_id = ?").bind(host_id).execute(self.writer()).await?;
            return Ok(());
        };
        let query = "INSERT INTO host_behind (host_id, behind_id) VALUES (?1, ?2) ON CONFLICT (host_id) DO UPDATE SET behind_id = ?2";
        sqlx::query(query).bind(host_id).bind(behind_id).execute(self.writer()).await?;
        Ok(())
    }
}

fn columns_of(scope: &RuleScope) -> (&'static str, &str, Option<HostId>) {
    match scope {
        RuleScope::Default => ("default", "", None),
        RuleScope::Group(name) => ("group", name, None),
        RuleScope::Tag(name) => ("tag", name, None),
        RuleScope::Host(id) => ("host", "", Some(*id)),
    }
}

fn rule_of(row: &SqliteRow) -> Option<RuleRow> {
    let name = row.get("scope_name");
    let scope = match row.get::<String, _>("scope").as_str() {
        "default" => RuleScope::Default,
        "group" => RuleScope::Group(name),
        "tag" => RuleScope::Tag(name),
        _ => RuleScope::Host(row.get::<Option<HostId>, _>("host_id")?),
    };
    Some(RuleRow {
        id: row.get("id"),
        scope,
        kind: row.get::<String, _>("kind").parse().ok()?,
        target: row.get("target"),
        settings: serde_json::from_str(&row.get::<String, _>("settings")).ok()?,
        updated_by: row.get("updated_by"),
        updated_at_ms: row.get("updated_at_ms"),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn a_rule_replaces_the_one_of_the_same_place_and_goes_with_its_host() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("tactus.db")).await.unwrap();
        store.ensure_local_host(1, 0).await.unwrap();
        let rule = |scope, kind: AlertKind, warning| RuleRow {
            id: 0,
            scope,
            kind,
            target: String::new(),
            settings: RuleSettings { warning: Some(warning), ..kind.usual_settings() },
            updated_by: "ann".into(),
            updated_at_ms: 5,
        };
        let scopes = [RuleScope::Default, RuleScope::Group("web".into()), RuleScope::Tag("web".into()), RuleScope::Host(1)];
        for scope in &scopes {
            store.save_rule(&rule(scope.clone(), AlertKind::Cpu, 50.0)).await.unwrap();
            store.save_rule(&rule(scope.clone(), AlertKind::Cpu, 60.0)).await.unwrap();
        }
        let found = store.list_rules().await.unwrap();
        assert_eq!(found.iter().map(|rule| rule.scope.clone()).collect::<Vec<_>>(), scopes);
        assert!(found.iter().all(|rule| rule.settings.warning == Some(60.0)));
        store.delete_rule(found[0].id).await.unwrap();
        assert_eq!(store.list_rules().await.unwrap().len(), 3);
        assert!(store.save_rule(&rule(RuleScope::Host(99), AlertKind::Cpu, 1.0)).await.is_err(), "there is no such host");
    }

    #[tokio::test]
    async fn maintenance_is_added_changed_and_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("tactus.db")).await.unwrap();
        let mut row = MaintenanceRow { id: 0, name: "night".into(), plan: "{}".into(), created_by: "ann".into(), created_at_ms: 5 };
        row.id = store.save_maintenance(&row).await.unwrap();
        row.name = "day".into();
        assert_eq!(store.save_maintenance(&row).await.unwrap(), row.id);
        assert_eq!(store.list_maintenance().await.unwrap(), [row.clone()]);
        store.delete_maintenance(row.id).await.unwrap();
        assert!(store.list_maintenance().await.unwrap().is_empty());
    }
}
