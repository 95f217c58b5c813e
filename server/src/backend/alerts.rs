//! Alerts, for the page.

use super::{require, store_failed};
use crate::alert::{Alerts, Held, Origin, check_act, check_maintenance, valid_rule};
use crate::clock::now_ms;
use crate::hosts::Entry;
use crate::store::{AlertFilter, News, RuleRow};
use app::backend::{AlertsBackend, Caller};
use app::error::{ApiError, Field, FieldReason};
use app::forms::{MaintenanceForm, RuleForm};
use app::views::{
    AlertAct, AlertPage, AlertQuestion, AlertStep, HeldRule, MaintenanceView, Replay, ReplayFiring, Role, RuleOrigin, RuleView,
};
use async_trait::async_trait;
use protocol::alert::AlertId;
use protocol::host::{HostId, Level};
use protocol::live::HostCard;
use std::sync::Arc;
use tokio::sync::watch;

const DAY_MS: i64 = 86_400_000;
/// Records of one answer, and firings of a replay.
const MOST: u32 = 500;
/// Alerts that are acted on at once.
const MOST_ACTED_ON: usize = 1_000;
const REPLAY_DAYS: (u32, u32) = (1, 90);

/// Alerts, for the page.
pub struct AlertsRoom {
    pub alerts: Alerts,
    pub entries: watch::Receiver<Arc<Vec<Entry>>>,
}

impl AlertsRoom {
    fn cards(&self) -> Vec<HostCard> {
        self.entries.borrow().iter().map(|entry| entry.card.clone()).collect()
    }

    fn card(&self, id: HostId) -> Result<HostCard, ApiError> {
        self.entries.borrow().iter().find(|entry| entry.card.id == id).map(|entry| entry.card.clone()).ok_or(ApiError::NotFound)
    }
}

#[async_trait]
impl AlertsBackend for AlertsRoom {
    async fn list_alerts(&self, caller: &Caller, question: AlertQuestion) -> Result<AlertPage, ApiError> {
        require(caller, Role::Viewer)?;
        let AlertQuestion { hosts, kinds, level, open, from_ms, to_ms, before_id, limit } = question;
        if !(1..=MOST).contains(&limit) {
            return Err(ApiError::field(Field::Points, FieldReason::NotInRange { least: 1, most: i64::from(MOST) }));
        }
        let filter = AlertFilter { hosts, kinds, level, open, from_ms, to_ms, before_id };
        let mut alerts = self.alerts.list(&filter, limit + 1).await.map_err(store_failed)?;
        let more = alerts.len() > limit as usize;
        alerts.truncate(limit as usize);
        Ok(AlertPage { alerts, more })
    }

    async fn list_alert_steps(&self, caller: &Caller, id: AlertId) -> Result<Vec<AlertStep>, ApiError> {
        require(caller, Role::Viewer)?;
        let step = |News { change, level, value, at_ms, by, .. }| AlertStep { change, level, value, at_ms, by };
        Ok(self.alerts.story(id).await.map_err(store_failed)?.into_iter().map(step).collect())
    }

    async fn act_on_alerts(&self, caller: &Caller, ids: Vec<AlertId>, act: AlertAct) -> Result<u32, ApiError> {
        let session = require(caller, Role::Operator)?;
        if ids.len() > MOST_ACTED_ON {
            return Err(ApiError::field(Field::Series, FieldReason::NotSoManyLines { most: MOST_ACTED_ON }));
        }
        check_act(&act, now_ms())?;
        self.alerts.act(ids, act, &session.user_name).await.ok_or(ApiError::Unavailable)
    }

    async fn list_rules(&self, caller: &Caller) -> Result<Vec<RuleView>, ApiError> {
        require(caller, Role::Viewer)?;
        let view = |RuleRow { id, scope, kind, target, settings, updated_by, updated_at_ms }| RuleView {
            id,
            scope,
            kind,
            target,
            settings,
            updated_by,
            updated_at_ms,
        };
        Ok(self.alerts.rules().into_iter().map(view).collect())
    }

    async fn list_held_rules(&self, caller: &Caller, id: HostId) -> Result<Vec<HeldRule>, ApiError> {
        require(caller, Role::Viewer)?;
        let held = |Held { kind, target, settings, from }| HeldRule {
            kind,
            target,
            settings,
            from: match from {
                Origin::BuiltIn => RuleOrigin::BuiltIn,
                Origin::HostForm => RuleOrigin::HostForm,
                Origin::Rule { id, scope } => RuleOrigin::Rule { id, scope },
            },
        };
        Ok(self.alerts.held(&self.card(id)?).into_iter().map(held).collect())
    }

