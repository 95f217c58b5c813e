//! Alerts, rules and maintenance.

use super::Caller;
use crate::error::ApiError;
use crate::forms::{MaintenanceForm, RuleForm};
use crate::views::{AlertAct, AlertPage, AlertQuestion, AlertStep, HeldRule, MaintenanceView, Replay, RuleView};
use protocol::alert::AlertId;
use protocol::host::HostId;

/// Alerts. The contract of each method is that of the server function of the same name in [`crate::api::alerts`].
#[async_trait::async_trait]
pub trait AlertsBackend: Send + Sync {
    async fn list_alerts(&self, caller: &Caller, question: AlertQuestion) -> Result<AlertPage, ApiError>;
    async fn list_alert_steps(&self, caller: &Caller, id: AlertId) -> Result<Vec<AlertStep>, ApiError>;
    async fn act_on_alerts(&self, caller: &Caller, ids: Vec<AlertId>, act: AlertAct) -> Result<u32, ApiError>;
    async fn list_rules(&self, caller: &Caller) -> Result<Vec<RuleView>, ApiError>;
    async fn list_held_rules(&self, caller: &Caller, id: HostId) -> Result<Vec<HeldRule>, ApiError>;
    async fn save_rule(&self, caller: &Caller, form: RuleForm) -> Result<i64, ApiError>;
    async fn delete_rule(&self, caller: &Caller, id: i64) -> Result<(), ApiError>;
    async fn replay_rule(&self, caller: &Caller, form: RuleForm, days: u32) -> Result<Replay, ApiError>;
    async fn list_maintenance(&self, caller: &Caller) -> Result<Vec<MaintenanceView>, ApiError>;
    async fn save_maintenance(&self, caller: &Caller, form: MaintenanceForm) -> Result<i64, ApiError>;
    async fn delete_maintenance(&self, caller: &Caller, id: i64) -> Result<(), ApiError>;
    async fn list_behind(&self, caller: &Caller) -> Result<Vec<(HostId, HostId)>, ApiError>;
    async fn save_behind(&self, caller: &Caller, id: HostId, behind: Option<HostId>) -> Result<(), ApiError>;
}
