//! One drawn chart: the ECharts instance and what has to go with it.

use super::super::ChartModel;
use super::super::option::data_option;
use super::complete::{Functions, Shown, written};
use super::handle::ChartHandle;
use super::instance::{Instance, init, set};
use super::script::{Script, script_ready};
use js_sys::Object;
use leptos::html::Div;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, ResizeObserver};

/// Idle frames after which the drawing loop rests. ECharts' own ten keep the page busy for a sixth of a second after each change. It rests
/// when more have passed, and takes zero for never: less than one lets it rest after the first.
const STILL_FRAMES: f64 = 0.5;

/// Size of texts where the style sheet does not say one, in pixels.
const USUAL_TEXT_PX: f64 = 14.0;

/// Draws `model` into `node` whenever it changes, from the moment when both the node and ECharts are there, until the component is
/// gone. Nothing is drawn while the page is hidden.
pub fn attach(node: NodeRef<Div>, model: Signal<Option<ChartModel>>, handle: Option<ChartHandle>) {
    let ready = script_ready(Script::Charts);
    let drawing = Rc::new(RefCell::new(None::<Drawing>));
    let gone = SendWrapper::new(Rc::clone(&drawing));
    let scale = RwSignal::new(0.0);
    Effect::new(move |_| {
        scale.track();
        let Some((element, model)) = node.get().filter(|_| ready.get()).zip(model.get()) else { return };
        if document().hidden() {
            return;
        }
        let mut drawing = drawing.borrow_mut();
        if drawing.is_none() {
            *drawing = Drawing::new(&element, scale);
            if let Some((handle, drawing)) = handle.zip(drawing.as_ref()) {
                handle.set(&drawing.instance, &drawing.shown);
            }
        }
        if let Some(drawing) = drawing.as_mut() {
            drawing.draw(model);
        }
    });
    on_cleanup(move || {
        if let Some(handle) = handle {
            handle.clear();
        }
        drop(gone.take().take());
    });
}

struct Drawing {
    instance: Rc<Instance>,
    observer: ResizeObserver,
    shown: Shown,
    /// Width and height as the observer saw them last: reading them from the page would make it lay itself out in the middle of a beat.
    size: Rc<Cell<(i32, i32)>>,
    text_px: Rc<Cell<f64>>,
    drawn_px: f64,
    functions: Functions,
    _resized: Closure<dyn FnMut()>,
}

impl Drawing {
    fn new(element: &Element, scale: RwSignal<f64>) -> Option<Self> {
        let instance = Rc::new(init(element).ok()?);
        instance.canvas().set_sleep_after_still(STILL_FRAMES);
        let text_px = Rc::new(Cell::new(text_size(element)));
        let size = Rc::new(Cell::new(box_of(element)));
        let (changed, measured, seen) = (Rc::clone(&instance), Rc::clone(&text_px), Rc::clone(&size));
        let observed = element.clone();
        let resized = Closure::<dyn FnMut()>::new(move || {
            // The observer reports once at its start, when nothing has changed.
            let now = box_of(&observed);
            if seen.replace(now) == now {
                return;
            }
            changed.resize();
            measured.set(text_size(&observed));
            scale.set(measured.get());
        });
        let observer = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        let shown = Shown::default();
        Some(Self { instance, observer, functions: Functions::new(&shown), shown, size, text_px, drawn_px: 0.0, _resized: resized })
    }

    fn draw(&mut self, model: ChartModel) {
        if self.size.get().0 == 0 {
            return;
        }
        let same_frame =
            self.shown.borrow().as_ref().is_some_and(|shown| shown.has_frame_of(&model)) && self.drawn_px == self.text_px.get();
        let how = Object::new();
        let option = if same_frame {
            written(&data_option(&model))
        } else {
            self.drawn_px = self.text_px.get();
            set(&how, "notMerge", &JsValue::TRUE);
            self.functions.option(&model, self.drawn_px)
        };
        // Before it is drawn: the chart's functions read it.
        self.shown.replace(Some(model));
        self.instance.set_option(&option, &how);
        // Each frame that the loop draws costs the browser as much as all figures of a beat, and nothing moves in it.
        let canvas = self.instance.canvas();
        canvas.flush();
        canvas.animation().stop();
    }
}

impl Drop for Drawing {
    // First no more events, then no more chart; the closures go last, with the fields.
    fn drop(&mut self) {
        self.observer.disconnect();
        self.instance.dispose();
    }
}

fn box_of(element: &Element) -> (i32, i32) {
    (element.client_width(), element.client_height())
}

fn text_size(element: &Element) -> f64 {
    let style = window().get_computed_style(element).ok().flatten();
    let size = style.and_then(|style| style.get_property_value("font-size").ok());
    size.and_then(|size| size.trim_end_matches("px").parse().ok()).unwrap_or(USUAL_TEXT_PX)
}
