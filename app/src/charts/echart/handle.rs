//! The drawn chart, for who points at it or takes its picture.

use super::complete::{Functions, Shown};
use super::instance::{Instance, init_svg, object};
use js_sys::Array;
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use web_sys::HtmlCanvasElement;

/// One drawn chart, or none yet.
#[derive(Clone, Copy)]
pub struct ChartHandle(StoredValue<Option<(Rc<Instance>, Shown)>, LocalStorage>);

impl Default for ChartHandle {
    fn default() -> Self {
        Self::new()
    }
}

impl ChartHandle {
    /// No chart yet.
    pub fn new() -> Self {
        Self(StoredValue::new_local(None))
    }

    pub(super) fn set(self, instance: &Rc<Instance>, shown: &Shown) {
        self.0.try_set_value(Some((Rc::clone(instance), Rc::clone(shown))));
    }

    pub(super) fn clear(self) {
        self.0.try_set_value(None);
    }

    /// Time and value at a place of the chart's box, in pixels.
    pub fn point(self, x: f64, y: f64) -> Option<(i64, f64)> {
        let of = object([("xAxisIndex", 0.into()), ("yAxisIndex", 0.into())]);
        let place = Array::of2(&x.into(), &y.into());
        let (instance, _) = self.0.try_get_value().flatten()?;
        let point = Array::from(&instance.point_at(&of, &place).ok()?);
        Some((point.get(0).as_f64()? as i64, point.get(1).as_f64()?))
    }

    /// The chart as it stands on the screen, in more pixels.
    pub(super) fn canvas(self, ratio: f64, background: &str) -> Option<HtmlCanvasElement> {
        let (instance, _) = self.0.try_get_value().flatten()?;
        instance.render_to_canvas(&object([("pixelRatio", ratio.into()), ("backgroundColor", background.into())])).ok()
    }

    /// The chart as an SVG of a size, with texts of a size.
    pub(super) fn svg(self, width: f64, height: f64, text_px: f64) -> Option<String> {
        let (_, shown) = self.0.try_get_value().flatten()?;
        let model = shown.borrow().clone()?;
        let how = object([("renderer", "svg".into()), ("ssr", JsValue::TRUE), ("width", width.into()), ("height", height.into())]);
        let instance = init_svg(&JsValue::NULL, &JsValue::NULL, &how).ok()?;
        let functions = Functions::new(&shown);
        instance.set_option(&functions.option(&model, text_px), &object([]));
        let text = instance.render_to_svg();
        instance.dispose();
        text.ok()
    }
}
