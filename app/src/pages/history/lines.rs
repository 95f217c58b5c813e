//! Answers as charts: one for each unit, each line with a colour and a stroke of its own. Pure.

use super::range::Range;
use crate::charts::{Line, Stroke, Timeline, Trend, Unit, palette, percent_top};
use crate::views::{HistoryAnswer, HistoryLine, HistoryTotal};
use protocol::host::HostId;
use protocol::metric::Series;

/// One chart with its legend.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    pub trend: Trend,
    pub entries: Vec<Entry>,
}

/// One line of a legend.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub name: String,
    pub colour: &'static str,
    pub stroke: Stroke,
    pub total: Option<HistoryTotal>,
    pub host_id: HostId,
}

/// An answer that is drawn, moved by `later_ms` onto the shown range.
#[derive(Clone, Copy)]
pub struct Answered<'a> {
    pub answer: &'a HistoryAnswer,
    pub later_ms: i64,
}

/// Charts of an answer and, drawn behind it, an earlier one. `name` tells how a line is called, and whether of the earlier time.
pub fn charts(
    now: Answered,
    earlier: Option<Answered>,
    range: Range,
    timeline: &Timeline,
    name: impl Fn(HostId, &Series, bool) -> String,
) -> Vec<Chart> {
    let one_host = now.answer.lines.windows(2).all(|pair| pair[0].host_id == pair[1].host_id);
    let mut charts: Vec<Chart> = Vec::new();
    for line in &now.answer.lines {
        let Ok(series) = line.series.parse::<Series>() else { continue };
        let place = charts.iter().position(|chart| chart.trend.unit == series.unit()).unwrap_or_else(|| {
            charts.push(empty_chart(series.unit(), range, timeline));
            charts.len() - 1
        });
        let Some(chart) = charts.get_mut(place) else { continue };
        let colour = colour_of(&series, one_host, &chart.entries);
        let stroke = [Stroke::Solid, Stroke::Dashed, Stroke::Dotted][chart.entries.len() % 3];
        let title = name(line.host_id, &series, false);
        chart.entries.push(Entry { name: title.clone(), colour, stroke, total: line.total, host_id: line.host_id });
        let id = format!("{}/{}", line.host_id, line.series);
        chart.trend.lines.push(Line { id: id.into(), name: title, colour, stroke, points: points(now, line), spread: spread(line) });
    }
    for chart in &mut charts {
        if let Some(earlier) = earlier {
            add_earlier(chart, earlier, &name);
        }
        if chart.trend.unit == Unit::Percent {
            chart.trend.top = Some(percent_top(most_of(&chart.trend)));
        }
    }
    charts
}

fn empty_chart(unit: Unit, range: Range, timeline: &Timeline) -> Chart {
    let (from_ms, until_ms, timeline) = (range.from_ms, range.to_ms, Some(timeline.clone()));
    Chart { trend: Trend { lines: Vec::new(), unit, top: None, threshold: None, from_ms, until_ms, timeline }, entries: Vec::new() }
}

/// A metric's own colour when there is one host, and otherwise the next that is free.
fn colour_of(series: &Series, one_host: bool, entries: &[Entry]) -> &'static str {
    let is_free = |colour: &&'static str| entries.iter().all(|entry| entry.colour != *colour);
    let own = palette::of_series(series).filter(|_| one_host).filter(is_free);
    let next = || palette::LINES[entries.len() % palette::LINES.len()];
    own.or_else(|| palette::LINES.into_iter().find(is_free)).unwrap_or_else(next)
}

/// Each point stands in the middle of its time.
fn points(answered: Answered, line: &HistoryLine) -> Vec<(i64, Option<f32>)> {
    let HistoryAnswer { first_ms, step_ms, .. } = answered.answer;
    let start_ms = first_ms + step_ms / 2 + answered.later_ms;
    line.mean.iter().enumerate().map(|(place, mean)| (start_ms + place as i64 * step_ms, *mean)).collect()
}

fn spread(line: &HistoryLine) -> Vec<Option<(f32, f32)>> {
    line.least.iter().zip(&line.most).map(|(least, most)| Some(((*least)?, (*most)?))).collect()
}

