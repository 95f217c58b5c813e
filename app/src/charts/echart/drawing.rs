//! One drawn chart: the ECharts instance and what has to go with it.

use super::super::ChartModel;
use super::super::option::{ChartOption, data_option, whole_option};
use super::super::palette;
use super::script::script_ready;
use crate::format;
use js_sys::{Object, Reflect};
use leptos::html::Div;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use serde::Serialize;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, ResizeObserver};

#[wasm_bindgen]
extern "C" {
    /// The object that `echarts.init` returns.
    type Instance;
    #[wasm_bindgen(js_namespace = echarts, catch)]
    fn init(element: &Element) -> Result<Instance, JsValue>;
    #[wasm_bindgen(method, js_name = setOption)]
    fn set_option(this: &Instance, option: &JsValue, how: &JsValue);
    #[wasm_bindgen(method)]
    fn resize(this: &Instance);
    #[wasm_bindgen(method)]
    fn dispose(this: &Instance);
    #[wasm_bindgen(method, js_name = getZr)]
    fn canvas(this: &Instance) -> Canvas;

    /// ECharts' own drawing surface.
    type Canvas;
    #[wasm_bindgen(method, js_name = setSleepAfterStill)]
    fn set_sleep_after_still(this: &Canvas, frames: f64);
    /// Draws at once.
    #[wasm_bindgen(method)]
    fn flush(this: &Canvas);
    #[wasm_bindgen(method, getter)]
    fn animation(this: &Canvas) -> Animation;

    /// The loop that draws with every frame of the screen.
    type Animation;
    #[wasm_bindgen(method)]
    fn stop(this: &Animation);
}

/// Idle frames after which the drawing loop rests. ECharts' own ten keep the page busy for a sixth of a second after each change. It rests
/// when more have passed, and takes zero for never: less than one lets it rest after the first.
const STILL_FRAMES: f64 = 0.5;

/// Size of texts where the style sheet does not say one, in pixels.
const USUAL_TEXT_PX: f64 = 14.0;

/// Draws `model` into `node` whenever it changes, from the moment when both the node and ECharts are there, until the component is
/// gone. Nothing is drawn while the page is hidden.
pub fn attach(node: NodeRef<Div>, model: Signal<Option<ChartModel>>) {
    let ready = script_ready();
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
        }
        if let Some(drawing) = drawing.as_mut() {
            drawing.draw(model);
        }
    });
    on_cleanup(move || drop(gone.take().take()));
}

struct Drawing {
    instance: Rc<Instance>,
    observer: ResizeObserver,
    shown: Option<ChartModel>,
    /// Width and height as the observer saw them last: reading them from the page would make it lay itself out in the middle of a beat.
    size: Rc<Cell<(i32, i32)>>,
    text_px: Rc<Cell<f64>>,
    drawn_px: f64,
    rate: Closure<dyn Fn(JsValue) -> JsValue>,
    percent: Closure<dyn Fn(JsValue) -> JsValue>,
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
        Some(Self {
            instance,
            observer,
            shown: None,
            size,
            text_px,
            drawn_px: 0.0,
            rate: Closure::new(|value: JsValue| format::rate_text(value.as_f64()).into()),
            percent: Closure::new(|value: JsValue| format::percent_text(value.as_f64().map(|value| value as f32)).into()),
            _resized: resized,
        })
    }

    fn draw(&mut self, model: ChartModel) {
        if self.size.get().0 == 0 {
            return;
        }
        let same_frame = self.shown.as_ref().is_some_and(|shown| shown.has_frame_of(&model)) && self.drawn_px == self.text_px.get();
        let how = Object::new();
        if same_frame {
            self.instance.set_option(&written(&data_option(&model)), &how);
        } else {
            let text_px = self.text_px.get();
            let option = written(&whole_option(&model, text_px));
            self.complete(&option, &model, text_px);
            set(&how, "notMerge", &JsValue::TRUE);
            self.instance.set_option(&option, &how);
            self.drawn_px = text_px;
        }
        self.shown = Some(model);
        // Each frame that the loop draws costs the browser as much as all figures of a beat, and nothing moves in it.
        let canvas = self.instance.canvas();
        canvas.flush();
        canvas.animation().stop();
    }

    /// Adds what `charming` cannot say: texts drawn on the canvas (the content security policy forbids HTML tooltips, which carry
    /// `style` attributes) and functions (its own would need `eval`).
    fn complete(&self, option: &JsValue, model: &ChartModel, text_px: f64) {
        let ChartModel::Trend(trend) = model else { return };
        let is_rate = trend.unit == super::super::Unit::Rate;
        let tooltip = get(option, "tooltip");
        set(&tooltip, "renderMode", &"richText".into());
        set(&tooltip, "valueFormatter", if is_rate { self.rate.as_ref() } else { self.percent.as_ref() });
        let style = Object::new();
        set(&style, "color", &palette::INK.into());
        set(&style, "fontSize", &text_px.into());
        set(&tooltip, "textStyle", &style);
        if is_rate {
            set(&get(&get(option, "yAxis"), "axisLabel"), "formatter", self.rate.as_ref());
        }
    }
}

impl Drop for Drawing {
    // First no more events, then no more chart; the closures go last, with the fields.
    fn drop(&mut self) {
        self.observer.disconnect();
        self.instance.dispose();
    }
}

fn written(chart: &ChartOption) -> JsValue {
    // Maps as plain objects; the default makes them `Map`s, which ECharts does not read.
    chart.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).unwrap_or(JsValue::NULL)
}

fn get(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &key.into()).unwrap_or(JsValue::UNDEFINED)
}

fn set(object: &JsValue, key: &str, value: &JsValue) {
    // It fails only where `object` is none, and then there is nothing to complete.
    let _ = Reflect::set(object, &key.into(), value);
}

fn box_of(element: &Element) -> (i32, i32) {
    (element.client_width(), element.client_height())
}

fn text_size(element: &Element) -> f64 {
    let style = window().get_computed_style(element).ok().flatten();
    let size = style.and_then(|style| style.get_property_value("font-size").ok());
    size.and_then(|size| size.trim_end_matches("px").parse().ok()).unwrap_or(USUAL_TEXT_PX)
}
