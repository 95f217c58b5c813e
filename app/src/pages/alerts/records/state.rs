//! Which records are shown, what is ticked, and which dialog is open.

use super::merge::{Shown, has_lost, merge};
use crate::api::alerts::list_alerts;
use crate::browser;
use crate::error::ApiError;
use crate::live::use_live_feed;
use crate::pages::alerts::navigation::{Navigation, use_place};
use crate::pages::alerts::place::Filter;
use crate::views::AlertQuestion;
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::alert::{Alert, AlertId};
use std::collections::HashSet;

/// Records of a page.
const PAGE: u32 = 100;

/// What is done to alerts by a dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Acknowledge,
    Resolve,
    Snooze,
}

/// The state of the tab, in context.
#[derive(Clone, Copy)]
pub struct RecordsState {
    pub place: Navigation,
    pub filter: Memo<Filter>,
    pub shown: Memo<Shown>,
    /// There are older records.
    pub more: RwSignal<bool>,
    /// An answer is awaited.
    pub busy: RwSignal<bool>,
    pub failure: RwSignal<Option<ApiError>>,
    pub ticked: RwSignal<HashSet<AlertId>>,
    /// Rows that show their details.
    pub opened: RwSignal<HashSet<AlertId>>,
    /// The open dialog, and for which alerts.
    pub dialog: RwSignal<Option<(Deed, Vec<AlertId>)>>,
    /// To how many alerts the last deed was done.
    pub done: RwSignal<Option<u32>>,
    answered: RwSignal<Vec<Alert>>,
    /// Number of the last question: answers to older ones are dropped.
    turn: StoredValue<u64>,
}

/// Asks for records whenever the filter changes.
pub fn provide_records() -> RecordsState {
    let feed = use_live_feed();
    let place = use_place();
    let filter = Memo::new(move |_| place.now.with(|place| place.filter.clone()));
    let answered = RwSignal::new(Vec::new());
    let minute = Memo::new(move |_| feed.at_ms.get().map(|at_ms| at_ms / 60_000));
    let shown = Memo::new(move |_| {
        minute.get();
        filter.with(|filter| answered.with(|answered| feed.board.with(|board| merge(answered, board.as_ref(), filter, browser::now_ms()))))
    });
    let state = RecordsState {
        place,
        filter,
        shown,
        more: RwSignal::new(false),
        busy: RwSignal::new(true),
        failure: RwSignal::new(None),
        ticked: RwSignal::new(HashSet::new()),
        opened: RwSignal::new(HashSet::new()),
        dialog: RwSignal::new(None),
        done: RwSignal::new(None),
        answered,
        turn: StoredValue::new(0),
    };
    Effect::new(move |_| {
        let filter = filter.get();
        state.opened.set(filter.id.into_iter().collect());
        state.ask(&filter, None);
    });
    Effect::new(move |_| {
        let lost = feed.board.with(|board| board.as_ref().is_some_and(|board| shown.with_untracked(|shown| has_lost(shown, board))));
        if lost {
            state.again();
        }
    });
    // Only open alerts can be ticked.
    Effect::new(move |_| {
        let open: HashSet<AlertId> = shown.with(|shown| shown.open.iter().map(|alert| alert.id).collect());
        if state.ticked.with_untracked(|ticked| !ticked.is_subset(&open)) {
            state.ticked.update(|ticked| ticked.retain(|id| open.contains(id)));
        }
    });
    provide_context(state);
    state
}

/// The state that the tab has put into context.
pub fn use_records() -> RecordsState {
    expect_context()
}

impl RecordsState {
    /// Changes the filter.
    pub fn narrow(self, change: impl FnOnce(&mut Filter)) {
        self.place.choose(|place| change(&mut place.filter));
    }

    /// Asks for the first page again.
    pub fn again(self) {
        self.ask(&self.filter.get_untracked(), None);
    }

    /// Asks for the page after the last shown record.
    pub fn ask_older(self) {
        let last = self.answered.with_untracked(|answered| answered.last().map(|alert| alert.id));
        if last.is_some() && !self.busy.get_untracked() {
            self.ask(&self.filter.get_untracked(), last);
        }
    }

    fn ask(self, filter: &Filter, before_id: Option<AlertId>) {
        let Some(turn) = self.turn.try_update_value(|turn| {
            *turn += 1;
            *turn
        }) else {
            return;
        };
        let (from_ms, to_ms) = filter.range(browser::now_ms());
        let question = match filter.id {
            // The one that is asked for is the first of those that are not younger.
            Some(id) => AlertQuestion { before_id: Some(id.saturating_add(1)), limit: 1, ..AlertQuestion::default() },
            None => AlertQuestion {
                hosts: filter.hosts.clone(),
                kinds: filter.kinds.clone(),
                level: filter.level,
                open: filter.open,
                from_ms,
                to_ms,
                before_id,
                limit: PAGE,
            },
        };
        let only_one = filter.id.is_some();
        self.busy.set(true);
        spawn_local(async move {
            let answer = list_alerts(question).await;
            // After the page is gone there is no number any more.
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            self.failure.set(answer.as_ref().err().cloned());
            if let Ok(page) = answer {
                self.more.set(page.more && !only_one);
                match before_id {
                    Some(_) => self.answered.update(|answered| answered.extend(page.alerts)),
                    None => self.answered.set(page.alerts),
                }
            }
            self.busy.set(false);
        });
    }
}
