//! Server functions, two lines each: take backend and caller from the context, call the trait. No logic.

pub mod accounts;
pub mod alerts;
mod answer_json;
pub mod history;
pub mod hosts;
pub mod notify;
