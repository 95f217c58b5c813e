//! What the page asks and learns about alerts, rules and maintenance.

use protocol::alert::{Alert, AlertChange, AlertId, AlertKind, RuleScope, RuleSettings};
use protocol::host::{HostId, Level};
use serde::{Deserialize, Serialize};

/// Which records are wanted. Empty lists and `None` do not narrow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertQuestion {
    pub hosts: Vec<HostId>,
    pub kinds: Vec<AlertKind>,
    /// By the worst level that it had.
    pub level: Option<Level>,
    /// Open ones, or ended ones.
    pub open: Option<bool>,
    /// That were open at some time from here on: UTC, milliseconds.
    pub from_ms: Option<i64>,
    /// That fired before this moment.
    pub to_ms: Option<i64>,
    /// Only older ones than this: the last of the page before.
    pub before_id: Option<AlertId>,
    /// 1 to 500.
    pub limit: u32,
}

/// Records, newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AlertPage {
    pub alerts: Vec<Alert>,
    /// There are older ones.
    pub more: bool,
}

/// One step in the life of an alert.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlertStep {
    pub change: AlertChange,
    pub level: Level,
    pub value: Option<f64>,
    pub at_ms: i64,
    /// Who did it; empty: the centre itself.
    pub by: String,
}

/// What somebody does to alerts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum AlertAct {
    /// It is known and somebody sees to it; it is not repeated.
    Acknowledge { note: String },
    /// It ends; it fires again only after its condition has ceased.
    Resolve { note: String },
    /// Nobody is bothered with it until then: UTC, milliseconds, at most 30 days from now.
    Snooze { until_ms: i64 },
    /// The snooze ends now.
    Wake,
}

/// A rule that somebody has set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleView {
    pub id: i64,
    pub scope: RuleScope,
    pub kind: AlertKind,
    /// Mount point; empty: all of the host's.
    pub target: String,
    pub settings: RuleSettings,
    pub updated_by: String,
    pub updated_at_ms: i64,
}

/// What holds for a host, and where it comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeldRule {
    pub kind: AlertKind,
    pub target: String,
    pub settings: RuleSettings,
    pub from: RuleOrigin,
}

/// Where a rule comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleOrigin {
    /// Nobody has set anything.
    BuiltIn,
    /// The thresholds in the host's own form.
    HostForm,
    Rule {
        id: i64,
        scope: RuleScope,
    },
}

/// How often a rule would have fired.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Replay {
    pub from_ms: i64,
    pub to_ms: i64,
    /// Hosts that the rule would hold for, and how many of them were looked at.
    pub hosts: u32,
    pub looked_at: u32,
    /// Resolution of what was read, at its coarsest, in milliseconds.
    pub step_ms: i64,
    /// Time with data, all hosts together, in milliseconds.
    pub covered_ms: i64,
    /// Number of firings and the longest of them in milliseconds.
    pub count: u32,
    pub longest_ms: i64,
    /// Of these, ones that reached the critical level.
    pub critical: u32,
    /// Newest first, at most 500.
    pub firings: Vec<ReplayFiring>,
}

/// One firing that would have been.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReplayFiring {
    pub host_id: HostId,
    /// Mount point, where the kind has one.
    pub target: String,
    pub from_ms: i64,
    /// `None`: it would still be open.
    pub to_ms: Option<i64>,
    pub worst: Level,
}

/// For which hosts and when nothing fires.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaintenancePlan {
    /// [`RuleScope::Default`]: all hosts.
    pub scope: RuleScope,
    pub time: MaintenanceTime,
}

/// When nothing fires.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "time", rename_all = "snake_case")]
pub enum MaintenanceTime {
    /// From one moment to before another: UTC, milliseconds.
    Once { from_ms: i64, to_ms: i64 },
    /// Every week.
    Weekly {
        /// Days on which it begins: 1 is Monday, 7 Sunday.
        days: Vec<u8>,
        /// Minute of the day at which it begins, 0 to 1,439, by the clocks of `time_zone`.
        start_minute: u16,
        /// 1 to 10,080.
        minutes: u16,
        /// IANA name, such as `Asia/Shanghai`.
        time_zone: String,
    },
}

/// A maintenance window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaintenanceView {
    pub id: i64,
    pub name: String,
    pub plan: MaintenancePlan,
    pub created_by: String,
    /// Whether it is running.
    pub active: bool,
}
