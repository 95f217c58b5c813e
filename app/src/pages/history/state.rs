//! What the page shows and how it is changed. The address is the one place where the choice is kept.

use super::address::{View, Wrong, read, written};
use super::load::Loading;
use super::range::{Range, Span, due_every_ms};
use crate::live::{LiveFeed, use_live_feed};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use protocol::host::{HostId, LOCAL_HOST_ID};

/// A row of ten seconds is stored this much after its end, in milliseconds.
const STORED_AFTER_MS: i64 = 2_000;
/// Steps of one movement that come closer than this are one entry of the browser's history, in milliseconds.
const ONE_MOVEMENT_MS: i64 = 1_500;

/// The page's state, in context.
#[derive(Clone, Copy)]
pub struct History {
    /// The choice; without hosts until the inventory is known.
    pub view: Memo<View>,
    /// What of the address could not be understood.
    pub wrong: Memo<Vec<Wrong>>,
    /// The range that is asked for; `None` until the time is known.
    pub range: Memo<Option<Range>>,
    /// The range under a hand that is moving it, until the address says so.
    pub moving: RwSignal<Option<Range>>,
    /// Ranges to go back to.
    pub trail: RwSignal<Vec<Span>>,
    /// Whose processes are listed, and of when.
    pub processes: RwSignal<Option<(HostId, Range)>>,
    pub loading: Loading,
    feed: LiveFeed,
    moved_at_ms: StoredValue<i64>,
    go: Callback<(View, bool)>,
}

/// Reads the address from now on.
pub fn use_history() -> History {
    let feed = use_live_feed();
    let parameters = use_query_map();
    let both = Memo::new(move |_| parameters.with(|parameters| read(|name| parameters.get(name))));
    let view = Memo::new(move |_| {
        let mut view = both.with(|(view, _)| view.clone());
        if view.hosts.is_empty() {
            view.hosts =
                feed.host_ids.with(|ids| ids.iter().find(|id| **id == LOCAL_HOST_ID).or(ids.first()).copied().into_iter().collect());
        }
        view
    });
    let range = Memo::new(move |_| match view.with(|view| view.span) {
        Span::Fixed(range) => Some(range),
        Span::Last(period) => {
            let every_ms = due_every_ms(period.length_ms());
            let now_ms = (feed.at_ms.get()? - STORED_AFTER_MS).div_euclid(every_ms) * every_ms;
            Some(Span::Last(period).range(now_ms))
        }
    });
    let navigate = use_navigate();
    let go = Callback::new(move |(view, replace): (View, bool)| {
        navigate(&written(&view), NavigateOptions { replace, scroll: false, ..NavigateOptions::default() });
    });
    let history = History {
        view,
        wrong: Memo::new(move |_| both.with(|(_, wrong)| wrong.clone())),
        range,
        moving: RwSignal::new(None),
        trail: RwSignal::new(Vec::new()),
        processes: RwSignal::new(None),
        loading: Loading::new(),
        feed,
        moved_at_ms: StoredValue::new(0),
        go,
    };
    history.loading.follow(history);
    Effect::new(move |_| {
        history.range.track();
        history.moving.set(None);
    });
    history
}

impl History {
    /// Changes the choice, as a new entry of the browser's history.
    pub fn choose(self, change: impl FnOnce(&mut View)) {
        let mut view = self.view.get_untracked();
        change(&mut view);
        if view.span != self.view.with_untracked(|view| view.span) {
            self.trail.set(Vec::new());
        }
        self.go.run((view, false));
    }

    /// Looks at another range. Steps of one movement (`gliding`) are one entry of the browser's history.
    pub fn look(self, range: Range, gliding: bool) {
        let now_ms = self.now_ms();
        let goes_on = gliding && now_ms - self.moved_at_ms.get_value() < ONE_MOVEMENT_MS;
        self.moved_at_ms.set_value(if gliding { now_ms } else { 0 });
        let mut view = self.view.get_untracked();
        if !goes_on {
            self.trail.update(|trail| trail.push(view.span));
        }
        view.span = Span::Fixed(range);
        // The charts show it at once; the address follows.
        self.moving.set(Some(range));
        self.go.run((view, goes_on));
    }

    /// Back to the range before the last step.
    pub fn step_back(self) {
        let Some(span) = self.trail.try_update(Vec::pop).flatten() else { return };
        self.go.run((View { span, ..self.view.get_untracked() }, false));
    }

    /// Back to the range before the first step.
    pub fn reset(self) {
        let Some(span) = self.trail.with_untracked(|trail| trail.first().copied()) else { return };
        self.trail.set(Vec::new());
        self.go.run((View { span, ..self.view.get_untracked() }, false));
    }

    /// The shown range, longer or shorter.
    pub fn zoom(self, factor: f64, around_ms: Option<i64>, gliding: bool) {
        if let Some(range) = self.range.get_untracked() {
            self.look(range.zoomed(factor, around_ms.unwrap_or_else(|| range.middle_ms()), self.now_ms()), gliding);
        }
    }

    /// The shown range, earlier or later.
    pub fn pan(self, share: f64, gliding: bool) {
        if let Some(range) = self.range.get_untracked() {
            self.look(range.moved(share, self.now_ms()), gliding);
        }
    }

    /// Lists the processes of a host in a range; of the first host in the whole shown range, if nothing else is said.
    pub fn ask_processes(self, of: Option<(HostId, Range)>) {
        let first = || self.view.with_untracked(|view| view.hosts.first().copied()).zip(self.range.get_untracked());
        self.processes.set(of.or_else(first));
    }

    /// What the charts show at this moment.
    pub fn shown(self) -> Option<Range> {
        self.moving.get().or_else(|| self.range.get())
    }

    /// The centre's time; the end of the range while it is not known.
    pub fn now_ms(self) -> i64 {
        let end = || self.range.get_untracked().map_or(0, |range| range.to_ms);
        self.feed.at_ms.get_untracked().unwrap_or_else(end)
    }

    /// How a host is called.
    pub fn host_name(self, id: HostId) -> String {
        let name = self.feed.card(id).with(|card| card.name.clone());
        if name.is_empty() { format!("#{id}") } else { name }
    }
}

/// The state that the page has put into context.
pub fn history() -> History {
    expect_context()
}
