//! The browser's side of the board: where the figures are, and the loop that draws them.

use crate::components::figure_word;
use crate::format;
use crate::live::{LiveFeed, Metric, use_live_feed};
use leptos::html::Canvas;
use leptos::prelude::*;
use protocol::host::{HostId, Level};
use send_wrapper::SendWrapper;
use std::cell::{Cell, RefCell};
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

/// One figure of a card as it is shown.
struct Figure {
    value: Element,
    text: Element,
    /// In tenths; `None` for a gap.
    tenths: Option<i32>,
    level: Level,
    word: &'static str,
    shown: String,
    /// The word that stands in the page.
    written: &'static str,
}

/// One card.
struct Card {
    id: HostId,
    figures: Vec<Figure>,
}

struct Surface {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    feed: LiveFeed,
    /// Hosts in the order of their cards.
    order: RefCell<Vec<HostId>>,
    cards: RefCell<Vec<Card>>,
    /// Places of each card's figures, card by card: they stay when hosts change their cards.
    places: RefCell<Vec<Vec<Place>>>,
    colours: RefCell<Vec<(&'static str, String)>>,
    /// Whether the places must be measured anew before anything is drawn.
    stale: Cell<bool>,
    /// Whether hosts have changed their cards.
    moved: Cell<bool>,
    /// Whether a drawing is ordered already.
    scheduled: Cell<bool>,
}

/// A surface with what must live as long as it.
struct Kept {
    surface: Rc<Surface>,
    /// Number and density of the cards.
    arrangement: (usize, &'static str),
    observer: ResizeObserver,
    _resized: Closure<dyn FnMut()>,
}

/// Draws on `node` with every beat while `active`, until the component is gone.
pub fn attach(node: NodeRef<Canvas>, places: Signal<(Vec<HostId>, &'static str)>, active: Signal<bool>) {
    let feed = use_live_feed();
    let kept: Rc<RefCell<Option<Kept>>> = Rc::default();
    let (gone, beating) = (SendWrapper::new(Rc::clone(&kept)), Rc::clone(&kept));
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
            *kept = Kept::new(canvas, feed);
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
    Effect::new(move |_| {
        feed.beat.track();
        if let Some(kept) = beating.borrow().as_ref() {
            kept.surface.schedule();
        }
    });
    on_cleanup(move || drop(gone.take().take()));
}

impl Kept {
    fn new(canvas: HtmlCanvasElement, feed: LiveFeed) -> Option<Self> {
        let context = canvas.get_context("2d").ok().flatten()?.dyn_into::<CanvasRenderingContext2d>().ok()?;
        let surface = Rc::new(Surface {
            canvas,
            context,
            feed,
            order: RefCell::default(),
            cards: RefCell::default(),
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
        Some(Self { surface, arrangement: (0, ""), observer, _resized: resized })
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

impl Surface {
    /// Draws with the next frame of the screen, when the page itself has changed.
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
        let (stale, moved) = (self.stale.replace(false), self.moved.replace(false));
        let whole = stale || moved;
        if whole {
            self.find_cards();
        }
        if stale {
            self.measure();
        }
        if whole {
            self.clear();
        }
        let (mut cards, places) = (self.cards.borrow_mut(), self.places.borrow());
        // Everything is drawn before anything is written: a text that is drawn makes the browser bring the page's styles up to date.
        let mut written = Vec::new();
        for (card, places) in cards.iter_mut().zip(places.iter()) {
            let figures = self.feed.figures(card.id).get_untracked();
            for ((figure, metric), place) in card.figures.iter_mut().zip(Metric::ALL).zip(places) {
                let value = metric.of(&figures);
                let changed = figure.take(value, metric, metric.level(figures.levels));
                if changed || whole {
                    self.draw_figure(figure, place);
                }
                if changed {
                    written.push(figure);
                }
            }
        }
        written.into_iter().for_each(|figure| figure.write());
        if stale
            && !places.is_empty()
            && let Some(grid) = self.grid()
        {
            // From now on the page's own texts are hidden.
            let _ = grid.set_attribute("data-drawn", "on");
        }
    }

    fn draw_figure(&self, figure: &Figure, place: &Place) {
        self.context.clear_rect(place.left, place.top, place.width, place.height);
        let colours = self.colours.borrow();
        if let Some((_, colour)) = colours.iter().find(|(name, _)| *name == figure.word).or(colours.first()) {
            self.context.set_fill_style_str(colour);
        }
        // It fails only for numbers that are none.
        let _ = self.context.fill_text(&figure.shown, place.left, place.top + place.height / 2.0);
    }

    fn find_cards(&self) {
        let Some(grid) = self.grid() else { return };
        let children = grid.children();
        let order = self.order.borrow();
        let cards = order.iter().zip(0..children.length()).filter_map(|(id, index)| {
            let card = children.item(index)?;
            let values = card.query_selector_all("[data-cell]").ok()?;
            let figure = |index| {
                let value = values.item(index)?.dyn_into::<Element>().ok()?;
                let text = value.query_selector(".wall-host-text").ok().flatten()?;
                // Unlike every figure, so that the first one is written.
                Some(Figure { value, text, tenths: Some(i32::MIN), level: Level::Calm, word: "", shown: String::new(), written: "" })
            };
            Some(Card { id: *id, figures: (0..values.length()).filter_map(figure).collect() })
        });
        *self.cards.borrow_mut() = cards.collect();
    }

    /// Finds the figures' places, and the letters and colours of the style sheet. The surface is empty afterwards.
    fn measure(&self) {
        let own = self.canvas.get_bounding_client_rect();
        let scale = window().device_pixel_ratio();
        self.canvas.set_width((own.width() * scale).round() as u32);
        self.canvas.set_height((own.height() * scale).round() as u32);
        let cards = self.cards.borrow();
        if let Some(figure) = cards.first().and_then(|card| card.figures.first()) {
            self.take_style(&figure.value, scale);
        }
        let place = |figure: &Figure| {
            let rect = figure.value.get_bounding_client_rect();
            Place {
                left: ((rect.left() - own.left()) * scale).round(),
                top: ((rect.top() - own.top()) * scale).round(),
                width: (rect.width() * scale).ceil(),
                height: (rect.height() * scale).ceil(),
            }
        };
        *self.places.borrow_mut() = cards.iter().map(|card| card.figures.iter().map(place).collect()).collect();
    }

    fn take_style(&self, element: &Element, scale: f64) {
        let Ok(Some(style)) = window().get_computed_style(element) else { return };
        let value = |name: &str| style.get_property_value(name).unwrap_or_default().trim().to_owned();
        let pixels: f64 = value("font-size").trim_end_matches("px").parse().unwrap_or(16.0);
        self.context.set_font(&format!("{} {}px {}", value("font-weight"), pixels * scale, value("font-family")));
        self.context.set_text_baseline("middle");
        *self.colours.borrow_mut() = COLOURS.map(|(word, property)| (word, value(property))).to_vec();
    }

    fn clear(&self) {
        self.context.clear_rect(0.0, 0.0, f64::from(self.canvas.width()), f64::from(self.canvas.height()));
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

impl Figure {
    /// Takes a value in; says whether anything is to be drawn.
    fn take(&mut self, value: Option<f32>, metric: Metric, level: Level) -> bool {
        let tenths = value.map(|value| (value * 10.0).round() as i32);
        if tenths == self.tenths && self.level == level {
            return false;
        }
        self.level = level;
        self.tenths = tenths;
        // CPU with a decimal, because it is what shows that the screen lives.
        let shown = if metric == Metric::Cpu { format::percent(value) } else { format::whole(value) };
        let word = if value.is_some() { figure_word(level) } else { "gap" };
        let changed = shown != self.shown || word != self.word;
        (self.shown, self.word) = (shown, word);
        changed
    }

    /// Puts what is drawn into the page, too.
    fn write(&mut self) {
        self.text.set_text_content(Some(&self.shown));
        if self.written != self.word {
            // It fails only for a name that is none.
            let _ = self.value.set_attribute("data-level", if self.word == "gap" { "calm" } else { self.word });
            self.written = self.word;
        }
    }
}
