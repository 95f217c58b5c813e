//! The browser's own functions that the forms and dialogs need. In the centre's build they do nothing: no handler runs there.

#[cfg(not(feature = "hydrate"))]
mod absent;
#[cfg(feature = "hydrate")]
mod real;

#[cfg(not(feature = "hydrate"))]
pub use absent::{
    FormValues, close_dialog, focus_first, focus_first_invalid, load_page, now_ms, offset_minutes, read_file, remember, remembered,
    show_dialog, time_zone, values_in, values_of,
};
#[cfg(feature = "hydrate")]
pub use real::{
    FormValues, close_dialog, focus_first, focus_first_invalid, load_page, now_ms, offset_minutes, read_file, remember, remembered,
    save_file, save_text, show_dialog, time_zone, values_in, values_of,
};