/// The same lines of the earlier time, behind the others.
fn add_earlier(chart: &mut Chart, earlier: Answered, name: impl Fn(HostId, &Series, bool) -> String) {
    let mut lines = Vec::new();
    for line in &earlier.answer.lines {
        let id = format!("{}/{}", line.host_id, line.series);
        let Some(colour) = chart.trend.lines.iter().find(|known| known.id == id).map(|known| known.colour) else { continue };
        let Ok(series) = line.series.parse::<Series>() else { continue };
        let title = name(line.host_id, &series, true);
        let points = points(earlier, line);
        lines.push(Line { id: format!("was/{id}").into(), name: title.clone(), colour, stroke: Stroke::Faded, points, spread: Vec::new() });
        chart.entries.push(Entry { name: title, colour, stroke: Stroke::Faded, total: line.total, host_id: line.host_id });
    }
    chart.trend.lines.splice(0..0, lines);
}

fn most_of(trend: &Trend) -> f32 {
    let shown = |at_ms: i64| (trend.from_ms..=trend.until_ms).contains(&at_ms);
    let of_line = |line: &Line| {
        let most = |(place, point): (usize, &(i64, Option<f32>))| {
            let extreme = line.spread.get(place).copied().flatten().map(|(_, most)| most);
            extreme.or(point.1).filter(|_| shown(point.0))
        };
        line.points.iter().enumerate().filter_map(most).fold(0.0, f32::max)
    };
    trend.lines.iter().map(of_line).fold(0.0, f32::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(host_id: HostId, series: &str, values: &[Option<f32>]) -> HistoryLine {
        let plus = |by: f32| values.iter().map(|value| value.map(|value| value + by)).collect();
        HistoryLine { host_id, series: series.into(), mean: values.to_vec(), least: plus(-1.0), most: plus(1.0), total: None }
    }

    fn answer(first_ms: i64, lines: Vec<HistoryLine>) -> HistoryAnswer {
        HistoryAnswer { tier_step_ms: 10, step_ms: 10, first_ms, lines }
    }

    fn drawn(answer: &HistoryAnswer, earlier: Option<&HistoryAnswer>) -> Vec<Chart> {
        let name = |id: HostId, series: &Series, was: bool| format!("{id} {series}{}", if was { " was" } else { "" });
        let earlier = earlier.map(|answer| Answered { answer, later_ms: 1_000 });
        charts(Answered { answer, later_ms: 0 }, earlier, Range { from_ms: 1_000, to_ms: 1_040 }, &Timeline::default(), name)
    }

    #[test]
    fn one_chart_for_each_unit_with_bands_and_gaps() {
        let now = answer(
            1_000,
            vec![line(1, "cpu_percent", &[Some(5.0), None, Some(7.0)]), line(1, "load_1", &[]), line(1, "swap_percent", &[Some(40.0)])],
        );
        let charts = drawn(&now, None);
        assert_eq!(charts.iter().map(|chart| chart.trend.unit).collect::<Vec<_>>(), [Unit::Percent, Unit::Number]);
        let [cpu, swap] = charts[0].trend.lines.as_slice() else { panic!("{charts:?}") };
        assert_eq!(cpu.points, [(1_005, Some(5.0)), (1_015, None), (1_025, Some(7.0))]);
        assert_eq!(cpu.spread, [Some((4.0, 6.0)), None, Some((6.0, 8.0))]);
        assert_eq!((cpu.colour, cpu.stroke, swap.stroke), (palette::CPU, Stroke::Solid, Stroke::Dashed));
        assert_ne!(swap.colour, palette::CPU);
        assert_eq!(charts[0].trend.top, Some(50.0));
    }

    #[test]
    fn lines_of_several_hosts_differ_in_colour_or_stroke() {
        let now = answer(1_000, (1..=20).map(|id| line(id, "cpu_percent", &[Some(1.0)])).collect());
        let looks: Vec<_> = drawn(&now, None)[0].entries.iter().map(|entry| (entry.colour, entry.stroke as u8)).collect();
        assert_eq!(looks.iter().collect::<std::collections::HashSet<_>>().len(), 20);
    }

    #[test]
    fn an_earlier_time_lies_behind_on_the_same_axis() {
        let now = answer(1_000, vec![line(1, "cpu_percent", &[Some(5.0)])]);
        let was = answer(0, vec![line(1, "cpu_percent", &[Some(9.0)]), line(9, "cpu_percent", &[Some(9.0)])]);
        let chart = drawn(&now, Some(&was)).remove(0);
        let ids: Vec<&str> = chart.trend.lines.iter().map(|line| line.id.as_ref()).collect();
        assert_eq!(ids, ["was/1/cpu_percent", "1/cpu_percent"]);
        let earlier = &chart.trend.lines[0];
        assert_eq!((earlier.points[0], earlier.stroke, earlier.colour), ((1_005, Some(9.0)), Stroke::Faded, palette::CPU));
        assert_eq!(chart.entries.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(), ["1 cpu_percent", "1 cpu_percent was"]);
    }
}
