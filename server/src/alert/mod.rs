//! Alerts: rules, their judgement at every beat, and what becomes of them.

mod book;
mod case;
mod check;
mod forecast;
mod judge;
mod keep;
mod maintenance;
mod mean;
mod replay;
mod room;
mod state;
mod values;

pub use book::{Held, Origin, RuleBook};
pub use check::{ValidRule, check_act, check_maintenance, valid_rule};
pub use forecast::make_forecasts;
pub use judge::{Judge, Outcome};
pub use keep::keep_happenings;
pub use maintenance::Window;
pub use replay::Firing;
pub use room::{Alerts, Bench, Command, ReplayedAll, Tasks};
pub use values::Look;
