//! Reading hosts: one task per host that turns a source into readings. Knows neither live, alert nor store.

pub mod agent;
mod choice;
pub mod exporter;
mod follow;
mod local;
mod reading;
mod sanitize;
mod scheduler;
mod shell;
mod standby;

pub use follow::IsWatched;
pub use local::read_local;
pub use reading::{CollectFailure, Reading};
pub use scheduler::{Scheduler, Target};
pub use shell::ShellStream;
pub use standby::{KeyChanged, Logins};
