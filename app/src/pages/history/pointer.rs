//! Mouse and finger on a chart: a drag selects what is zoomed into, with Shift it moves the chart, a click asks for processes, the wheel
//! with Ctrl zooms.

use super::charts::Charts;
use super::range::Range;
use super::state::{History, history};
use crate::charts::{ChartHandle, Stroke, Unit};
use leptos::ev::{PointerEvent, WheelEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;
use protocol::host::HostId;

/// Pixels from which on a press is a drag.
const DRAG_FROM: f64 = 5.0;
/// How much a pixel of the wheel zooms.
const WHEEL: f64 = 0.002;

/// A press that has not been let go yet.
#[derive(Clone, Copy)]
struct Press {
    x: f64,
    at_ms: i64,
    ms_per_px: f64,
    range: Range,
    /// Whether it moves the chart instead of selecting.
    moves: bool,
    is_drag: bool,
}

/// The pointer on one chart.
#[derive(Clone, Copy)]
pub struct Pointer {
    /// From and to where a selection reaches, in pixels.
    pub selection: RwSignal<Option<(f64, f64)>>,
    press: StoredValue<Option<Press>>,
    handle: ChartHandle,
    unit: Unit,
    charts: Charts,
    history: History,
}

/// The pointer on the chart of a unit.
pub fn use_pointer(unit: Unit, charts: Charts) -> Pointer {
    let handle = charts.handle(unit);
    Pointer { selection: RwSignal::new(None), press: StoredValue::new(None), handle, unit, charts, history: history() }
}

impl Pointer {
    /// A button goes down.
    pub fn down(self, event: &PointerEvent) {
        let (x, y) = place(event);
        let Some(range) = self.history.shown().filter(|_| event.button() == 0) else { return };
        let Some(((at_ms, _), (next_ms, _))) = self.handle.point(x, y).zip(self.handle.point(x + 100.0, y)) else { return };
        let ms_per_px = (next_ms - at_ms) as f64 / 100.0;
        self.press.set_value(Some(Press { x, at_ms, ms_per_px, range, moves: event.shift_key(), is_drag: false }));
    }

    /// The pointer moves.
    pub fn moved(self, event: &PointerEvent) {
        let Some(mut press) = self.press.get_value() else { return };
        let (x, _) = place(event);
        if !press.is_drag && (x - press.x).abs() < DRAG_FROM {
            return;
        }
        if !press.is_drag {
            press.is_drag = true;
            // From here on the drag goes on outside of the chart, too. It fails only for a pointer that is gone.
            if let Some(element) = element(event) {
                let _ = element.set_pointer_capture(event.pointer_id());
            }
            self.press.set_value(Some(press));
        }
        if press.moves {
            self.history.moving.set(Some(press.range.shifted(((press.x - x) * press.ms_per_px) as i64)));
        } else {
            self.selection.set(Some((press.x, x)));
        }
    }

    /// The button goes up.
    pub fn up(self, event: &PointerEvent) {
        let Some(press) = self.press.try_update_value(Option::take).flatten() else { return };
        let (x, y) = place(event);
        let at_ms = press.at_ms + ((x - press.x) * press.ms_per_px) as i64;
        self.selection.set(None);
        match (press.is_drag, press.moves) {
            (true, false) => self.history.look(Range::between(press.at_ms, at_ms, self.history.now_ms()), false),
            (true, true) => {
                let share = (press.x - x) * press.ms_per_px / press.range.length_ms().max(1) as f64;
                self.history.look(press.range.moved(share, self.history.now_ms()), false);
            }
            (false, _) => self.ask(x, y),
        }
    }

    /// Whatever had begun has not.
    pub fn cancel(self) {
        self.press.set_value(None);
        self.selection.set(None);
        self.history.moving.set(None);
    }

    /// The wheel turns.
    pub fn wheel(self, event: &WheelEvent) {
        if !event.ctrl_key() && !event.meta_key() {
            return;
        }
        event.prevent_default();
        let at_ms = self.handle.point(f64::from(event.offset_x()), f64::from(event.offset_y())).map(|(at_ms, _)| at_ms);
        self.history.zoom((event.delta_y() * WHEEL).exp().clamp(0.25, 4.0), at_ms, true);
    }

    /// The processes of the point that is clicked, of the host whose line is nearest.
    fn ask(self, x: f64, y: f64) {
        let Some((at_ms, value)) = self.handle.point(x, y) else { return };
        let step_ms = self.history.loading.now.with_untracked(|loaded| loaded.as_ref().map_or(0, |loaded| loaded.answer.step_ms));
        self.history.ask_processes(self.nearest_host(at_ms, value).map(|id| (id, Range::around(at_ms, step_ms))));
    }

    fn nearest_host(self, at_ms: i64, value: f64) -> Option<HostId> {
        self.charts.list.with_untracked(|list| {
            let lines = list.iter().find(|chart| chart.trend.unit == self.unit)?.trend.lines.iter();
            let near = lines.filter(|line| line.stroke != Stroke::Faded).filter_map(|line| {
                let after = line.points.partition_point(|point| point.0 < at_ms);
                let mean = line.points.get(after.saturating_sub(1)..)?.iter().take(2).find_map(|point| point.1);
                let id = line.id.split_once('/')?.0.parse::<HostId>().ok()?;
                Some((id, mean.map_or(f64::MAX, |mean| (f64::from(mean) - value).abs())))
            });
            near.min_by(|one, other| one.1.total_cmp(&other.1)).map(|(id, _)| id)
        })
    }
}

/// Where in the chart's box: everything in it begins at its corner.
fn place(event: &PointerEvent) -> (f64, f64) {
    (f64::from(event.offset_x()), f64::from(event.offset_y()))
}

fn element(event: &PointerEvent) -> Option<Element> {
    event.current_target()?.dyn_into().ok()
}
