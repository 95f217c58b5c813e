//! The browser's side of the board: where the cells are, and drawing in them.

use super::{Board, CellKey};
use leptos::html::Canvas;
use leptos::prelude::*;
use protocol::host::HostId;
use send_wrapper::SendWrapper;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement, ResizeObserver};

/// Words of colours and the properties of the style sheet that hold them.
const COLOURS: [(&str, &str); 4] = [("calm", "--ink"), ("warning", "--warning"), ("critical", "--critical"), ("gap", "--ink-secondary")];

/// A rectangle in device pixels of the surface.
#[derive(Clone, Copy)]
struct Place {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

struct Surface {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    board: Board,
    places: RefCell<HashMap<CellKey, Place>>,
    colours: RefCell<Vec<(&'static str, String)>>,
    /// Whether the places must be found anew before anything is drawn.
    stale: Cell<bool>,
    /// Whether a drawing is ordered already.
    ordered: Cell<bool>,
}

/// Draws the board on `node` while `active`, until the component is gone.
pub fn attach(node: NodeRef<Canvas>, board: Board, places: Signal<(Vec<HostId>, &'static str)>, active: Signal<bool>) {
    let kept: Rc<RefCell<Option<Kept>>> = Rc::default();
    let gone = SendWrapper::new(Rc::clone(&kept));
    Effect::new(move |_| {
        let Some(canvas) = node.get() else { return };
        places.track();
        let mut kept = kept.borrow_mut();
        if !active.get() {
            if let Some(kept) = kept.take() {
                kept.surface.hide();
            }
            return;
        }
        if kept.is_none() {
            *kept = Kept::new(canvas, board);
        }
        if let Some(kept) = kept.as_ref() {
            kept.surface.stale.set(true);
            kept.surface.order();
        }
    });
    on_cleanup(move || drop(gone.take().take()));
}

/// A surface with what must live as long as it.
struct Kept {
    surface: Rc<Surface>,
    observer: ResizeObserver,
    _resized: Closure<dyn FnMut()>,
    _changes: Effect<LocalStorage>,
}

impl Kept {
    fn new(canvas: HtmlCanvasElement, board: Board) -> Option<Self> {
        let context = canvas.get_context("2d").ok().flatten()?.dyn_into::<CanvasRenderingContext2d>().ok()?;
        let surface = Rc::new(Surface {
            canvas,
            context,
            board,
            places: RefCell::default(),
            colours: RefCell::default(),
            stale: Cell::new(true),
            ordered: Cell::new(false),
        });
        let resized = Closure::<dyn FnMut()>::new({
            let surface = Rc::clone(&surface);
            move || {
                surface.stale.set(true);
                surface.order();
            }
        });
        let observer = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok()?;
        observer.observe(&surface.canvas);
        let changes = Effect::new({
            let surface = Rc::clone(&surface);
            move |_| {
                board.turn.track();
                surface.order();
            }
        });
        Some(Self { surface, observer, _resized: resized, _changes: changes })
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

impl Surface {
    /// Draws with the next frame of the screen, when all texts of the beat are known.
    fn order(self: &Rc<Self>) {
        if self.ordered.replace(true) {
            return;
        }
        let surface = Rc::clone(self);
        request_animation_frame(move || {
            surface.ordered.set(false);
            surface.draw();
        });
    }

    fn draw(&self) {
        let changed = self.board.take_changed();
        if self.stale.replace(false) {
            self.measure();
            let all: Vec<CellKey> = self.places.borrow().keys().copied().collect();
            all.into_iter().for_each(|key| self.draw_cell(key));
            if let Some(grid) = self.grid() {
                // From now on the page's own texts are hidden.
                let _ = grid.set_attribute("data-drawn", "on");
            }
        } else {
            changed.into_iter().for_each(|key| self.draw_cell(key));
        }
    }

    fn draw_cell(&self, key: CellKey) {
        let places = self.places.borrow();
        let Some((place, (text, word))) = places.get(&key).zip(self.board.text_of(key)) else { return };
        self.context.clear_rect(place.left, place.top, place.width, place.height);
        let colours = self.colours.borrow();
        let colour = colours.iter().find(|(name, _)| *name == word).or(colours.first());
        if let Some((_, colour)) = colour {
            self.context.set_fill_style_str(colour);
        }
        // It fails only for numbers that are none.
        let _ = self.context.fill_text(&text, place.left, place.top + place.height / 2.0);
    }

    /// Finds the cells' places, and the letters and colours of the style sheet. The surface is empty afterwards.
    fn measure(&self) {
        let Some(grid) = self.grid() else { return };
        let own = self.canvas.get_bounding_client_rect();
        let scale = window().device_pixel_ratio();
        self.canvas.set_width((own.width() * scale).round() as u32);
        self.canvas.set_height((own.height() * scale).round() as u32);
        let mut places = self.places.borrow_mut();
        places.clear();
        let Ok(cells) = grid.query_selector_all("[data-cell]") else { return };
        for index in 0..cells.length() {
            let Some(cell) = cells.item(index).and_then(|node| node.dyn_into::<Element>().ok()) else { continue };
            let Some(key) = cell.get_attribute("data-cell").and_then(|text| key_of(&text)) else { continue };
            if places.is_empty() {
                self.take_style(&cell, scale);
            }
            let rect = cell.get_bounding_client_rect();
            let place = Place {
                left: ((rect.left() - own.left()) * scale).round(),
                top: ((rect.top() - own.top()) * scale).round(),
                width: (rect.width() * scale).ceil(),
                height: (rect.height() * scale).ceil(),
            };
            places.insert(key, place);
        }
    }

    fn take_style(&self, cell: &Element, scale: f64) {
        let Ok(Some(style)) = window().get_computed_style(cell) else { return };
        let value = |name: &str| style.get_property_value(name).unwrap_or_default().trim().to_owned();
        let pixels: f64 = value("font-size").trim_end_matches("px").parse().unwrap_or(16.0);
        self.context.set_font(&format!("{} {}px {}", value("font-weight"), pixels * scale, value("font-family")));
        self.context.set_text_baseline("middle");
        *self.colours.borrow_mut() = COLOURS.map(|(word, property)| (word, value(property))).to_vec();
    }

    /// The page's own texts are shown again.
    fn hide(&self) {
        self.context.clear_rect(0.0, 0.0, f64::from(self.canvas.width()), f64::from(self.canvas.height()));
        if let Some(grid) = self.grid() {
            let _ = grid.remove_attribute("data-drawn");
        }
    }

    fn grid(&self) -> Option<Element> {
        self.canvas.parent_element()?.query_selector(".wall-grid").ok().flatten()
    }
}

fn key_of(text: &str) -> Option<CellKey> {
    let (id, place) = text.split_once('-')?;
    Some((id.parse().ok()?, place.parse().ok()?))
}
