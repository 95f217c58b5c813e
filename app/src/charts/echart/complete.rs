//! What `charming` cannot say: texts drawn on the canvas (the content security policy forbids HTML tooltips, which carry `style`
//! attributes) and functions (its own would need `eval`).

use super::super::option::{ChartOption, whole_option};
use super::super::tip::tip_text;
use super::super::trend::{Line, Trend, dated};
use super::super::{ChartModel, Unit, palette};
use super::instance::{get, object, set};
use crate::{browser, format, moment};
use js_sys::Array;
use serde::Serialize;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// The model that a chart shows, shared with its functions.
pub type Shown = Rc<RefCell<Option<ChartModel>>>;

/// Functions that a chart calls; they must live as long as it does.
pub struct Functions {
    axis: Closure<dyn Fn(JsValue) -> JsValue>,
    tip: Closure<dyn Fn(JsValue) -> JsValue>,
}

impl Functions {
    /// Functions that read the shown model.
    pub fn new(shown: &Shown) -> Self {
        let (of_axis, of_tip) = (Rc::clone(shown), Rc::clone(shown));
        Self {
            axis: Closure::new(move |value: JsValue| with_trend(&of_axis, |trend| format::unit_text(trend.unit, value.as_f64()))),
            tip: Closure::new(move |points: JsValue| with_trend(&of_tip, |trend| tip(trend, &Array::from(&points)))),
        }
    }

    /// The whole option of a model.
    pub fn option(&self, model: &ChartModel, text_px: f64) -> JsValue {
        let option = written(&whole_option(model, text_px));
        if let ChartModel::Trend(trend) = model {
            self.complete(&option, trend, text_px);
        }
        option
    }

    fn complete(&self, option: &JsValue, trend: &Trend, text_px: f64) {
        let tooltip = get(option, "tooltip");
        set(&tooltip, "renderMode", &"richText".into());
        set(&tooltip, "confine", &JsValue::TRUE);
        set(&tooltip, "formatter", self.tip.as_ref());
        set(&tooltip, "textStyle", &object([("color", palette::INK.into()), ("fontSize", text_px.into())]));
        if trend.unit != Unit::Percent || trend.timeline.is_some() {
            set(&get(&get(option, "yAxis"), "axisLabel"), "formatter", self.axis.as_ref());
        }
        if trend.timeline.is_some() {
            let label = get(&get(option, "xAxis"), "axisLabel");
            set(&label, "formatter", &time_texts(dated(trend.until_ms - trend.from_ms)));
            set(&label, "hideOverlap", &JsValue::TRUE);
        }
        // A temperature below zero has a band, too.
        for series in Array::from(&get(option, "series")).iter().filter(|series| get(series, "stack").is_string()) {
            set(&series, "stackStrategy", &"all".into());
        }
    }
}

/// Without names of months, which ECharts only knows in English.
fn time_texts(dated: bool) -> JsValue {
    let hour = if dated { "{MM}-{dd} {HH}:{mm}" } else { "{HH}:{mm}" };
    let texts = [("year", "{yyyy}"), ("month", "{yyyy}-{MM}"), ("day", "{MM}-{dd}"), ("hour", hour), ("minute", "{HH}:{mm}")];
    let [year, month, day, hour, minute] = texts.map(|(level, text)| (level, text.into()));
    let fine = [("second", "{HH}:{mm}:{ss}"), ("millisecond", "{HH}:{mm}:{ss}.{SSS}")];
    let [second, millisecond] = fine.map(|(level, text)| (level, text.into()));
    object([year, month, day, hour, minute, second, millisecond])
}

fn with_trend(shown: &Shown, text: impl Fn(&Trend) -> String) -> JsValue {
    match shown.borrow().as_ref() {
        Some(ChartModel::Trend(trend)) => text(trend).into(),
        _ => JsValue::UNDEFINED,
    }
}

fn tip(trend: &Trend, points: &Array) -> String {
    let Some(at_ms) = get(&points.get(0), "axisValue").as_f64() else { return String::new() };
    let marker = |line: &Line| {
        let own = points.iter().find(|point| get(point, "seriesId").as_string().is_some_and(|id| id == line.id));
        own.and_then(|point| get(&point, "marker").as_string()).unwrap_or_default()
    };
    tip_text(trend, at_ms as i64, marker, |at_ms| moment::text(at_ms, browser::offset_minutes(at_ms)))
}

/// An option as ECharts reads it.
pub fn written(chart: &ChartOption) -> JsValue {
    // Maps as plain objects; the default makes them `Map`s, which ECharts does not read.
    chart.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).unwrap_or(JsValue::NULL)
}
