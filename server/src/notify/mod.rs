//! Messages to people: which alerts are told by which notifier, in what words, and until they have arrived.

mod error;
mod example;
mod mask;
mod message;
pub mod route;
pub mod senders;
mod settings;
mod template;
mod variables;
mod words;

pub use error::NotifyError;
pub use message::{Item, Message, Telling};
