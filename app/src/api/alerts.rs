//! Alerts, rules and maintenance.

use crate::error::ApiError;
use crate::forms::{MaintenanceForm, RuleForm};
use crate::views::{AlertAct, AlertPage, AlertQuestion, AlertStep, HeldRule, MaintenanceView, Replay, RuleView};
use leptos::prelude::*;
use protocol::alert::AlertId;
use protocol::host::HostId;

/// Records of alerts, newest first.
///
/// A wrong limit is [`ApiError::Invalid`] with the field [`crate::error::Field::Points`].
#[server(prefix = "/api", endpoint = "alerts/list", input = server_fn::codec::Json)]
pub async fn list_alerts(question: AlertQuestion) -> Result<AlertPage, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.alerts.list_alerts(&caller, question).await
}

/// All that happened to an alert, oldest first.
#[server(prefix = "/api", endpoint = "alerts/steps", input = server_fn::codec::Json)]
pub async fn list_alert_steps(id: AlertId) -> Result<Vec<AlertStep>, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.alerts.list_alert_steps(&caller, id).await
}

/// Acknowledges, ends, snoozes or wakes open alerts; answers how many it was done to. Those that have ended meanwhile are left as they are.
/// Only an operator may. At most 1,000 at once; a note has at most 500 characters.
#[server(prefix = "/api", endpoint = "alerts/act", input = server_fn::codec::Json)]
pub async fn act_on_alerts(ids: Vec<AlertId>, act: AlertAct) -> Result<u32, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.alerts.act_on_alerts(&caller, ids, act).await
}

/// All rules that somebody has set. What is in none of them is as [`protocol::alert::AlertKind::usual_settings`] says.
#[server(prefix = "/api", endpoint = "alerts/rules", input = server_fn::codec::Json)]
pub async fn list_rules() -> Result<Vec<RuleView>, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.alerts.list_rules(&caller).await
}

/// What holds for a host, kind by kind, and where it comes from.
#[server(prefix = "/api", endpoint = "alerts/rules/host", input = server_fn::codec::Json)]
pub async fn list_held_rules(id: HostId) -> Result<Vec<HeldRule>, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.alerts.list_held_rules(&caller, id).await
}

/// Sets a rule in place of the one of the same scope, kind and target; answers its number. Only an administrator may.
#[server(prefix = "/api", endpoint = "alerts/rules/save", input = server_fn::codec::Json)]
pub async fn save_rule(form: RuleForm) -> Result<i64, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.alerts.save_rule(&caller, form).await
}

/// Takes a rule away; what it overrode holds again. Only an administrator may.
#[server(prefix = "/api", endpoint = "alerts/rules/delete", input = server_fn::codec::Json)]
pub async fn delete_rule(id: i64) -> Result<(), ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.alerts.delete_rule(&caller, id).await
}

/// How often a rule would have fired in the last days (1 to 90), by what is stored. Nothing is changed.
#[server(prefix = "/api", endpoint = "alerts/rules/replay", input = server_fn::codec::Json)]
pub async fn replay_rule(form: RuleForm, days: u32) -> Result<Replay, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.alerts.replay_rule(&caller, form, days).await
}

/// All maintenance windows.
#[server(prefix = "/api", endpoint = "alerts/maintenance", input = server_fn::codec::Json)]
pub async fn list_maintenance() -> Result<Vec<MaintenanceView>, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.alerts.list_maintenance(&caller).await
}

/// Adds or changes a maintenance window; answers its number. Only an operator may.
#[server(prefix = "/api", endpoint = "alerts/maintenance/save", input = server_fn::codec::Json)]
pub async fn save_maintenance(form: MaintenanceForm) -> Result<i64, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.alerts.save_maintenance(&caller, form).await
}

/// Deletes a maintenance window. Only an operator may.
#[server(prefix = "/api", endpoint = "alerts/maintenance/delete", input = server_fn::codec::Json)]
pub async fn delete_maintenance(id: i64) -> Result<(), ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.alerts.delete_maintenance(&caller, id).await
}

/// Hosts that are reached through another one, and through which.
#[server(prefix = "/api", endpoint = "alerts/behind", input = server_fn::codec::Json)]
pub async fn list_behind() -> Result<Vec<(HostId, HostId)>, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.alerts.list_behind(&caller).await
}

/// Says through which host another is reached: while that one is offline, this one raises no alert. Circles are refused. Only an
/// administrator may.
#[server(prefix = "/api", endpoint = "alerts/behind/save", input = server_fn::codec::Json)]
pub async fn save_behind(id: HostId, behind: Option<HostId>) -> Result<(), ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.alerts.save_behind(&caller, id, behind).await
}
