//! Texts of /proc and /sys become observations, and two observations become a snapshot. Pure: one parser for every transport.

mod observation;
mod parse;
mod processes;
mod rates;
mod texts;

pub use observation::{CpuTimes, DiskCounters, NicCounters, Observation, PressureTotals};
pub use parse::{Pressures, cpu_model, os_name, parse_mounts};
pub use processes::{ProcessRow, ProcessTimes, parse_process, top_processes};
pub use rates::Rates;
pub use texts::Texts;
