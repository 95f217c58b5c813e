//! Charts: what they show (pure models), how ECharts is told (pure builders), and `echart`, the only place that touches JavaScript.

mod echart;
mod model;
#[cfg(any(feature = "hydrate", test))]
mod option;
pub mod palette;
mod spark;

pub use echart::EChart;
pub use model::{Arc, ChartModel, Gauges, Line, Ring, Slice, Trend, Unit, full_scale};
pub use spark::spark_path;
