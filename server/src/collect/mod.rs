//! Reading hosts: one task per host that turns a source into readings. Knows neither live, alert nor store.

pub mod agent;
mod local;
mod reading;
mod sanitize;
mod scheduler;

pub use local::read_local;
pub use reading::{CollectFailure, Reading};
pub use scheduler::{Scheduler, Target};