    async fn save_rule(&self, caller: &Caller, form: RuleForm) -> Result<i64, ApiError> {
        let session = require(caller, Role::Admin)?;
        let rule = valid_rule(&form)?;
        if let protocol::alert::RuleScope::Host(id) = rule.scope {
            self.card(id)?;
        }
        tracing::info!(user = session.user_name, ?rule, "a rule was set");
        self.alerts.save_rule(rule, &session.user_name).await.map_err(store_failed)
    }

    async fn delete_rule(&self, caller: &Caller, id: i64) -> Result<(), ApiError> {
        let session = require(caller, Role::Admin)?;
        tracing::info!(user = session.user_name, id, "a rule was taken away");
        self.alerts.delete_rule(id).await.map_err(store_failed)
    }

    async fn replay_rule(&self, caller: &Caller, form: RuleForm, days: u32) -> Result<Replay, ApiError> {
        require(caller, Role::Viewer)?;
        let rule = valid_rule(&form)?;
        let (least, most) = REPLAY_DAYS;
        if !(least..=most).contains(&days) {
            return Err(ApiError::field(Field::Range, FieldReason::NotInRange { least: i64::from(least), most: i64::from(most) }));
        }
        let to_ms = now_ms();
        let from_ms = to_ms - i64::from(days) * DAY_MS;
        let found = self.alerts.replay(rule, &self.cards(), (from_ms, to_ms)).await.map_err(store_failed)?.unwrap_or_default();
        let length = |firing: &crate::alert::Firing| firing.to_ms.unwrap_or(to_ms) - firing.from_ms;
        let firings = &found.replayed.firings;
        Ok(Replay {
            from_ms,
            to_ms,
            hosts: found.hosts as u32,
            looked_at: found.looked_at as u32,
            step_ms: found.replayed.step_ms,
            covered_ms: found.replayed.covered_ms,
            count: firings.len() as u32,
            longest_ms: firings.iter().map(length).max().unwrap_or_default(),
            critical: firings.iter().filter(|firing| firing.worst == Level::Critical).count() as u32,
            firings: firings
                .iter()
                .take(MOST as usize)
                .map(|firing| ReplayFiring {
                    host_id: firing.host_id,
                    target: firing.target.clone(),
                    from_ms: firing.from_ms,
                    to_ms: firing.to_ms,
                    worst: firing.worst,
                })
                .collect(),
        })
    }

    async fn list_maintenance(&self, caller: &Caller) -> Result<Vec<MaintenanceView>, ApiError> {
        require(caller, Role::Viewer)?;
        let found = self.alerts.maintenance().await.map_err(store_failed)?;
        let view = |(row, window, active): (crate::store::MaintenanceRow, crate::alert::Window, bool)| MaintenanceView {
            id: row.id,
            name: row.name,
            plan: window.plan,
            created_by: row.created_by,
            active,
        };
        Ok(found.into_iter().map(view).collect())
    }

    async fn save_maintenance(&self, caller: &Caller, form: MaintenanceForm) -> Result<i64, ApiError> {
        let session = require(caller, Role::Operator)?;
        check_maintenance(&form)?;
        tracing::info!(user = session.user_name, ?form, "a maintenance window was set");
        self.alerts.save_maintenance(form.id, &form.name, &form.plan, &session.user_name).await.map_err(store_failed)
    }

    async fn delete_maintenance(&self, caller: &Caller, id: i64) -> Result<(), ApiError> {
        let session = require(caller, Role::Operator)?;
        tracing::info!(user = session.user_name, id, "a maintenance window was deleted");
        self.alerts.delete_maintenance(id).await.map_err(store_failed)
    }

    async fn list_behind(&self, caller: &Caller) -> Result<Vec<(HostId, HostId)>, ApiError> {
        require(caller, Role::Viewer)?;
        self.alerts.behind().await.map_err(store_failed)
    }

    async fn save_behind(&self, caller: &Caller, id: HostId, behind: Option<HostId>) -> Result<(), ApiError> {
        require(caller, Role::Admin)?;
        self.card(id)?;
        behind.map(|behind| self.card(behind)).transpose()?;
        match self.alerts.save_behind(id, behind).await.map_err(store_failed)? {
            true => Ok(()),
            false => Err(ApiError::field(Field::Behind, FieldReason::Circle)),
        }
    }
}
