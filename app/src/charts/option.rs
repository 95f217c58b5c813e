//! Models as options of ECharts, by `charming`. Pure.

use super::model::{Arc, ChartModel, Gauges, Line, Ring, Trend, Unit};
use super::palette;
use crate::live::ChartPoint;
use charming::component::{Axis, Grid};
use charming::datatype::{CompositeValue, DataPointItem};
use charming::element::{
    AreaStyle, AxisLabel, AxisLine, AxisLineStyle, AxisPointer, AxisTick, AxisType, Emphasis, ItemStyle, Label, LabelLine, LineStyle,
    LineStyleType, MarkLine, MarkLineData, MarkLineVariant, Pointer, SplitLine, Symbol, Tooltip, Trigger,
};
use charming::series::{Gauge, GaugeDetail, GaugeProgress, Line as LineSeries, Pie};
use serde::Serialize;

/// The parts of ECharts' option that these charts have. `charming::Chart` would bring the writers of all its components and kinds of
/// series into the page's wasm, a tenth of the whole.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChartOption {
    #[serde(skip_serializing_if = "Option::is_none")]
    animation: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grid: Option<Grid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    x_axis: Option<Axis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    y_axis: Option<Axis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tooltip: Option<Tooltip>,
    series: Vec<Series>,
}

/// One series; it says its kind itself.
#[derive(Serialize)]
#[serde(untagged)]
enum Series {
    Line(Box<LineSeries>),
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
        ChartModel::Trend(trend) => {
            let axis = Axis::new().min(trend.from_ms).max(trend.until_ms);
            let series = |line: &Line| Series::Line(Box::new(LineSeries::new().id(line.id).data(rows(&line.points))));
            ChartOption { x_axis: Some(axis), series: trend.lines.iter().map(series).collect(), ..ChartOption::default() }
        }
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

fn whole_trend(trend: &Trend, text_px: f64) -> ChartOption {
    let label = || AxisLabel::new().color(palette::SECONDARY).font_size(text_px);
    let grid = Grid::new().left(4.0).top(text_px * 0.9).right(text_px * label_width(trend.unit)).bottom(text_px * 1.8);
    let x_axis = Axis::new()
        .type_(AxisType::Time)
        .min(trend.from_ms)
        .max(trend.until_ms)
        .split_number(4)
        .axis_label(label().formatter("{HH}:{mm}"))
        .axis_tick(AxisTick::new().show(false))
        .axis_line(AxisLine::new().show(false))
        .split_line(SplitLine::new().show(false));
    let y_axis = Axis::new()
        .type_(AxisType::Value)
        .position("right")
        .min(0)
        .split_number(2)
        .axis_label(label())
        .split_line(SplitLine::new().line_style(LineStyle::new().color(palette::LINE).width(text_px / 15.0)));
    let y_axis = if trend.unit == Unit::Percent { y_axis.max(100).interval(50.0) } else { y_axis };
    let series = |(place, line): (usize, &Line)| {
        let threshold = trend.threshold.filter(|_| place == 0);
        Series::Line(Box::new(line_series(line, threshold, text_px)))
    };
    ChartOption {
        animation: Some(false),
        grid: Some(grid),
        x_axis: Some(x_axis),
        y_axis: Some(y_axis),
        tooltip: Some(axis_tooltip(text_px)),
        series: trend.lines.iter().enumerate().map(series).collect(),
    }
}

/// Room for the labels beside the axis, in widths of a digit's line.
fn label_width(unit: Unit) -> f64 {
    match unit {
        Unit::Percent => 2.3,
        Unit::Rate => 5.2,
    }
}

fn axis_tooltip(text_px: f64) -> Tooltip {
    let pointer = AxisPointer::new().animation(false).line_style(LineStyle::new().color(palette::SECONDARY).type_(LineStyleType::Dashed));
    Tooltip::new()
        .trigger(Trigger::Axis)
        .axis_pointer(pointer)
        .background_color(palette::PANEL)
        .border_color(palette::LINE)
        .border_width(1.0)
        .padding(text_px * 0.6)
}

fn line_series(line: &Line, threshold: Option<f32>, text_px: f64) -> LineSeries {
    let series = LineSeries::new()
        .id(line.id)
        .name(line.name.as_str())
        .symbol(Symbol::None)
        .line_style(LineStyle::new().color(line.colour).width(text_px * 0.15))
        .item_style(ItemStyle::new().color(line.colour))
        .area_style(AreaStyle::new().color(line.colour).opacity(0.18))
        .emphasis(Emphasis::new().disabled(true))
        .data(rows(&line.points));
    match threshold {
        Some(threshold) => series.mark_line(
            MarkLine::new()
                .silent(true)
                .symbol(vec![Symbol::None, Symbol::None])
                .label(Label::new().show(false))
                .line_style(LineStyle::new().color(palette::CRITICAL).type_(LineStyleType::Dashed).opacity(0.6).width(text_px / 12.0))
                .data(vec![MarkLineVariant::Simple(MarkLineData::new().y_axis(f64::from(threshold)))]),
        ),
        None => series,
    }
}

fn rows(points: &[ChartPoint]) -> Vec<Vec<CompositeValue>> {
    let row = |&(at_ms, value): &ChartPoint| vec![CompositeValue::from(at_ms), CompositeValue::from(value.map(f64::from))];
    // An empty list would not be written, and the old points would stay.
    if points.is_empty() {
        vec![vec![CompositeValue::from(0), CompositeValue::from(None::<f64>)]]
    } else {
        points.iter().map(row).collect()
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

    fn trend(points: Vec<ChartPoint>) -> ChartModel {
        let line = Line { id: "cpu", name: "CPU".into(), colour: palette::CPU, points };
        ChartModel::Trend(Trend { lines: vec![line], unit: Unit::Percent, threshold: Some(80.0), from_ms: 0, until_ms: 3_600_000 })
    }

    fn written(chart: &ChartOption) -> Value {
        serde_json::to_value(chart).unwrap()
    }

    #[test]
    fn gaps_are_null_and_the_threshold_is_a_line() {
        let option = written(&whole_option(&trend(vec![(1_000, Some(5.0)), (2_000, None)]), 15.0));
        let series = &option["series"][0];
        assert_eq!(series["data"], json!([[1_000, 5.0], [2_000, null]]));
        assert_eq!(series["markLine"]["data"][0]["yAxis"], 80.0);
        assert_eq!((&option["animation"], &series["symbol"]), (&json!(false), &json!("none")));
    }

    #[test]
    fn a_data_option_carries_only_ids_data_and_the_time_window() {
        let option = written(&data_option(&trend(vec![(1_000, Some(5.0))])));
        assert_eq!(
            option,
            json!({"xAxis": {"min": 0, "max": 3_600_000}, "series": [{"type": "line", "id": "cpu", "data": [[1_000, 5.0]]}]})
        );
        // Without a row the old points would stay on the screen.
        assert_eq!(written(&data_option(&trend(vec![])))["series"][0]["data"], json!([[0, null]]));
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
