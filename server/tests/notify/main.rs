//! Alerts on their way to people: from the news in the store to receivers and a mail server that are real. One program, because each would
//! link the centre again.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod facade;
mod mail;
mod mail_server;
mod outages;
mod receiver;
mod storms;
#[path = "../support/mod.rs"]
mod support;
mod tasks;
mod world;
