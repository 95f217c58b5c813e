//! Routes: which alerts are told by which notifiers.

use super::NotifierId;
use crate::alert::AlertKind;
use crate::host::{HostId, Level};
use serde::{Deserialize, Serialize};

/// Number of a route; never used again. [`EVERYTHING`] is the route that holds while there is none.
pub type RouteId = i64;

/// The route that holds while there is none: everything to every enabled notifier.
pub const EVERYTHING: RouteId = 0;

/// One route. They are asked in their order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Route {
    /// Zero in a form: a new one.
    pub id: RouteId,
    pub name: String,
    pub enabled: bool,
    pub matches: RouteMatch,
    pub notifiers: Vec<NotifierId>,
    /// Minutes after which an alert is told again, until somebody acknowledges it or it ends.
    pub repeat_every_min: Option<u32>,
    /// Minutes after which an alert that nobody has acknowledged is told to `escalate_to`, once.
    pub escalate_after_min: Option<u32>,
    pub escalate_to: Vec<NotifierId>,
    /// Whether the end of an alert is told, too.
    pub tell_resolved: bool,
    /// Later routes are not asked for an alert that this one tells.
    pub stop: bool,
}

/// Which alerts a route tells. Empty lists do not narrow; an alert must be in every list that is not empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RouteMatch {
    pub levels: Vec<Level>,
    pub groups: Vec<String>,
    /// The host has one of them.
    pub tags: Vec<String>,
    pub kinds: Vec<AlertKind>,
    pub hosts: Vec<HostId>,
    /// Only at this time.
    pub time: Option<RouteTime>,
}

/// A time of the day on some days of the week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteTime {
    /// IANA name.
    pub zone: String,
    /// Days on which it begins, Monday is 1, Sunday 7; empty: on each.
    pub weekdays: Vec<u8>,
    /// Minutes since midnight, 0 to 1439.
    pub from_min: u16,
    /// The first minute that is outside; not after `from_min`: on the next day.
    pub to_min: u16,
}
