//! Records of alerts.

use crate::store::events::{meant, word};
use crate::store::{Store, StoreError};
use protocol::alert::{Alert, AlertChange, AlertId, AlertKind, Remark};
use protocol::host::{HostId, Level};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};

/// One thing that happened to an alert, with the whole alert as it stands after it.
#[derive(Clone, Debug, PartialEq)]
pub struct Happening {
    pub alert: Alert,
    /// Whether its condition still holds.
    pub latched: bool,
    /// `None`: nothing that is to be noted or told (somebody ended it by hand, and now its condition does not hold any more).
    pub change: Option<AlertChange>,
    pub at_ms: i64,
    /// Who did it; empty: the centre itself.
    pub by: String,
    /// Nobody is to be told.
    pub silent: bool,
}

/// Which alerts are wanted. Empty lists and `None` do not narrow.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlertFilter {
    pub hosts: Vec<HostId>,
    pub kinds: Vec<AlertKind>,
    /// By the worst level that it had.
    pub level: Option<Level>,
    /// Open ones, or ended ones.
    pub open: Option<bool>,
    /// That were open at some time from here on.
    pub from_ms: Option<i64>,
    /// That fired before this moment.
    pub to_ms: Option<i64>,
    /// Only those that are older than this one: the last of the page before.
    pub before_id: Option<AlertId>,
}

impl Store {
    /// Writes what happened, in order, in one transaction: the alerts as they stand and the news of them.
    ///
    /// # Errors
    /// The database fails; then nothing of it is written.
    pub async fn save_happenings(&self, happenings: &[Happening]) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        for Happening { alert, latched, change, at_ms, by, silent } in happenings {
            let (ended_at_ms, ending) = match &alert.ended {
                Some((at_ms, ending)) => (Some(*at_ms), Some(word(ending)?)),
                None => (None, None),
            };
            let acknowledged = alert.acknowledged.as_ref();
            let by_hand = alert.resolved_by_hand.as_ref();
            sqlx::query(
                "INSERT INTO alerts (id, host_id, host_name, host_group, kind, target, level, worst, no_data, value, bound, fired_at_ms,
                     changed_at_ms, ended_at_ms, ending, latched, acknowledged_by, acknowledged_at_ms, acknowledged_note, resolved_by,
                     resolved_note, snoozed_until_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)
                 ON CONFLICT (id) DO UPDATE SET level = ?7, worst = ?8, no_data = ?9, value = ?10, bound = ?11, changed_at_ms = ?13,
                     ended_at_ms = ?14, ending = ?15, latched = ?16, acknowledged_by = ?17, acknowledged_at_ms = ?18,
                     acknowledged_note = ?19, resolved_by = ?20, resolved_note = ?21, snoozed_until_ms = ?22",
            )
            .bind(alert.id)
            .bind(alert.host_id)
            .bind(&alert.host_name)
            .bind(&alert.group)
            .bind(alert.kind.name())
            .bind(&alert.target)
            .bind(alert.level as i64)
            .bind(alert.worst as i64)
            .bind(alert.no_data)
            .bind(alert.value)
            .bind(alert.bound)
            .bind(alert.fired_at_ms)
            .bind(alert.changed_at_ms)
            .bind(ended_at_ms)
            .bind(ending)
            .bind(latched)
            .bind(acknowledged.map(|remark| &remark.by))
            .bind(acknowledged.map(|remark| remark.at_ms))
            .bind(acknowledged.map(|remark| &remark.note))
            .bind(by_hand.map(|remark| &remark.by))
            .bind(by_hand.map(|remark| &remark.note))
            .bind(alert.snoozed_until_ms)
            .execute(&mut *transaction)
            .await?;
            let Some(change) = change else { continue };
            sqlx::query("INSERT INTO alert_news (alert_id, change, level, value, at_ms, by, told) VALUES (?, ?, ?, ?, ?, ?, ?)")
                .bind(alert.id)
                .bind(word(change)?)
                .bind(alert.level as i64)
                .bind(alert.value)
                .bind(at_ms)
                .bind(by)
                .bind(silent)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Alerts whose condition holds, in the order of their numbers: open ones, and those that were ended by hand. Some of a kind that this
    /// version does not know are left out.
    ///
    /// # Errors
    /// The database fails.
    pub async fn latched_alerts(&self) -> Result<Vec<Alert>, StoreError> {
        let rows = sqlx::query("SELECT * FROM alerts WHERE latched = 1 ORDER BY id").fetch_all(self.reader()).await?;
        Ok(rows.iter().filter_map(alert_of).collect())
    }

