//! Tactus' centre: keeps the inventory, collects, stores and serves the page. A room is a folder; see ARCHITECTURE.md.

pub mod alert;
pub mod auth;
pub mod backend;
pub mod clock;
pub mod collect;
pub mod config;
pub mod deploy;
pub mod export;
pub mod hosts;
pub mod http;
pub mod live;
pub mod notify;
pub mod outbound;
pub mod pipeline;
pub mod secrets;
pub mod ssh;
pub mod startup;
pub mod store;
