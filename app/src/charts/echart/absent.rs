//! The centre's side: no chart is ever drawn there.

use super::PictureText;

/// The drawn chart; there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChartHandle;

impl ChartHandle {
    /// No chart.
    pub fn new() -> Self {
        Self
    }

    /// Nothing.
    pub fn point(self, _x: f64, _y: f64) -> Option<(i64, f64)> {
        None
    }
}

/// Nothing.
pub fn save_png(_charts: &[ChartHandle], _text: &PictureText, _name: &str) {}

/// Nothing.
pub fn save_svg(_charts: Vec<ChartHandle>, _text: PictureText, _name: String) {}
