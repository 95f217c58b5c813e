//! Alerts, what happened to them, and the rules by which they fire.

pub(in crate::store) mod news;
pub(in crate::store) mod records;
mod rules;

pub use news::News;
pub use records::{AlertFilter, Happening};
pub use rules::{BehindRow, MaintenanceRow, RuleRow};
