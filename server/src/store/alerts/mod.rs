//! Alerts, what happened to them, and the rules by which they fire.

mod news;
mod records;
mod rules;

pub use news::News;
pub use records::{AlertFilter, Happening};
pub use rules::{BehindRow, MaintenanceRow, RuleRow};
