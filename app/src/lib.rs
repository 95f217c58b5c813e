//! The page: Leptos components, charts, the live client, server functions. Knows neither SQL nor SSH.
#![recursion_limit = "256"]

pub mod api;
#[cfg(feature = "ssr")]
pub mod backend;
pub mod error;
pub mod forms;
pub mod views;
