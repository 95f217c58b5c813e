//! Charts: what they show (pure models), how ECharts is told (pure builders), and `echart`, the only place that touches JavaScript.

#[cfg(any(feature = "hydrate", test))]
mod band;
mod echart;
mod model;
#[cfg(any(feature = "hydrate", test))]
mod option;
pub mod palette;
mod spark;
#[cfg(any(feature = "hydrate", test))]
mod tip;
mod trend;
#[cfg(any(feature = "hydrate", test))]
mod trend_option;

pub use echart::{ChartHandle, EChart, PictureText, save_png, save_svg};
pub use model::{Arc, ChartModel, Gauges, Ring, Slice, full_scale};
pub use spark::spark_path;
pub use trend::{Line, Stroke, Timeline, Trend, Unit, percent_top};
