//! The web side of a whole centre, over real HTTP on a free port. One program, because each would link the centre again.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod alerts;
mod fleet;
mod headers;
mod history;
mod hosts;
mod live;
mod login;
mod origins;
mod pages;
mod routes;
mod sessions;
mod setup;
mod store_faults;
mod test_app;
