//! The browser's side of the board: where the figures are, and what has changed.

use super::text::{Code, Texts};
use crate::components::figure_word;
use crate::live::{LiveFeed, Metric, use_live_feed};
use crate::pages::wall::drawn::{Drawing, Painter, Place, TextStyle, align, text_style};
use leptos::html::Canvas;
use leptos::prelude::*;
use protocol::host::{HostId, Level};
use send_wrapper::SendWrapper;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlCanvasElement, Node, ResizeObserver};

/// Words of colours and the properties of the style sheet that hold them.
const COLOURS: [(&str, &str); 4] = [("calm", "--ink"), ("warning", "--warning"), ("critical", "--critical"), ("gap", "--ink-secondary")];

/// One figure of a card as it is shown.
struct Figure {
    value: Element,
    /// The text that stands in the page.
    text: PageText,
    /// Nothing yet: it has not been drawn.
    code: Option<Code>,
    level: Level,
    word: &'static str,
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
    painter: Painter,
    texts: RefCell<Texts>,
    feed: LiveFeed,
    /// Hosts in the order of their cards.
    order: RefCell<Vec<HostId>>,
    cards: RefCell<Vec<Card>>,
    /// How many figures have a place.
    places: Cell<usize>,
    /// Whether the cards' figures are drawn; otherwise the page's own texts are shown.
    active: Rc<Cell<bool>>,
    /// Whether anything has ever been drawn.
    drawn: Rc<Cell<bool>>,
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
        let active = active.get();
        let mut kept = kept.borrow_mut();
        if active && kept.is_none() {
            *kept = Kept::new(canvas, feed);
        }
        if let Some(kept) = kept.as_mut() {
            let arrangement = (order.len(), density);
            if std::mem::replace(&mut kept.arrangement, arrangement) != arrangement {
                kept.surface.stale.set(true);
            }
            kept.surface.order.replace(order);
            kept.surface.moved.set(true);
            kept.surface.active.set(active);
            kept.surface.schedule();
        }
    });
    Effect::new(move |_| {
        feed.beat.track();
        if let Some(kept) = beating.borrow().as_ref() {
            kept.surface.beat();
        }
    });
    on_cleanup(move || drop(gone.take().take()));
}

