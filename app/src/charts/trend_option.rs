//! Lines over time as an option of ECharts. Pure.

use super::band::{band_rows, mean_rows};
use super::option::{ChartOption, Series};
use super::palette;
use super::trend::{Line, Stroke, Timeline, Trend, Unit};
use charming::component::{Axis, Grid};
use charming::element::{
    AreaStyle, AxisLabel, AxisLine, AxisPointer, AxisTick, AxisType, Emphasis, ItemStyle, Label, LineStyle, LineStyleType, MarkLine,
    MarkLineData, MarkLineVariant, SplitLine, Symbol, Tooltip, Trigger,
};
use charming::series::Line as LineSeries;
use serde::Serialize;

/// A series without a line: it carries the shaded spans and the marks of a large chart.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MarksSeries {
    #[serde(rename = "type")]
    kind: &'static str,
    id: &'static str,
    data: [(); 0],
    mark_line: MarkLine,
    mark_area: MarkArea,
}

/// charming's own takes texts for times.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MarkArea {
    silent: bool,
    item_style: ItemStyle,
    data: Vec<[At; 2]>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct At {
    x_axis: i64,
}

/// The whole option.
pub(super) fn whole_trend(trend: &Trend, text_px: f64) -> ChartOption {
    let label = || AxisLabel::new().color(palette::SECONDARY).font_size(text_px);
    let is_large = trend.timeline.is_some();
    let width = if is_large { 5.6 } else { label_width(trend.unit) };
    let grid = Grid::new().left(4.0).top(text_px * 0.9).right(text_px * width).bottom(text_px * 1.8);
    let x_axis = Axis::new()
        .type_(AxisType::Time)
        .min(trend.from_ms)
        .max(trend.until_ms)
        .split_number(if is_large { 8 } else { 4 })
        .axis_label(if is_large { label() } else { label().formatter("{HH}:{mm}") })
        .axis_tick(AxisTick::new().show(false))
        .axis_line(AxisLine::new().show(false))
        .split_line(SplitLine::new().show(false));
    let y_axis = Axis::new()
        .type_(AxisType::Value)
        .position("right")
        .split_number(if is_large { 5 } else { 2 })
        .axis_label(label())
        .split_line(SplitLine::new().line_style(LineStyle::new().color(palette::LINE).width(text_px / 15.0)));
    // Only a temperature may lie below zero.
    let y_axis = if trend.unit == Unit::Celsius { y_axis } else { y_axis.min(0) };
    ChartOption {
        animation: Some(false),
        grid: Some(grid),
        x_axis: Some(x_axis),
        y_axis: Some(up_to(y_axis, trend)),
        tooltip: Some(axis_tooltip(text_px)),
        series: series(trend, text_px),
    }
}

/// Only what changes.
pub(super) fn trend_data(trend: &Trend) -> ChartOption {
    let step_ms = step_of(trend);
    let mut series = Vec::new();
    for line in trend.lines.iter().filter(|line| !line.spread.is_empty()) {
        let (least, height) = band_rows(line, step_ms);
        series.push(LineSeries::new().id(least_id(line)).data(least));
        series.push(LineSeries::new().id(height_id(line)).data(height));
    }
    series.extend(trend.lines.iter().map(|line| LineSeries::new().id(line.id.as_ref()).data(mean_rows(line, step_ms))));
    ChartOption {
        x_axis: Some(Axis::new().min(trend.from_ms).max(trend.until_ms)),
        y_axis: trend.timeline.is_some().then(|| up_to(Axis::new(), trend)),
        series: series.into_iter().map(|series| Series::Line(Box::new(series))).collect(),
        ..ChartOption::default()
    }
}

fn up_to(axis: Axis, trend: &Trend) -> Axis {
    match trend.top {
        Some(top) => axis.max(top).interval(top / if trend.timeline.is_some() { 5.0 } else { 2.0 }),
        None => axis,
    }
}

/// Bands first: the lines lie above all of them.
fn series(trend: &Trend, text_px: f64) -> Vec<Series> {
    let step_ms = step_of(trend);
    let mut series: Vec<Series> = Vec::new();
    if let Some(timeline) = &trend.timeline {
        series.push(Series::Marks(Box::new(marks(timeline, text_px))));
    }
    for line in trend.lines.iter().filter(|line| !line.spread.is_empty()) {
        let (least, height) = band_rows(line, step_ms);
        let hidden = |id: String| {
            let style = LineStyle::new().opacity(0.0).width(0.0);
            LineSeries::new().id(id).stack(line.id.as_ref()).symbol(Symbol::None).line_style(style).silent(true)
        };
        let shade = AreaStyle::new().color(line.colour).opacity(if trend.lines.len() > 3 { 0.1 } else { 0.2 });
        series.push(Series::Line(Box::new(hidden(least_id(line)).data(least))));
        series.push(Series::Line(Box::new(hidden(height_id(line)).area_style(shade).data(height))));
    }
    let is_small = trend.timeline.is_none();
    for (place, line) in trend.lines.iter().enumerate() {
        let filled = is_small && line.spread.is_empty();
        let mut one = line_series(line, filled, text_px).data(mean_rows(line, step_ms));
        if let Some(threshold) = trend.threshold.filter(|_| place == 0) {
            one = one.mark_line(threshold_line(threshold, text_px));
        }
        series.push(Series::Line(Box::new(one)));
    }
    series
}

