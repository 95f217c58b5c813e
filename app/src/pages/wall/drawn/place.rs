//! Where a text stands on the screen, and in which letters and colours.

use leptos::prelude::window;
use wasm_bindgen::JsCast;
use web_sys::{CssStyleDeclaration, Element, HtmlCanvasElement, HtmlElement};

/// A rectangle in device pixels, and how the text stands in it.
#[derive(Clone, Copy)]
pub struct Place {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
    /// 0: at the left, 0.5: in the middle, 1: at the right.
    pub side: f64,
    /// Number of the style whose letters make the line: all pieces stand on it.
    pub line: usize,
}

/// Letters and colour of a piece of text; lengths in device pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct TextStyle {
    pub font: String,
    pub colour: String,
    pub spacing: f64,
    pub before: f64,
    pub after: f64,
}

/// Fits the canvas to whole device pixels within its room, or all that is drawn on it would be blurred; gives its place on the screen.
pub fn align(canvas: &HtmlCanvasElement, scale: f64) -> Place {
    let style = canvas.unchecked_ref::<HtmlElement>().style();
    // These fail only for properties that are none.
    for name in ["left", "top", "width", "height"] {
        let _ = style.remove_property(name);
    }
    let set = |name, pixels: f64| drop(style.set_property(name, &format!("{pixels}px")));
    let room = canvas.get_bounding_client_rect();
    let (left, top) = ((room.left() * scale).ceil(), (room.top() * scale).ceil());
    let (right, bottom) = ((room.right() * scale).floor(), (room.bottom() * scale).floor());
    let place = Place { left, top, width: (right - left).max(0.0), height: (bottom - top).max(0.0), side: 0.0, line: 0 };
    set("left", left / scale - room.left());
    set("top", top / scale - room.top());
    set("width", place.width / scale);
    set("height", place.height / scale);
    place
}

impl Place {
    /// That of an element on a canvas, whose own place is `canvas`.
    pub fn of(element: &Element, canvas: &Self, scale: f64) -> Self {
        let rect = element.get_bounding_client_rect();
        Self {
            left: (rect.left() * scale).round() - canvas.left,
            top: (rect.top() * scale).round() - canvas.top,
            width: (rect.width() * scale).ceil(),
            height: (rect.height() * scale).ceil(),
            side: 0.0,
            line: 0,
        }
    }

    /// With the text at the side where the style sheet wants it.
    pub fn with_side_of(self, element: &Element) -> Self {
        let align = computed(element).map(|style| value(&style, "text-align")).unwrap_or_default();
        let side = match align.as_str() {
            "center" => 0.5,
            "right" | "end" => 1.0,
            _ => 0.0,
        };
        Self { side, ..self }
    }
}

/// What the style sheet says of the texts in an element.
pub fn text_style(element: &Element, scale: f64) -> Option<TextStyle> {
    let style = computed(element)?;
    let pixels = |name| value(&style, name).trim_end_matches("px").parse::<f64>().unwrap_or_default() * scale;
    Some(TextStyle {
        font: format!("{} {}px {}", value(&style, "font-weight"), pixels("font-size"), value(&style, "font-family")),
        colour: value(&style, "color"),
        spacing: pixels("letter-spacing"),
        before: pixels("margin-left"),
        after: pixels("margin-right"),
    })
}

fn computed(element: &Element) -> Option<CssStyleDeclaration> {
    window().get_computed_style(element).ok().flatten()
}

fn value(style: &CssStyleDeclaration, name: &str) -> String {
    style.get_property_value(name).unwrap_or_default().trim().to_owned()
}
