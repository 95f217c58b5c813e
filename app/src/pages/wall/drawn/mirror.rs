//! Draws what the texts of a panel say, whoever writes them: it watches the page itself.

use super::painter::{Drawing, Painter};
use super::place::{Place, TextStyle, align, text_style};
use js_sys::Array;
use leptos::html::Canvas;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlCanvasElement, MutationObserver, MutationObserverInit, MutationRecord, Node, ResizeObserver};

/// One piece of a line.
struct Piece {
    text: Node,
    shown: String,
    style: usize,
}

/// One text in its box.
struct Line {
    boxed: Element,
    pieces: Vec<Piece>,
}

struct Mirror {
    canvas: HtmlCanvasElement,
    panel: Element,
    painter: Painter,
    lines: RefCell<Vec<Line>>,
    /// Whether a measurement is ordered already.
    scheduled: Cell<bool>,
}

/// A mirror with what must live as long as it.
struct Kept {
    resizes: ResizeObserver,
    changes: MutationObserver,
    _resized: Closure<dyn FnMut()>,
    _changed: Closure<dyn FnMut(Array)>,
}

/// Draws on `node` until the component is gone.
pub fn attach(node: NodeRef<Canvas>) {
    let kept: Rc<RefCell<Option<Kept>>> = Rc::default();
    let gone = SendWrapper::new(Rc::clone(&kept));
    Effect::new(move |_| {
        if let Some(canvas) = node.get() {
            *kept.borrow_mut() = Kept::new(canvas);
        }
    });
    on_cleanup(move || drop(gone.take().take()));
}

impl Kept {
    fn new(canvas: HtmlCanvasElement) -> Option<Self> {
        let panel = canvas.parent_element()?;
        let own = panel.clone();
        // It fails only for a name that is none.
        let painter = Painter::new(&canvas, move || drop(own.set_attribute("data-drawn", "on")))?;
        let mirror = Rc::new(Mirror { canvas, panel, painter, lines: RefCell::default(), scheduled: Cell::new(false) });
        let (resized, changed) = (Rc::clone(&mirror), Rc::clone(&mirror));
        let resized = Closure::<dyn FnMut()>::new(move || resized.schedule());
        let changed = Closure::<dyn FnMut(Array)>::new(move |records: Array| {
            // Other than by its letters, the page has changed in what it consists of, or in its colours.
            let is_text = |record: JsValue| record.unchecked_into::<MutationRecord>().type_() == "characterData";
            if records.iter().all(is_text) {
                changed.draw(false);
            } else {
                changed.schedule();
            }
        });
        let resizes = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok()?;
        // Not the canvas, which has a size of its own once it was measured. It also tells of the first size.
        resizes.observe(&mirror.panel);
        let changes = MutationObserver::new(changed.as_ref().unchecked_ref()).ok()?;
        let what = MutationObserverInit::new();
        what.set_subtree(true);
        what.set_character_data(true);
        what.set_child_list(true);
        what.set_attribute_filter(&Array::of1(&"data-level".into()));
        changes.observe_with_options(&mirror.panel, &what).ok()?;
        Some(Self { resizes, changes, _resized: resized, _changed: changed })
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.resizes.disconnect();
        self.changes.disconnect();
    }
}

impl Mirror {
    /// Measures with the next frame of the screen, for which the page is laid out anyway.
    fn schedule(self: &Rc<Self>) {
        if !self.scheduled.replace(true) {
            let mirror = Rc::clone(self);
            request_animation_frame(move || {
                mirror.scheduled.set(false);
                mirror.measure();
                mirror.draw(true);
            });
        }
    }

    /// Finds the texts, their places and how they are written.
    fn measure(&self) {
        let scale = window().device_pixel_ratio();
        let own = align(&self.canvas, scale);
        let (mut styles, mut places, mut lines) = (Vec::new(), Vec::new(), Vec::new());
        let Ok(boxes) = self.panel.query_selector_all(".wall-alone") else { return };
        for boxed in (0..boxes.length()).filter_map(|index| boxes.item(index)?.dyn_into::<Element>().ok()) {
            let Some(line) = text_style(&boxed, scale).map(|style| number_of(&mut styles, style)) else { continue };
            places.push(Place { line, ..Place::of(&boxed, &own, scale).with_side_of(&boxed) });
            let mut pieces = Vec::new();
            find_pieces(&boxed, scale, &mut styles, &mut pieces);
            // It fails only for a name that is none.
            let _ = boxed.set_attribute("role", "img");
            lines.push(Line { boxed, pieces });
        }
        self.painter.prepare(&own, &styles, &places);
        self.lines.replace(lines);
    }

    /// Draws the lines that have changed, or all.
    fn draw(&self, whole: bool) {
        let mut drawing = Drawing::default();
        for (place, line) in self.lines.borrow_mut().iter_mut().enumerate() {
            let changed = line.pieces.iter_mut().fold(whole, |changed, piece| piece.read() || changed);
            if changed {
                for piece in &line.pieces {
                    drawing.add(place, piece.style, &piece.shown.as_str().into());
                }
                line.read_out();
            }
        }
        if whole || !drawing.is_empty() {
            self.painter.draw(whole, &drawing);
        }
    }
}

impl Piece {
    /// Looks at the page; says whether it has changed.
    fn read(&mut self) -> bool {
        let text = self.text.node_value().unwrap_or_default();
        let changed = text != self.shown;
        self.shown = text;
        changed
    }
}

impl Line {
    /// Tells those who cannot see what is drawn.
    fn read_out(&self) {
        let text: String = self.pieces.iter().map(|piece| piece.shown.as_str()).collect();
        // It fails only for a name that is none.
        let _ = self.boxed.set_attribute("aria-label", &text);
    }
}

/// Number of a style; a new one is added.
fn number_of(styles: &mut Vec<TextStyle>, style: TextStyle) -> usize {
    styles.iter().position(|known| *known == style).unwrap_or_else(|| {
        styles.push(style);
        styles.len() - 1
    })
}

/// The texts in an element, in order. An element with margins has one text.
fn find_pieces(element: &Element, scale: f64, styles: &mut Vec<TextStyle>, pieces: &mut Vec<Piece>) {
    let children = element.child_nodes();
    let style = text_style(element, scale).map(|style| number_of(styles, style));
    for child in (0..children.length()).filter_map(|index| children.item(index)) {
        match (child.node_type(), style) {
            (Node::TEXT_NODE, Some(style)) => pieces.push(Piece { text: child, shown: String::new(), style }),
            (Node::ELEMENT_NODE, _) => find_pieces(child.unchecked_ref(), scale, styles, pieces),
            _ => {}
        }
    }
}
