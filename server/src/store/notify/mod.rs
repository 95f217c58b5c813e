//! Notifiers, routes, what they know of alerts, and the messages that wait or have gone out.

mod followed;
mod notifiers;
mod outbox;
mod routes;

pub use followed::{FollowedRow, Handover, NewMessage};
pub use notifiers::NotifierRow;
pub use outbox::{AttemptRow, MessageRow, Outcome};
