//! Models as options of ECharts, by `charming`. Pure.

use super::model::{Arc, ChartModel, Gauges, Ring};
use super::palette;
use super::trend_option::{MarksSeries, trend_data, whole_trend};
use charming::component::{Axis, Grid};
use charming::datatype::DataPointItem;
use charming::element::{AxisLabel, AxisLine, AxisLineStyle, AxisTick, Emphasis, ItemStyle, Label, LabelLine, Pointer, SplitLine, Tooltip};
use charming::series::{Gauge, GaugeDetail, GaugeProgress, Line as LineSeries, Pie};
use serde::Serialize;

/// The parts of ECharts' option that these charts have. `charming::Chart` would bring the writers of all its components and kinds of
/// series into the page's wasm, a tenth of the whole.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChartOption {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) animation: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) grid: Option<Grid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) x_axis: Option<Axis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) y_axis: Option<Axis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tooltip: Option<Tooltip>,
    pub(super) series: Vec<Series>,
}

/// One series; it says its kind itself.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Series {
    Line(Box<LineSeries>),
    Marks(Box<MarksSeries>),
    Gauge(Box<Gauge>),
    Pie(Box<Pie>),
}

/// The whole option of a chart; `text_px` is the size of its texts and the measure of everything else.
pub fn whole_option(model: &ChartModel, text_px: f64) -> ChartOption {
    match model {
        ChartModel::Trend(trend) => whole_trend(trend, text_px),
        ChartModel::Gauges(gauges) => whole_gauges(gauges, text_px),
        ChartModel::Ring(ring) => whole_ring(ring),
    }
}

/// Only what changes from beat to beat; ECharts merges it by the series' `id`.
pub fn data_option(model: &ChartModel) -> ChartOption {
    match model {
        ChartModel::Trend(trend) => trend_data(trend),
        ChartModel::Gauges(gauges) => {
            let series = |(place, arc): (usize, &Arc)| Series::Gauge(Box::new(gauge_data(place, arc)));
            ChartOption { series: gauges.arcs.iter().enumerate().map(series).collect(), ..ChartOption::default() }
        }
        ChartModel::Ring(ring) => {
            let series = vec![Series::Pie(Box::new(Pie::new().id("ring").data(slices(ring))))];
            ChartOption { series, ..ChartOption::default() }
        }
    }
}

fn whole_gauges(gauges: &Gauges, text_px: f64) -> ChartOption {
    let width = 100.0 / gauges.arcs.len().max(1) as f64;
    let series = |(place, arc): (usize, &Arc)| {
        let centre = (format!("{}%", width * (place as f64 + 0.5)), "82%".to_owned());
        let thickness = text_px * 0.9;
        Series::Gauge(Box::new(
            gauge_data(place, arc)
                .center(centre)
                .radius("118%")
                .start_angle(180.0)
                .end_angle(0.0)
                .progress(GaugeProgress::new().show(true).width(thickness).round_cap(true).item_style(ItemStyle::new().color(arc.colour)))
                .axis_line(AxisLine::new().round_cap(true).line_style(AxisLineStyle::new().width(thickness).color((1.0, palette::LINE))))
                .pointer(Pointer::new().show(false))
                .axis_tick(AxisTick::new().show(false))
                .split_line(SplitLine::new().show(false))
                .axis_label(AxisLabel::new().show(false))
                .detail(GaugeDetail::new().show(false)),
        ))
    };
    ChartOption { animation: Some(false), series: gauges.arcs.iter().enumerate().map(series).collect(), ..ChartOption::default() }
}

fn gauge_data(place: usize, arc: &Arc) -> Gauge {
    let value = arc.value.unwrap_or(0.0).clamp(0.0, arc.most);
    Gauge::new().id(format!("arc-{place}")).min(0.0).max(arc.most).data(vec![value])
}

fn whole_ring(ring: &Ring) -> ChartOption {
    let pie = Pie::new()
        .id("ring")
        .radius(vec!["68%", "96%"])
        .center(vec!["50%", "50%"])
        .label(Label::new().show(false))
        .label_line(LabelLine::new().show(false))
        .item_style(ItemStyle::new().border_color(palette::PANEL).border_width(3.0))
        .emphasis(Emphasis::new().disabled(true))
        .data(slices(ring));
    ChartOption { animation: Some(false), series: vec![Series::Pie(Box::new(pie))], ..ChartOption::default() }
}

fn slices(ring: &Ring) -> Vec<DataPointItem> {
    let slice =
        |count: usize, name: &str, colour: &str| DataPointItem::new(count as i64).name(name).item_style(ItemStyle::new().color(colour));
    if ring.slices.iter().all(|part| part.count == 0) {
        return vec![slice(1, "", palette::LINE)];
    }
    ring.slices.iter().map(|part| slice(part.count, &part.name, part.colour)).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::model::Slice;
    use super::*;
    use serde_json::{Value, json};

    fn written(chart: &ChartOption) -> Value {
        serde_json::to_value(chart).unwrap()
    }

    #[test]
    fn a_gauge_never_leaves_its_scale() {
        let arcs =
            vec![Arc { colour: palette::INBOUND, value: Some(9.0), most: 5.0 }, Arc { colour: palette::OUTBOUND, value: None, most: 5.0 }];
        let option = written(&data_option(&ChartModel::Gauges(Gauges { arcs })));
        assert_eq!((&option["series"][0]["data"], &option["series"][1]["data"]), (&json!([5.0]), &json!([0.0])));
    }

    #[test]
    fn a_calm_ring_is_an_empty_track() {
        let slice = |count| Slice { name: "CPU".into(), colour: palette::CPU, count };
        let data = |count| written(&data_option(&ChartModel::Ring(Ring { slices: vec![slice(count)] })))["series"][0]["data"].clone();
        assert_eq!(data(0)[0]["itemStyle"]["color"], palette::LINE);
        assert_eq!((&data(2)[0]["value"], &data(2)[0]["name"]), (&json!(2), &json!("CPU")));
    }
}
