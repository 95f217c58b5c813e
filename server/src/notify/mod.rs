//! Messages to people: which alerts are told by which notifier, in what words, and until they have arrived.

mod example;
mod message;
pub mod senders;
mod template;
mod variables;
mod words;

pub use message::{Item, Message, Telling};
