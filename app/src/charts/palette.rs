//! The colours of `style/_tokens.scss` for what is drawn on a canvas, where style sheets do not reach.

use crate::live::Metric;

/// One colour per metric, everywhere.
pub const CPU: &str = "#4cc2ff";
/// Memory.
pub const MEMORY: &str = "#b692ff";
/// Disks.
pub const DISK: &str = "#ffb454";
/// Inbound traffic.
pub const INBOUND: &str = "#35d6a4";
/// Outbound traffic.
pub const OUTBOUND: &str = "#6ea8ff";
/// Hosts that are not read.
pub const OFFLINE: &str = "#5b6a85";
/// Thresholds.
pub const CRITICAL: &str = "#ff5d5d";
/// Texts that explain.
pub const SECONDARY: &str = "#8da0bf";
/// Texts that say something.
pub const INK: &str = "#e8eef9";
/// Lines and empty tracks.
pub const LINE: &str = "#1e2a41";
/// Ground of a panel.
pub const PANEL: &str = "#111a2b";

/// Colour of a metric.
pub fn of(metric: Metric) -> &'static str {
    match metric {
        Metric::Cpu => CPU,
        Metric::Memory => MEMORY,
        Metric::Disk => DISK,
    }
}