    /// The largest number of an alert so far; zero without one.
    ///
    /// # Errors
    /// The database fails.
    pub async fn last_alert_id(&self) -> Result<AlertId, StoreError> {
        Ok(sqlx::query_scalar("SELECT ifnull(max(id), 0) FROM alerts").fetch_one(self.reader()).await?)
    }

    /// Alerts that pass the filter, newest first, at most `limit`.
    ///
    /// # Errors
    /// The database fails.
    pub async fn list_alerts(&self, filter: &AlertFilter, limit: u32) -> Result<Vec<Alert>, StoreError> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT * FROM alerts WHERE 1 = 1");
        if !filter.hosts.is_empty() {
            query.push(" AND host_id IN (");
            let mut list = query.separated(", ");
            filter.hosts.iter().for_each(|id| {
                list.push_bind(*id);
            });
            query.push(")");
        }
        if !filter.kinds.is_empty() {
            query.push(" AND kind IN (");
            let mut list = query.separated(", ");
            filter.kinds.iter().for_each(|kind| {
                list.push_bind(kind.name());
            });
            query.push(")");
        }
        if let Some(level) = filter.level {
            query.push(" AND worst = ").push_bind(level as i64);
        }
        match filter.open {
            Some(true) => query.push(" AND ended_at_ms IS NULL"),
            Some(false) => query.push(" AND ended_at_ms IS NOT NULL"),
            None => &mut query,
        };
        if let Some(from_ms) = filter.from_ms {
            query.push(" AND (ended_at_ms IS NULL OR ended_at_ms >= ").push_bind(from_ms).push(")");
        }
        if let Some(to_ms) = filter.to_ms {
            query.push(" AND fired_at_ms < ").push_bind(to_ms);
        }
        if let Some(before_id) = filter.before_id {
            query.push(" AND id < ").push_bind(before_id);
        }
        query.push(" ORDER BY id DESC LIMIT ").push_bind(limit);
        let rows = query.build().fetch_all(self.reader()).await?;
        Ok(rows.iter().filter_map(alert_of).collect())
    }

    /// Deletes at most `limit` records, with their news, of alerts that ended before `before_ms`.
    ///
    /// # Errors
    /// The database fails.
    pub async fn prune_alerts(&self, before_ms: i64, limit: i64) -> Result<(), StoreError> {
        let query = "DELETE FROM alerts WHERE id IN (SELECT id FROM alerts WHERE ended_at_ms < ? AND latched = 0 LIMIT ?)";
        sqlx::query(query).bind(before_ms).bind(limit).execute(self.writer()).await?;
        Ok(())
    }
}

pub(in crate::store) fn level_of(number: i64) -> Level {
    if number >= Level::Critical as i64 { Level::Critical } else { Level::Warning }
}

