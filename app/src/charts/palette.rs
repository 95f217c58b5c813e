//! The colours of `style/_tokens.scss` for what is drawn on a canvas, where style sheets do not reach.

use crate::live::Metric;
use protocol::metric::{Metric as Kind, Series};

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

/// Moments at which something happened.
pub const WARNING: &str = "#ffc53d";
/// Shade of spans that are recorded at the full rate.
pub const SPAN: &str = "rgba(76,194,255,0.12)";
/// Lines that have no colour of their own: bright on the dark ground, and of different lightness for those who cannot tell hues apart.
pub const LINES: [&str; 8] = ["#4cc2ff", "#ffb454", "#35d6a4", "#ff8fc7", "#f2e35a", "#b692ff", "#ff7a5c", "#d5deee"];

/// Colour that a series has everywhere.
pub fn of_series(series: &Series) -> Option<&'static str> {
    match series {
        Series::Metric(Kind::Cpu) => Some(CPU),
        Series::Metric(Kind::Memory) => Some(MEMORY),
        Series::Metric(Kind::Disk) => Some(DISK),
        Series::Metric(Kind::NetworkIn) => Some(INBOUND),
        Series::Metric(Kind::NetworkOut) => Some(OUTBOUND),
        _ => None,
    }
}

/// Colour of a metric.
pub fn of(metric: Metric) -> &'static str {
    match metric {
        Metric::Cpu => CPU,
        Metric::Memory => MEMORY,
        Metric::Disk => DISK,
    }
}
