//! Asking the centre for what the page shows: a moment after the last change, and answers to older questions are dropped.

use super::address::View;
use super::range::{Range, points_for};
use super::state::History;
use crate::api::history::{list_marks, query_history};
use crate::error::ApiError;
use crate::views::{HistoryAnswer, HistoryMarks, HistoryQuestion};
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// Wait after a change, in milliseconds: a wheel turns several notches at once.
const SETTLED_AFTER: Duration = Duration::from_millis(120);
/// Width of a chart that is not there yet, in pixels.
const USUAL_WIDTH: i32 = 1_200;

/// What has been answered, and to which question.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    pub view: View,
    pub range: Range,
    pub answer: HistoryAnswer,
}

/// Answers and the state of the questions.
#[derive(Clone, Copy)]
pub struct Loading {
    /// The last answer; it stays until the next one.
    pub now: RwSignal<Option<Loaded>>,
    /// The same at the time that it is compared with.
    pub earlier: RwSignal<Option<Loaded>>,
    pub marks: RwSignal<HistoryMarks>,
    /// Whether an answer is awaited.
    pub busy: RwSignal<bool>,
    pub failure: RwSignal<Option<ApiError>>,
    /// The box of the charts: its width says how many points are worth asking for.
    pub node: NodeRef<Div>,
    again: RwSignal<u32>,
    /// Number of the last question.
    turn: StoredValue<u64>,
}

impl Loading {
    /// Nothing has been asked.
    pub fn new() -> Self {
        Self {
            now: RwSignal::new(None),
            earlier: RwSignal::new(None),
            marks: RwSignal::new(HistoryMarks::default()),
            busy: RwSignal::new(false),
            failure: RwSignal::new(None),
            node: NodeRef::new(),
            again: RwSignal::new(0),
            turn: StoredValue::new(0),
        }
    }

    /// Asks whenever the page shows something else.
    pub fn follow(self, history: History) {
        let question = Memo::new(move |_| {
            let view = history.view.get();
            Some((history.range.get()?, view)).filter(|(_, view)| !view.hosts.is_empty())
        });
        Effect::new(move |_| {
            self.again.track();
            let Some((range, view)) = question.get() else { return };
            let Some(turn) = self.turn.try_update_value(|turn| {
                *turn += 1;
                *turn
            }) else {
                return;
            };
            self.busy.set(true);
            let ask = move || {
                if self.is_current(turn) {
                    self.ask(view, range, turn);
                }
            };
            if turn == 1 { ask() } else { set_timeout(ask, SETTLED_AFTER) }
        });
    }

    /// Asks the same again.
    pub fn try_again(self) {
        self.again.update(|again| *again += 1);
    }

    fn is_current(self, turn: u64) -> bool {
        // After the page is gone there is no number any more.
        self.turn.try_get_value() == Some(turn)
    }

    fn ask(self, view: View, range: Range, turn: u64) {
        let width = self.node.get_untracked().map_or(USUAL_WIDTH, |node| node.client_width());
        let question = |range: Range| HistoryQuestion {
            hosts: view.hosts.clone(),
            series: view.series.iter().map(ToString::to_string).collect(),
            from_ms: range.from_ms,
            to_ms: range.to_ms,
            points: points_for(width),
        };
        let (hosts, now) = (view.hosts.clone(), question(range));
        match view.compare.earlier_ms() {
            Some(earlier_ms) => {
                let range = range.shifted(-earlier_ms);
                self.ask_earlier(view.clone(), range, question(range), turn);
            }
            None => self.earlier.set(None),
        }
        spawn_local(async move {
            let answer = query_history(now).await;
            if !self.is_current(turn) {
                return;
            }
            self.failure.set(answer.as_ref().err().cloned());
            if let Ok(answer) = answer {
                self.now.set(Some(Loaded { view, range, answer }));
            }
            self.busy.set(false);
        });
        spawn_local(async move {
            let marks = list_marks(hosts, range.from_ms, range.to_ms).await;
            // They are an addition: without them the charts are complete.
            let Ok(marks) = marks else { return };
            if self.is_current(turn) && self.marks.with_untracked(|known| *known != marks) {
                self.marks.set(marks);
            }
        });
    }

    fn ask_earlier(self, view: View, range: Range, question: HistoryQuestion, turn: u64) {
        if range.from_ms < 0 {
            self.earlier.set(None);
            return;
        }
        spawn_local(async move {
            let answer = query_history(question).await;
            if self.is_current(turn) {
                self.earlier.set(answer.ok().map(|answer| Loaded { view, range, answer }));
            }
        });
    }
}
