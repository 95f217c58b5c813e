//! Messages to people: which alerts are told by which notifier, in what words, and until they have arrived.

mod backoff;
mod clock;
mod compose;
mod dispatcher;
mod error;
mod example;
mod facade;
mod heartbeat;
mod mask;
mod message;
mod outbox;
mod plan;
mod route;
mod route_form;
mod senders;
mod settings;
mod template;
mod variables;
mod words;

pub use clock::Clock;
pub use dispatcher::Dispatcher;
pub use error::NotifyError;
pub use facade::{MOST_DELIVERIES, Notifications, Parts};
pub use message::{Item, Message, Telling};
pub use outbox::Outbox;