/// An alert from a row that has all columns of the table.
pub(in crate::store) fn alert_of(row: &SqliteRow) -> Option<Alert> {
    let ended = match (row.get::<Option<i64>, _>("ended_at_ms"), row.get::<Option<String>, _>("ending")) {
        (Some(at_ms), Some(ending)) => Some((at_ms, meant(ending)?)),
        _ => None,
    };
    let remark = |by: Option<String>, at_ms: Option<i64>, note: Option<String>| {
        by.map(|by| Remark { by, at_ms: at_ms.unwrap_or_default(), note: note.unwrap_or_default() })
    };
    Some(Alert {
        id: row.get("id"),
        host_id: row.get("host_id"),
        host_name: row.get("host_name"),
        group: row.get("host_group"),
        kind: row.get::<String, _>("kind").parse().ok()?,
        target: row.get("target"),
        level: level_of(row.get("level")),
        worst: level_of(row.get("worst")),
        no_data: row.get("no_data"),
        value: row.get("value"),
        bound: row.get("bound"),
        fired_at_ms: row.get("fired_at_ms"),
        changed_at_ms: row.get("changed_at_ms"),
        ended,
        acknowledged: remark(row.get("acknowledged_by"), row.get("acknowledged_at_ms"), row.get("acknowledged_note")),
        resolved_by_hand: remark(row.get("resolved_by"), ended.map(|(at_ms, _)| at_ms), row.get("resolved_note")),
        snoozed_until_ms: row.get("snoozed_until_ms"),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use protocol::alert::Ending;

    pub(crate) fn alert(id: AlertId, kind: AlertKind) -> Alert {
        Alert {
            id,
            host_id: 3,
            host_name: "web-1".into(),
            group: "web".into(),
            kind,
            target: String::new(),
            level: Level::Warning,
            worst: Level::Warning,
            no_data: false,
            value: Some(81.5),
            bound: Some(80.0),
            fired_at_ms: 1_000 * id,
            changed_at_ms: 1_000 * id,
            ended: None,
            acknowledged: None,
            resolved_by_hand: None,
            snoozed_until_ms: None,
        }
    }

    fn happening(alert: &Alert, change: AlertChange, latched: bool) -> Happening {
        Happening { alert: alert.clone(), latched, change: Some(change), at_ms: alert.changed_at_ms, by: String::new(), silent: false }
    }

    #[tokio::test]
    async fn records_survive_and_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("tactus.db")).await.unwrap();
        assert_eq!(store.last_alert_id().await.unwrap(), 0);
        let mut cpu = alert(1, AlertKind::Cpu);
        let memory = alert(2, AlertKind::Memory);
        store.save_happenings(&[happening(&cpu, AlertChange::Fired, true), happening(&memory, AlertChange::Fired, true)]).await.unwrap();
        let remark = |note: &str| Some(Remark { by: "ann".into(), at_ms: 9_000, note: note.into() });
        (cpu.level, cpu.worst, cpu.acknowledged) = (Level::Critical, Level::Critical, remark("我来看"));
        (cpu.ended, cpu.resolved_by_hand) = (Some((9_000, Ending::ByHand)), remark("known"));
        store.save_happenings(&[happening(&cpu, AlertChange::Resolved, true)]).await.unwrap();
        assert_eq!(store.latched_alerts().await.unwrap(), [cpu.clone(), memory.clone()], "ended by hand, but its condition holds");
        assert_eq!(store.last_alert_id().await.unwrap(), 2);
        let found = async |filter: AlertFilter| -> Vec<AlertId> {
            store.list_alerts(&filter, 10).await.unwrap().iter().map(|alert| alert.id).collect()
        };
        assert_eq!(found(AlertFilter::default()).await, [2, 1]);
        assert_eq!(found(AlertFilter { open: Some(true), ..Default::default() }).await, [2]);
        assert_eq!(found(AlertFilter { level: Some(Level::Critical), ..Default::default() }).await, [1]);
        assert_eq!(found(AlertFilter { kinds: vec![AlertKind::Cpu], hosts: vec![3, 4], ..Default::default() }).await, [1]);
        assert_eq!(found(AlertFilter { hosts: vec![4], ..Default::default() }).await, [0; 0]);
        assert_eq!(found(AlertFilter { from_ms: Some(9_001), ..Default::default() }).await, [2]);
        assert_eq!(found(AlertFilter { to_ms: Some(2_000), ..Default::default() }).await, [1]);
        assert_eq!(found(AlertFilter { before_id: Some(2), ..Default::default() }).await, [1]);
        store.prune_alerts(i64::MAX, 10).await.unwrap();
        assert_eq!(found(AlertFilter::default()).await, [2, 1], "what is latched stays");
        store.save_happenings(&[Happening { change: None, ..happening(&cpu, AlertChange::Resolved, false) }]).await.unwrap();
        store.prune_alerts(i64::MAX, 10).await.unwrap();
        assert_eq!(found(AlertFilter::default()).await, [2]);
        let again = store.save_happenings(&[happening(&alert(3, AlertKind::Memory), AlertChange::Fired, true)]).await;
        assert!(again.is_err(), "two of the same condition cannot be");
    }
}
