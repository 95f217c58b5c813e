//! The page: Leptos components, charts, the live client, server functions. Knows neither SQL nor SSH.
#![recursion_limit = "256"]

pub mod api;
mod app;
#[cfg(feature = "ssr")]
pub mod backend;
mod browser;
pub mod charts;
mod components;
pub mod error;
mod fetched;
pub mod format;
pub mod forms;
mod language;
pub mod live;
#[cfg_attr(not(feature = "hydrate"), allow(dead_code))]
mod moment;
mod pages;
mod text;
mod texts;
pub mod views;

pub use app::{App, shell};

/// Texts in both languages, made from `locales/` by `build.rs`.
#[allow(deprecated, missing_docs, clippy::all, clippy::expect_used, clippy::unwrap_used, unused_qualifications)]
pub mod i18n {
    include!(concat!(env!("OUT_DIR"), "/i18n.rs"));
    pub(crate) use super::text::{text, text_of};
    pub use i18n::*;
}

/// Entry of the wasm build: takes over the page that the centre rendered.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(App);
}
