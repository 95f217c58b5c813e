//! The thread that draws: `app/js/painter.js`.

use super::place::{Place, TextStyle};
use gloo_events::EventListener;
use js_sys::{Array, Float32Array, JsString, Uint16Array};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;
use web_sys::{HtmlCanvasElement, MessageEvent, Worker};

const SCRIPT: &str = "/vendor/painter.js";

thread_local! {
    /// The thread, while anybody needs it.
    static SHARED: RefCell<Weak<Thread>> = const { RefCell::new(Weak::new()) };
}

struct Thread {
    worker: Worker,
    /// Canvases that have been handed to it.
    canvases: Cell<u32>,
}

impl Thread {
    fn shared() -> Option<Rc<Self>> {
        SHARED.with_borrow_mut(|shared| {
            shared.upgrade().or_else(|| {
                let thread = Rc::new(Self { worker: Worker::new(SCRIPT).ok()?, canvases: Cell::new(0) });
                *shared = Rc::downgrade(&thread);
                Some(thread)
            })
        })
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

/// Texts to draw.
#[derive(Default)]
pub struct Drawing {
    /// Numbers of place and style, in pairs.
    figures: Vec<u16>,
    texts: Array,
}

impl Drawing {
    /// Adds a text; texts of the same place follow each other. What is beyond the numbers that fit is not drawn, on a screen that has no room
    /// for it anyway.
    pub fn add(&mut self, place: usize, style: usize, text: &JsString) {
        if let (Ok(place), Ok(style)) = (u16::try_from(place), u16::try_from(style)) {
            self.figures.extend([place, style]);
            self.texts.push(text);
        }
    }

    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.figures.is_empty()
    }
}

/// Draws on one canvas until it is dropped.
pub struct Painter {
    thread: Rc<Thread>,
    number: u32,
    _drawn: EventListener,
}

impl Painter {
    /// Takes the canvas over, for good; `drawn` is called when the first texts are on it. `None`: this browser cannot do that.
    pub fn new(canvas: &HtmlCanvasElement, drawn: impl Fn() + 'static) -> Option<Self> {
        let thread = Thread::shared()?;
        let number = thread.canvases.get();
        thread.canvases.set(number + 1);
        let surface = canvas.transfer_control_to_offscreen().ok()?;
        let message = Array::of3(&"canvas".into(), &number.into(), &surface);
        thread.worker.post_message_with_transfer(&message, &Array::of1(&surface)).ok()?;
        let drawn = EventListener::new(&thread.worker, "message", move |event| {
            if event.unchecked_ref::<MessageEvent>().data() == number {
                drawn();
            }
        });
        Some(Self { thread, number, _drawn: drawn })
    }

    /// Says how large the canvas is, in which styles texts are written on it, and where: it is empty afterwards.
    pub fn prepare(&self, canvas: &Place, styles: &[TextStyle], places: &[Place]) {
        let style = |style: &TextStyle| {
            let (font, colour) = (JsValue::from_str(&style.font), JsValue::from_str(&style.colour));
            let lengths = [style.spacing, style.before, style.after].map(JsValue::from_f64);
            [font, colour].into_iter().chain(lengths).collect::<Array>()
        };
        let numbers =
            |place: &Place| [place.left, place.top, place.width, place.height, place.side, place.line as f64].map(|number| number as f32);
        let places: Vec<f32> = places.iter().flat_map(numbers).collect();
        let (styles, places) = (styles.iter().map(style).collect::<Array>(), Float32Array::from(places.as_slice()));
        self.send("style", &[&canvas.width.into(), &canvas.height.into(), &styles, &places]);
    }

    /// Draws texts; `whole` if all others vanish.
    pub fn draw(&self, whole: bool, drawing: &Drawing) {
        let figures = Uint16Array::from(drawing.figures.as_slice());
        self.send("draw", &[&whole.into(), &figures, &drawing.texts]);
    }

    fn send(&self, kind: &str, values: &[&JsValue]) {
        let message: Array = [&kind.into(), &self.number.into()].into_iter().chain(values.iter().copied()).collect();
        // It fails only for what cannot be copied.
        let _ = self.thread.worker.post_message(&message);
    }
}

impl Drop for Painter {
    fn drop(&mut self) {
        self.send("end", &[]);
    }
}
