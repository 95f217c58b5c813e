//! The rules: what holds for whom, and changing it.

mod edit;
mod fields;
mod form_values;
mod lines;
mod replay;
mod state;
mod strip;
mod table;

use super::scopes::ScopePicker;
use crate::components::{DataView, use_may};
use crate::i18n::{text, use_i18n};
use crate::views::Role;
use edit::RuleDialog;
use leptos::prelude::*;
use protocol::alert::RuleScope;
use state::provide_rules;
use table::RuleTable;

/// Whose rules, and the rules.
#[component]
pub fn Rules() -> impl IntoView {
    let i18n = use_i18n();
    let state = provide_rules();
    let may = use_may(Role::Admin);
    let choose = Callback::new(move |scope: RuleScope| state.place.choose(|place| place.scope = scope));
    let explained = move || match state.scope.get() {
        RuleScope::Default => text!(i18n, alerts.rules.all_text).into_any(),
        RuleScope::Group(_) => text!(i18n, alerts.rules.group_text).into_any(),
        RuleScope::Tag(_) => text!(i18n, alerts.rules.tag_text).into_any(),
        RuleScope::Host(_) => text!(i18n, alerts.rules.host_text).into_any(),
    };
    view! {
        <section class="panel alerts-scope">
            <ScopePicker scope=state.scope choose word="rules-scope"/>
            <p class="secondary" data-testid="rules-explained">{explained}" "{text!(i18n, alerts.rules.intro)}</p>
            <Show when=move || !may.get()><p class="secondary">{text!(i18n, alerts.rules.read_only)}</p></Show>
        </section>
        <section class="panel" data-testid="rules">
            <DataView resource=state.lines let:lines><RuleTable lines/></DataView>
        </section>
        <RuleDialog/>
    }
}
