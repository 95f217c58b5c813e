//! Texts of `/proc` and `/sys` to observations, observations to snapshots. Pure: no I/O, no clock.
//!
//! One parser, two transports: the agent feeds it files, the centre may feed it the same texts over SSH, so that both give the same
//! numbers. Whatever the texts hold, nothing here panics: a text that cannot be read is a gap.

mod cpu;
mod disks;
pub mod exporter;
mod facts;
mod memory;
mod mounts;
mod network;
mod observation;
mod pressure;
mod processes;
mod rates;
mod sensors;
pub mod shell;
mod snapshot;

pub use cpu::{CpuCounters, Jiffies};
pub use disks::DiskCounters;
pub use facts::{FactTexts, read_facts};
pub use memory::MemoryInfo;
pub use mounts::{MountEntry, Space, parse_mounts};
pub use network::{NicCounters, Sockets};
pub use observation::{LoadInfo, Observation, Texts};
pub use pressure::{PressureCounters, PressureInfo, Stall};
pub use processes::{ProcessCounters, parse_process, top_processes};
pub use sensors::{Sensor, SensorKind, parse_millidegrees, temperatures};
pub use snapshot::{advance, elapsed_s};
