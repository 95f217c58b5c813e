//! Questions to the history, and their answers.

use crate::host::HostId;
use serde::{Deserialize, Serialize};

/// Hosts × series × range × wanted points.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryQuestion {
    /// At least one.
    pub hosts: Vec<HostId>,
    /// Names as [`crate::metric::Series`] writes them; at least one.
    pub series: Vec<String>,
    /// From this moment on: UTC, milliseconds.
    pub from_ms: i64,
    /// Up to before this moment.
    pub to_ms: i64,
    /// Points of a line at most, 1 to 10,000.
    pub points: u32,
}

/// Series with their points.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HistoryAnswer {
    /// Resolution of what was read: 500 (flight recorder), 10,000, 300,000 or 3,600,000 milliseconds.
    pub tier_step_ms: i64,
    /// Width of a point in milliseconds, a multiple of `tier_step_ms`.
    pub step_ms: i64,
    /// Start of the first point: UTC, milliseconds, a multiple of `step_ms`, at or before the range's start.
    pub first_ms: i64,
    /// One for each host and series, in the order of the question: all series of the first host, then those of the second.
    pub lines: Vec<HistoryLine>,
}

/// One host and series, in columns of equal length. Point `n` begins at `first_ms + n × step_ms`; a gap is `None` in all three.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HistoryLine {
    pub host_id: HostId,
    /// As in the question.
    pub series: String,
    pub mean: Vec<Option<f32>>,
    pub least: Vec<Option<f32>>,
    pub most: Vec<Option<f32>>,
    /// All samples of the range together; `None` where there is none.
    pub total: Option<HistoryTotal>,
}

/// What a whole line comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HistoryTotal {
    /// Live samples.
    pub count: u64,
    pub mean: f32,
    pub least: f32,
    pub most: f32,
}

impl HistoryAnswer {
    /// As it is sent. Written here because this crate is compiled for speed in every build and the page's is not: an answer has up to two
    /// hundred lines of ten thousand points.
    ///
    /// # Errors
    /// None at present; see [`serde_json::to_vec`].
    pub fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(self)
    }
}
