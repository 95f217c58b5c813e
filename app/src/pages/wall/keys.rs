//! The keyboard: arrows change the host, F fills the screen.

use super::selection::Selection;
use leptos::ev;
use leptos::prelude::*;

/// Listens while the wall is shown.
pub fn listen(selection: Selection) {
    let listener = window_event_listener(ev::keydown, move |event| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        match event.key().as_str() {
            "ArrowRight" => selection.step(1),
            "ArrowLeft" => selection.step(-1),
            "f" | "F" => toggle_full_screen(),
            _ => {}
        }
    });
    on_cleanup(move || listener.remove());
}

/// Fills the screen, or gives it back.
pub fn toggle_full_screen() {
    #[cfg(feature = "hydrate")]
    {
        let document = document();
        if document.fullscreen_element().is_some() {
            document.exit_fullscreen();
        } else if let Some(root) = document.document_element() {
            // A browser that forbids it leaves the page as it is.
            let _ = root.request_fullscreen();
        }
    }
}
