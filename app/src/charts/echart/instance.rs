//! What is used of ECharts' own objects.

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlCanvasElement};

#[wasm_bindgen]
extern "C" {
    /// The object that `echarts.init` returns.
    pub type Instance;
    /// Makes a chart in an element.
    #[wasm_bindgen(js_namespace = echarts, catch)]
    pub fn init(element: &Element) -> Result<Instance, JsValue>;
    /// Makes a chart that is nowhere but becomes an SVG; of the second bundle.
    #[wasm_bindgen(js_namespace = echartsSvg, js_name = init, catch)]
    pub fn init_svg(element: &JsValue, theme: &JsValue, how: &JsValue) -> Result<Instance, JsValue>;
    #[wasm_bindgen(method, js_name = setOption)]
    pub fn set_option(this: &Instance, option: &JsValue, how: &JsValue);
    #[wasm_bindgen(method)]
    pub fn resize(this: &Instance);
    #[wasm_bindgen(method)]
    pub fn dispose(this: &Instance);
    #[wasm_bindgen(method, js_name = getZr)]
    pub fn canvas(this: &Instance) -> Canvas;
    /// A picture of the chart.
    #[wasm_bindgen(method, js_name = renderToCanvas, catch)]
    pub fn render_to_canvas(this: &Instance, how: &JsValue) -> Result<HtmlCanvasElement, JsValue>;
    #[wasm_bindgen(method, js_name = renderToSVGString, catch)]
    pub fn render_to_svg(this: &Instance) -> Result<String, JsValue>;
    /// What lies at a place of the chart: time and value.
    #[wasm_bindgen(method, js_name = convertFromPixel, catch)]
    pub fn point_at(this: &Instance, of: &JsValue, place: &JsValue) -> Result<JsValue, JsValue>;

    /// ECharts' own drawing surface.
    pub type Canvas;
    #[wasm_bindgen(method, js_name = setSleepAfterStill)]
    pub fn set_sleep_after_still(this: &Canvas, frames: f64);
    /// Draws at once.
    #[wasm_bindgen(method)]
    pub fn flush(this: &Canvas);
    #[wasm_bindgen(method, getter)]
    pub fn animation(this: &Canvas) -> Animation;

    /// The loop that draws with every frame of the screen.
    pub type Animation;
    #[wasm_bindgen(method)]
    pub fn stop(this: &Animation);
}

/// Member of an object; undefined where there is none.
pub fn get(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &key.into()).unwrap_or(JsValue::UNDEFINED)
}

/// Sets a member.
pub fn set(object: &JsValue, key: &str, value: &JsValue) {
    // It fails only where `object` is none, and then there is nothing to complete.
    let _ = Reflect::set(object, &key.into(), value);
}

/// An object with these members.
pub fn object<const N: usize>(members: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (key, value) in members {
        set(&object, key, &value);
    }
    object.into()
}