impl Kept {
    fn new(canvas: HtmlCanvasElement, feed: LiveFeed) -> Option<Self> {
        let (drawn, active) = (Rc::new(Cell::new(false)), Rc::new(Cell::new(true)));
        let (first, still, own) = (Rc::clone(&drawn), Rc::clone(&active), canvas.clone());
        let painter = Painter::new(&canvas, move || {
            first.set(true);
            if still.get() {
                mark_grid(&own, true);
            }
        })?;
        let surface = Rc::new(Surface {
            canvas,
            painter,
            texts: RefCell::default(),
            feed,
            order: RefCell::default(),
            cards: RefCell::default(),
            places: Cell::new(0),
            active,
            drawn,
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
        // Not the canvas, which has a size of its own once it was measured.
        observer.observe(&surface.canvas.parent_element()?);
        Some(Self { surface, arrangement: (0, ""), observer, _resized: resized })
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

impl Surface {
    /// Draws what has changed, at once: the page itself does not change, and needs no frame of the screen.
    fn beat(&self) {
        if self.active.get() && !self.scheduled.get() {
            self.draw();
        }
    }

    /// Looks at the cards with the next frame of the screen, for which the page is laid out anyway.
    fn schedule(self: &Rc<Self>) {
        if self.scheduled.replace(true) {
            return;
        }
        let surface = Rc::clone(self);
        request_animation_frame(move || {
            surface.scheduled.set(false);
            if surface.active.get() {
                surface.draw();
            } else if surface.moved.replace(false) {
                surface.hide();
            }
        });
    }

    fn draw(&self) {
        let (stale, moved) = (self.stale.replace(false), self.moved.replace(false));
        let whole = stale || moved;
        if whole {
            self.find_cards(stale);
        }
        if stale {
            self.measure();
        }
        let (mut cards, mut texts, mut drawing) = (self.cards.borrow_mut(), self.texts.borrow_mut(), Drawing::default());
        let mut place = 0;
        for card in cards.iter_mut() {
            let figures = self.feed.figures(card.id).get_untracked();
            for (figure, metric) in card.figures.iter_mut().zip(Metric::ALL) {
                let changed = figure.take(metric.of(&figures), metric, metric.level(figures.levels));
                if let Some(code) = figure.code.filter(|_| (whole || changed) && place < self.places.get()) {
                    drawing.add(place, figure.colour(), texts.get(code));
                    if changed {
                        figure.write(texts.get(code));
                    }
                }
                place += 1;
            }
        }
        if whole || !drawing.is_empty() {
            self.painter.draw(whole, &drawing);
        }
        if whole && self.drawn.get() {
            mark_grid(&self.canvas, true);
        }
    }

    /// Puts the cards in order; `anew` looks at none that is known.
    fn find_cards(&self, anew: bool) {
        let Some(grid) = grid_of(&self.canvas) else { return };
        let children = grid.children();
        let order = self.order.borrow();
        let mut known: HashMap<HostId, Card> = match anew {
            true => HashMap::new(),
            false => self.cards.take().into_iter().filter(Card::is_there).map(|card| (card.id, card)).collect(),
        };
        let card = |(id, index): (&HostId, u32)| known.remove(id).or_else(|| Card::find(*id, &children.item(index)?));
        let cards = order.iter().zip(0..children.length()).filter_map(card).collect();
        self.cards.replace(cards);
    }

    /// Finds the figures' places, and the letters and colours of the style sheet.
    fn measure(&self) {
        let scale = window().device_pixel_ratio();
        let own = align(&self.canvas, scale);
        let cards = self.cards.borrow();
        let figures = || cards.iter().flat_map(|card| &card.figures);
        let Some(styles) = figures().next().and_then(|figure| styles_of(&figure.value, scale)) else { return };
        let places: Vec<Place> = figures().map(|figure| Place::of(&figure.value, &own, scale)).collect();
        self.places.set(places.len());
        self.painter.prepare(&own, &styles, &places);
    }

    /// The page's own texts are shown again.
    fn hide(&self) {
        self.painter.draw(true, &Drawing::default());
        mark_grid(&self.canvas, false);
    }
}

impl Card {
    fn find(id: HostId, card: &Element) -> Option<Self> {
        let values = card.query_selector_all("[data-cell]").ok()?;
        let figure = |index| {
            let value = values.item(index)?.dyn_into::<Element>().ok()?;
            let text = value.query_selector(".wall-host-text").ok().flatten()?;
            Some(Figure { value, text: text_in(&text)?, code: None, level: Level::Calm, word: "", written: "" })
        };
        Some(Self { id, figures: (0..values.length()).filter_map(figure).collect() })
    }

    /// Whether it is still in the page.
    fn is_there(&self) -> bool {
        self.figures.iter().all(|figure| figure.value.is_connected())
    }
}

impl Figure {
    /// Takes a value in; says whether it shows.
    fn take(&mut self, value: Option<f32>, metric: Metric, level: Level) -> bool {
        // CPU with a decimal, because it is what shows that the screen lives.
        let code = Some(if metric == Metric::Cpu { Code::tenths(value) } else { Code::whole(value) });
        if code == self.code && level == self.level {
            return false;
        }
        (self.code, self.level) = (code, level);
        self.word = if value.is_some() { figure_word(level) } else { "gap" };
        true
    }

    /// Number of its colour.
    fn colour(&self) -> usize {
        COLOURS.iter().position(|(word, _)| *word == self.word).unwrap_or(0)
    }

    /// Puts what is drawn into the page, too.
    fn write(&mut self, text: &js_sys::JsString) {
        self.text.set_data(text);
        if self.written != self.word {
            // It fails only for a name that is none.
            let _ = self.value.set_attribute("data-level", if self.word == "gap" { "calm" } else { self.word });
            self.written = self.word;
        }
    }
}

fn grid_of(canvas: &HtmlCanvasElement) -> Option<Element> {
    canvas.parent_element()?.query_selector(".wall-grid").ok().flatten()
}

/// Hides the page's own texts, or shows them.
fn mark_grid(canvas: &HtmlCanvasElement, drawn: bool) {
    if let Some(grid) = grid_of(canvas) {
        // It fails only for a name that is none.
        let _ = if drawn { grid.set_attribute("data-drawn", "on") } else { grid.remove_attribute("data-drawn") };
    }
}

/// Letters as the style sheet says, once in each colour.
fn styles_of(element: &Element, scale: f64) -> Option<Vec<TextStyle>> {
    let style = window().get_computed_style(element).ok().flatten()?;
    let colour = |name| style.get_property_value(name).unwrap_or_default().trim().to_owned();
    let letters = text_style(element, scale)?;
    Some(COLOURS.map(|(_, property)| TextStyle { colour: colour(property), ..letters.clone() }).to_vec())
}

/// The text of an element that has none but this one. Its letters are changed in place: what is taken out and put in again makes the browser
/// look at the styles around it.
fn text_in(element: &Element) -> Option<PageText> {
    if element.first_child().is_none() {
        element.set_text_content(Some(" "));
    }
    element.first_child().map(Node::unchecked_into)
}

// It takes a text that is in the browser already (see `Texts`), which that of `web_sys` cannot.
#[wasm_bindgen]
extern "C" {
    /// A text of the page.
    type PageText;
    #[wasm_bindgen(method, setter)]
    fn set_data(this: &PageText, text: &js_sys::JsString);
}
