//! What the tab shows and what is being changed.

use super::lines::{RuleLine, lines_of_host, lines_of_many};
use crate::api::alerts::{list_held_rules, list_rules};
use crate::fetched::{Fetched, fetched};
use crate::pages::alerts::navigation::{Navigation, use_place};
use leptos::prelude::*;
use protocol::alert::RuleScope;

/// A rule that is being changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Editing {
    pub scope: RuleScope,
    /// Where the entries come from.
    pub line: RuleLine,
    /// For one file system that is yet to be named.
    pub one_mount: bool,
}

/// The state of the tab, in context.
#[derive(Clone, Copy)]
pub struct RulesState {
    pub place: Navigation,
    pub scope: Memo<RuleScope>,
    pub lines: Fetched<Vec<RuleLine>>,
    pub editing: RwSignal<Option<Editing>>,
}

/// Asks for what holds whenever the scope changes.
pub fn provide_rules() -> RulesState {
    let place = use_place();
    let scope = Memo::new(move |_| place.now.with(|place| place.scope.clone()));
    let lines = fetched(
        move || scope.get(),
        |scope| async move {
            match &scope {
                RuleScope::Host(id) => Ok(lines_of_host(&scope, list_held_rules(*id).await?)),
                _ => Ok(lines_of_many(&scope, &list_rules().await?)),
            }
        },
    );
    let state = RulesState { place, scope, lines, editing: RwSignal::new(None) };
    provide_context(state);
    state
}

/// The state that the tab has put into context.
pub fn use_rules() -> RulesState {
    expect_context()
}
