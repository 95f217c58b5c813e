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
    /// Hosts in the order of their cards.
    order: RefCell<Vec<HostId>>,
    /// Places of each card's figures, card by card: they stay when hosts change their cards.
    places: RefCell<Vec<HashMap<u8, Place>>>,
    colours: RefCell<Vec<(&'static str, String)>>,
    /// Whether the places must be found anew before anything is drawn.
    stale: Cell<bool>,
    /// Whether every cell must be drawn.
    moved: Cell<bool>,
    /// Whether a drawing is ordered already.
    scheduled: Cell<bool>,
}

/// Draws the board on `node` while `active`, until the component is gone.
pub fn attach(node: NodeRef<Canvas>, board: Board, places: Signal<(Vec<HostId>, &'static str)>, active: Signal<bool>) {
    let kept: Rc<RefCell<Option<Kept>>> = Rc::default();
    let gone = SendWrapper::new(Rc::clone(&kept));
    Effect::new(move |_| {
        let Some(canvas) = node.get() else { return };
        let (order, density) = places.get();
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
        if let Some(kept) = kept.as_mut() {
            let arrangement = (order.len(), density);
            if std::mem::replace(&mut kept.arrangement, arrangement) != arrangement {
                kept.surface.stale.set(true);
            }
            kept.surface.order.replace(order);
            kept.surface.moved.set(true);
            kept.surface.schedule();
        }
    });
    on_cleanup(move || drop(gone.take().take()));
}

/// A surface with what must live as long as it.
struct Kept {
    surface: Rc<Surface>,
    /// Number and density of the cards.
    arrangement: (usize, &'static str),
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
            order: RefCell::default(),
            places: RefCell::default(),
            colours: RefCell::default(),
            stale: Cell::new(true),
            moved: Cell::new(true),
            scheduled: Cell::new(false),
        });
        let resized = Closure::<dyn FnMut()>::new({
            let surface = Rc::clone(&surface);
            move || {
                surface.stale.set(true);
                surface.schedule();
            }
        });
        let observer = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok()?;
        observer.observe(&surface.canvas);
        let changes = Effect::new({
            let surface = Rc::clone(&surface);
            move |_| {
                board.turn.track();
                surface.schedule();
            }
        });
        Some(Self { surface, arrangement: (0, ""), observer, _resized: resized, _changes: changes })
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

impl Surface {
    /// Draws with the next frame of the screen, when all texts of the beat are known.
    fn schedule(self: &Rc<Self>) {
        if self.scheduled.replace(true) {
            return;
        }
        let surface = Rc::clone(self);
        request_animation_frame(move || {
            surface.scheduled.set(false);
            surface.draw();
        });
    }

    fn draw(&self) {
        let changed = self.board.take_changed();
        let stale = self.stale.replace(false);
        if stale {
            self.measure();
        }
        let (order, places) = (self.order.borrow(), self.places.borrow());
        let cards = order.iter().zip(places.iter());
        if self.moved.replace(false) || stale {
            self.clear();
            for (id, cells) in cards {
                cells.iter().for_each(|(place, rectangle)| self.draw_cell((*id, *place), rectangle));
            }
            if let Some(grid) = self.grid().filter(|_| !places.is_empty()) {
                // From now on the page's own texts are hidden.
                let _ = grid.set_attribute("data-drawn", "on");
            }
            return;
        }
        let cards: HashMap<HostId, &HashMap<u8, Place>> = cards.map(|(id, cells)| (*id, cells)).collect();
        for key in changed {
            if let Some(rectangle) = cards.get(&key.0).and_then(|cells| cells.get(&key.1)) {
                self.context.clear_rect(rectangle.left, rectangle.top, rectangle.width, rectangle.height);
                self.draw_cell(key, rectangle);
            }
        }
    }

    fn draw_cell(&self, key: CellKey, place: &Place) {
        let Some((text, word)) = self.board.text_of(key) else { return };
        let colours = self.colours.borrow();
        if let Some((_, colour)) = colours.iter().find(|(name, _)| *name == word).or(colours.first()) {
            self.context.set_fill_style_str(colour);
        }
        // It fails only for numbers that are none.
        let _ = self.context.fill_text(&text, place.left, place.top + place.height / 2.0);
    }

    fn clear(&self) {
        self.context.clear_rect(0.0, 0.0, f64::from(self.canvas.width()), f64::from(self.canvas.height()));
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
        let children = grid.children();
        for index in 0..children.length() {
            let Some(card) = children.item(index) else { continue };
            let Ok(cells) = card.query_selector_all("[data-cell]") else { continue };
            let mut found = HashMap::new();
            for cell in 0..cells.length() {
                let Some(cell) = cells.item(cell).and_then(|node| node.dyn_into::<Element>().ok()) else { continue };
                let Some(place) = cell.get_attribute("data-cell").and_then(|text| text.parse().ok()) else { continue };
                if places.is_empty() && found.is_empty() {
                    self.take_style(&cell, scale);
                }
                let rect = cell.get_bounding_client_rect();
                let rectangle = Place {
                    left: ((rect.left() - own.left()) * scale).round(),
                    top: ((rect.top() - own.top()) * scale).round(),
                    width: (rect.width() * scale).ceil(),
                    height: (rect.height() * scale).ceil(),
                };
                found.insert(place, rectangle);
            }
            places.push(found);
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
        self.clear();
        if let Some(grid) = self.grid() {
            let _ = grid.remove_attribute("data-drawn");
        }
    }

    fn grid(&self) -> Option<Element> {
        self.canvas.parent_element()?.query_selector(".wall-grid").ok().flatten()
    }
}
