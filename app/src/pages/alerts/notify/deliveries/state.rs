//! Which messages are shown.

use super::merge::{PAGE, with_newest};
use crate::api::notify::{list_deliveries, resend_delivery};
use crate::error::ApiError;
use crate::pages::alerts::notify::state::use_notify;
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::notify::{DeliveryFilter, DeliveryId, DeliveryState, DeliveryView};
use std::collections::HashSet;

/// The state of the list, in context.
#[derive(Clone, Copy)]
pub struct Deliveries {
    pub filter: RwSignal<DeliveryFilter>,
    /// `None` before the first answer.
    pub shown: RwSignal<Option<Vec<DeliveryView>>>,
    /// There are older ones.
    pub more: RwSignal<bool>,
    /// Older ones are awaited.
    pub busy: RwSignal<bool>,
    pub failure: RwSignal<Option<ApiError>>,
    /// Rows that show their attempts.
    pub opened: RwSignal<HashSet<DeliveryId>>,
    /// Number of the last question: answers to older ones are dropped.
    turn: StoredValue<u64>,
}

/// Asks whenever the filter changes, and from time to time.
pub fn provide_deliveries() -> Deliveries {
    let notify = use_notify();
    let state = Deliveries {
        filter: RwSignal::new(DeliveryFilter::default()),
        shown: RwSignal::new(None),
        more: RwSignal::new(false),
        busy: RwSignal::new(false),
        failure: RwSignal::new(None),
        opened: RwSignal::new(HashSet::new()),
        turn: StoredValue::new(0),
    };
    Effect::new(move |_| {
        notify.turn.get();
        state.filter.track();
        // Older ones that are on their way come first: they would be dropped otherwise.
        if !state.busy.get_untracked() {
            state.again();
        }
    });
    provide_context(state);
    state
}

/// The state that the list has put into context.
pub fn use_deliveries() -> Deliveries {
    expect_context()
}

impl Deliveries {
    /// Changes the filter. What was loaded before goes: it may not fit.
    pub fn narrow(self, change: impl FnOnce(&mut DeliveryFilter)) {
        self.busy.set(false);
        self.shown.set(None);
        self.filter.update(change);
    }

    /// Asks for the newest ones.
    pub fn again(self) {
        self.ask(None);
    }

    /// Asks for those before the last one that is shown.
    pub fn ask_older(self) {
        let last = self.shown.with_untracked(|shown| shown.as_ref()?.last().map(|delivery| delivery.id));
        if last.is_some() && !self.busy.get_untracked() {
            self.busy.set(true);
            self.ask(last);
        }
    }

    /// Has a message sent again.
    pub fn resend(self, id: DeliveryId) {
        spawn_local(async move {
            let answer = resend_delivery(id).await;
            // The tab may be gone by now.
            if self.turn.try_get_value().is_none() {
                return;
            }
            match answer {
                // One of an older page is not asked for again.
                Ok(()) => self.shown.update(|shown| {
                    for delivery in shown.iter_mut().flatten().filter(|delivery| delivery.id == id) {
                        delivery.state = DeliveryState::Waiting;
                    }
                }),
                Err(error) => self.failure.set(Some(error)),
            }
            self.again();
        });
    }

    fn ask(self, before_id: Option<DeliveryId>) {
        let next = self.turn.try_update_value(|turn| {
            *turn += 1;
            *turn
        });
        let Some(turn) = next else { return };
        let question = DeliveryFilter { before_id, ..self.filter.get_untracked() };
        spawn_local(async move {
            let answer = list_deliveries(question).await;
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            match answer {
                Ok(page) => {
                    self.failure.set(None);
                    self.take(page, before_id.is_some());
                }
                Err(error) => self.failure.set(Some(error)),
            }
            self.busy.set(false);
        });
    }

    /// Shows a page; nobody is woken when nothing has changed.
    fn take(self, page: Vec<DeliveryView>, is_older: bool) {
        let is_full = page.len() >= PAGE;
        let known = self.shown.get_untracked().unwrap_or_default();
        let all = if is_older { [known, page].concat() } else { with_newest(&known, page) };
        // A full newest page says nothing about what is behind the older ones.
        if is_older || !is_full || all.len() == PAGE {
            self.more.set(is_full);
        }
        if self.shown.with_untracked(|shown| shown.as_ref() != Some(&all)) {
            self.shown.set(Some(all));
        }
    }
}
