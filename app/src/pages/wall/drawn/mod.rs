//! What changes with every beat is drawn, by a thread of its own (`app/js/painter.js`).
//!
//! Each text of a page that changes is laid out, painted and put in a layer of its own, and one alone makes the browser go over the page
//! for a new frame: together they cost more than all the rest of a beat. The texts are in the page, too, and are shown where nothing
//! can be drawn: without a script, on paper, in the colours of those who need others.

#[cfg(feature = "hydrate")]
mod mirror;
#[cfg(feature = "hydrate")]
mod painter;
#[cfg(feature = "hydrate")]
mod place;

#[cfg(feature = "hydrate")]
pub use painter::{Drawing, Painter};
#[cfg(feature = "hydrate")]
pub use place::{Place, TextStyle, align, text_style};

use leptos::html;
use leptos::prelude::*;

/// A text that changes often, in a box of a size that does not follow from it (see `.wall-alone`): its own line, and its pieces as they follow each
/// other. Where the panel has a [`DrawnTexts`] it is drawn; its letters and colours are those of the style sheet.
#[component]
pub fn DrawnText(children: Children) -> impl IntoView {
    view! { <span class="wall-alone"><span class="wall-text">{children()}</span></span> }
}

/// Draws all [`DrawnText`]s of the element in which it stands, which must be a positioned one.
#[component]
pub fn DrawnTexts() -> impl IntoView {
    let node = NodeRef::<html::Canvas>::new();
    #[cfg(feature = "hydrate")]
    mirror::attach(node);
    view! { <canvas class="wall-drawing" aria-hidden="true" node_ref=node></canvas> }
}
