//! The browser's own functions that the forms and dialogs need. In the centre's build they do nothing: no handler runs there.

#[cfg(not(feature = "hydrate"))]
mod absent;
#[cfg(feature = "hydrate")]
mod real;

#[cfg(not(feature = "hydrate"))]
pub use absent::{FormValues, close_dialog, focus_first_invalid, load_page, offset_minutes, read_file, show_dialog, values_in, values_of};
#[cfg(feature = "hydrate")]
pub use real::{
    FormValues, close_dialog, focus_first_invalid, load_page, offset_minutes, read_file, save_file, save_text, show_dialog, values_in,
    values_of,
};