fn line_series(line: &Line, filled: bool, text_px: f64) -> LineSeries {
    let style = LineStyle::new().color(line.colour).width(text_px * if line.stroke == Stroke::Faded { 0.1 } else { 0.15 });
    let style = match line.stroke {
        Stroke::Solid => style,
        Stroke::Dashed => style.type_(LineStyleType::Dashed),
        Stroke::Dotted => style.type_(LineStyleType::Dotted),
        Stroke::Faded => style.type_(LineStyleType::Dashed).opacity(0.65),
    };
    let series = LineSeries::new()
        .id(line.id.as_ref())
        .name(line.name.as_str())
        .symbol(Symbol::None)
        .line_style(style)
        .item_style(ItemStyle::new().color(line.colour))
        .emphasis(Emphasis::new().disabled(true));
    if filled { series.area_style(AreaStyle::new().color(line.colour).opacity(0.18)) } else { series }
}

fn threshold_line(threshold: f32, text_px: f64) -> MarkLine {
    let style = LineStyle::new().color(palette::CRITICAL).type_(LineStyleType::Dashed).opacity(0.6).width(text_px / 12.0);
    mark_line(style, vec![MarkLineData::new().y_axis(f64::from(threshold))])
}

fn marks(timeline: &Timeline, text_px: f64) -> MarksSeries {
    let style = LineStyle::new().color(palette::WARNING).type_(LineStyleType::Dotted).opacity(0.8).width(text_px / 10.0);
    let lines = timeline.marks.iter().map(|(at_ms, _)| MarkLineData::new().x_axis(*at_ms)).collect();
    let spans = timeline.spans.iter().map(|&(from_ms, to_ms)| [At { x_axis: from_ms }, At { x_axis: to_ms }]).collect();
    MarksSeries {
        kind: "line",
        id: "marks",
        data: [],
        mark_line: mark_line(style, lines),
        mark_area: MarkArea { silent: true, item_style: ItemStyle::new().color(palette::SPAN), data: spans },
    }
}

fn mark_line(style: LineStyle, lines: Vec<MarkLineData>) -> MarkLine {
    MarkLine::new()
        .silent(true)
        .symbol(vec![Symbol::None, Symbol::None])
        .label(Label::new().show(false))
        .line_style(style)
        .data(lines.into_iter().map(MarkLineVariant::Simple).collect::<Vec<_>>())
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

/// Room for the labels beside the axis, in widths of a digit's line.
fn label_width(unit: Unit) -> f64 {
    match unit {
        Unit::Percent => 2.3,
        _ => 5.2,
    }
}

fn step_of(trend: &Trend) -> i64 {
    trend.timeline.as_ref().map_or(0, |timeline| timeline.step_ms)
}

fn least_id(line: &Line) -> String {
    format!("{}~least", line.id)
}

fn height_id(line: &Line) -> String {
    format!("{}~height", line.id)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::charts::ChartModel;
    use crate::charts::option::{data_option, whole_option};
    use crate::live::ChartPoint;
    use serde_json::{Value, json};

    fn trend(points: Vec<ChartPoint>, spread: Vec<Option<(f32, f32)>>, timeline: Option<Timeline>) -> ChartModel {
        let line = Line { id: "cpu".into(), name: "CPU".into(), colour: palette::CPU, stroke: Stroke::Solid, points, spread };
        let (lines, top) = (vec![line], Some(100.0));
        ChartModel::Trend(Trend { lines, unit: Unit::Percent, top, threshold: Some(80.0), from_ms: 0, until_ms: 3_600_000, timeline })
    }

    fn written(chart: &ChartOption) -> Value {
        serde_json::to_value(chart).unwrap()
    }

    #[test]
    fn gaps_are_null_and_the_threshold_is_a_line() {
        let option = written(&whole_option(&trend(vec![(1_000, Some(5.0)), (2_000, None)], vec![], None), 15.0));
        let series = &option["series"][0];
        assert_eq!(series["data"], json!([[1_000, 5.0], [2_000, null]]));
        assert_eq!(series["markLine"]["data"][0]["yAxis"], 80.0);
        assert_eq!((&option["animation"], &series["symbol"]), (&json!(false), &json!("none")));
    }

    #[test]
    fn a_data_option_carries_only_ids_data_and_the_time_window() {
        let option = written(&data_option(&trend(vec![(1_000, Some(5.0))], vec![], None)));
        assert_eq!(
            option,
            json!({"xAxis": {"min": 0, "max": 3_600_000}, "series": [{"type": "line", "id": "cpu", "data": [[1_000, 5.0]]}]})
        );
        // Without a row the old points would stay on the screen.
        assert_eq!(written(&data_option(&trend(vec![], vec![], None)))["series"][0]["data"], json!([[0, null]]));
    }

    #[test]
    fn a_large_chart_has_bands_below_its_lines_marks_and_spans() {
        let timeline = Timeline { step_ms: 10_000, marks: vec![(7, "x".into())], spans: vec![(1, 2)] };
        let model = trend(vec![(0, Some(5.0)), (10_000, Some(6.0))], vec![Some((1.0, 9.0)), Some((6.0, 6.0))], Some(timeline));
        let option = written(&whole_option(&model, 15.0));
        let ids: Vec<&str> = option["series"].as_array().unwrap().iter().map(|series| series["id"].as_str().unwrap()).collect();
        assert_eq!(ids, ["marks", "cpu~least", "cpu~height", "cpu"]);
        let series = &option["series"];
        assert_eq!((&series[1]["stack"], &series[2]["stack"], &series[3]["stack"]), (&json!("cpu"), &json!("cpu"), &Value::Null));
        assert_eq!(series[0]["markLine"]["data"][0]["xAxis"], 7);
        assert_eq!(series[0]["markArea"]["data"], json!([[{"xAxis": 1}, {"xAxis": 2}]]));
        let data = written(&data_option(&model));
        assert_eq!(data["series"].as_array().unwrap().len(), 3);
        assert_eq!(data["yAxis"], json!({"max": 100.0, "interval": 20.0}));
    }
}
