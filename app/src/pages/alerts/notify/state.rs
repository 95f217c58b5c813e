//! What the parts of this tab share.

use super::asked::Asked;
use crate::api::notify::{list_notifiers, list_routes};
use crate::error::ApiError;
use crate::live::use_live_feed;
use leptos::prelude::*;
use protocol::notify::{NotifierId, NotifierView, Route, RouteId, TestResult};
use std::collections::HashMap;

/// How often what changes by itself is asked for again, in milliseconds.
const ASK_EVERY_MS: i64 = 10_000;

/// What the tab's one dialog shows.
#[derive(Clone, Debug, PartialEq)]
pub enum NotifyDialog {
    Closed,
    /// By what a new notifier sends.
    KindChoice,
    /// The form of a notifier; its number is zero while it is new.
    Notifier(Box<NotifierView>),
    DeleteNotifier(NotifierId, String),
    /// The form of a route; its number is zero while it is new.
    Route(Box<Route>),
    DeleteRoute(RouteId, String),
}

/// A test message.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    Running,
    Done(Result<TestResult, ApiError>),
}

/// The state of the tab, in context.
#[derive(Clone, Copy)]
pub struct NotifyState {
    pub notifiers: Asked<Vec<NotifierView>>,
    pub routes: Asked<Vec<Route>>,
    pub dialog: RwSignal<NotifyDialog>,
    /// The last test of each notifier since the tab was opened.
    pub tests: RwSignal<HashMap<NotifierId, Test>>,
    /// The last of them that has ended.
    pub spoken: RwSignal<Option<TestResult>>,
    /// Changes when it is time to ask again: the live feed drives it, so that nothing is asked while nobody hears the centre.
    pub turn: Memo<Option<i64>>,
}

/// Asks for notifiers and routes.
pub fn provide_notify() -> NotifyState {
    let feed = use_live_feed();
    let state = NotifyState {
        notifiers: Asked::new(),
        routes: Asked::new(),
        dialog: RwSignal::new(NotifyDialog::Closed),
        tests: RwSignal::new(HashMap::new()),
        spoken: RwSignal::new(None),
        turn: Memo::new(move |_| feed.at_ms.get().map(|at_ms| at_ms / ASK_EVERY_MS)),
    };
    Effect::new(move |_| {
        state.turn.get();
        state.ask_notifiers();
    });
    Effect::new(move |_| state.ask_routes());
    provide_context(state);
    state
}

/// The state that the tab has put into context.
pub fn use_notify() -> NotifyState {
    expect_context()
}

impl NotifyState {
    /// Asks for the notifiers.
    pub fn ask_notifiers(self) {
        self.notifiers.ask(list_notifiers());
    }

    /// Asks for the routes: they change by hand only.
    pub fn ask_routes(self) {
        self.routes.ask(list_routes());
    }

    /// How a notifier is called; `None` when there is no such one.
    pub fn name_of(self, id: NotifierId) -> Option<String> {
        self.notifiers.data.with(|all| all.as_ref()?.iter().find(|view| view.id == id).map(|view| view.name.clone()))
    }

    /// Numbers, as words, and names of all notifiers.
    pub fn offered(self) -> Vec<(String, String)> {
        self.notifiers.data.with(|all| all.iter().flatten().map(|view| (view.id.to_string(), view.name.clone())).collect())
    }

    /// Closes the dialog.
    pub fn on_close(self) -> Callback<()> {
        Callback::new(move |()| {
            if self.dialog.with_untracked(|dialog| *dialog != NotifyDialog::Closed) {
                self.dialog.set(NotifyDialog::Closed);
            }
        })
    }
}
