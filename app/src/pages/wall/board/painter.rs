//! The thread that draws on the surface: `app/js/board.js`.

use gloo_events::EventListener;
use js_sys::{Array, Float32Array, JsString, Uint16Array};
use wasm_bindgen::prelude::*;
use web_sys::{HtmlCanvasElement, Worker};

const SCRIPT: &str = "/vendor/board.js";

/// A rectangle in device pixels of the surface.
#[derive(Clone, Copy)]
pub struct Place {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

/// Texts to draw.
#[derive(Default)]
pub struct Drawing {
    /// Numbers of place and colour, in pairs.
    figures: Vec<u16>,
    texts: Array,
}

impl Drawing {
    /// Adds a text; what is beyond the numbers that fit is not drawn, on a screen that has no room for it anyway.
    pub fn add(&mut self, place: usize, colour: usize, text: &JsString) {
        if let (Ok(place), Ok(colour)) = (u16::try_from(place), u16::try_from(colour)) {
            self.figures.extend([place, colour]);
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
    worker: Worker,
    _drawn: EventListener,
}

impl Painter {
    /// Takes the canvas over, for good; `drawn` is called when the first texts are on it. `None`: this browser cannot do that.
    pub fn new(canvas: &HtmlCanvasElement, drawn: impl FnOnce() + 'static) -> Option<Self> {
        let surface = canvas.transfer_control_to_offscreen().ok()?;
        let worker = Worker::new(SCRIPT).ok()?;
        let message = Array::of2(&"canvas".into(), &surface);
        worker.post_message_with_transfer(&message, &Array::of1(&surface)).ok()?;
        let drawn = EventListener::once(&worker, "message", move |_| drawn());
        Some(Self { worker, _drawn: drawn })
    }

    /// Says how large the surface is, in which letters and colours it is written, and where: it is empty afterwards.
    pub fn prepare(&self, (width, height): (u32, u32), font: &str, colours: &[String], places: &[Place]) {
        let colours: Array = colours.iter().map(|colour| JsValue::from_str(colour)).collect();
        let places: Vec<f32> =
            places.iter().flat_map(|place| [place.left, place.top, place.width, place.height].map(|pixels| pixels as f32)).collect();
        let places = Float32Array::from(places.as_slice());
        self.send(&[&"style".into(), &width.into(), &height.into(), &font.into(), &colours, &places]);
    }

    /// Draws texts; `whole` if all others vanish.
    pub fn draw(&self, whole: bool, drawing: &Drawing) {
        let figures = Uint16Array::from(drawing.figures.as_slice());
        self.send(&[&"draw".into(), &whole.into(), &figures, &drawing.texts]);
    }

    fn send(&self, parts: &[&JsValue]) {
        let message: Array = parts.iter().collect();
        // It fails only for what cannot be copied.
        let _ = self.worker.post_message(&message);
    }
}

impl Drop for Painter {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}
