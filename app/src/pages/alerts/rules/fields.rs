//! The fields of a rule.

use super::form_values::{Choices, field_unit, shown};
use super::state::Editing;
use crate::components::{FormErrors, Segment, TextField};
use crate::error::Field;
use crate::i18n::{t_string, td_string, text, use_i18n};
use leptos::prelude::*;
use protocol::alert::{Side, Watched};
use protocol::host::Level;
use protocol::metric::Unit;

/// All fields; those that a state cannot have are left out.
#[component]
pub fn RuleFields(editing: Editing, choices: RwSignal<Choices>, errors: FormErrors) -> impl IntoView {
    let i18n = use_i18n();
    let (kind, settings) = (editing.line.kind, editing.line.settings.clone());
    let is_state = kind.watched() == Watched::State;
    // The dialog is made anew each time it opens: its units are in the language of then.
    let seconds = td_string!(i18n.get_locale_untracked(), alerts.rule.seconds);
    let thresholds = if is_state {
        view! { <StateLevel choices/> }.into_any()
    } else {
        view! { <Thresholds editing=editing.clone() errors/> }.into_any()
    };
    let (hold, clear, window, no_data) =
        (settings.hold_s.to_string(), settings.clear_s.to_string(), settings.window_s.to_string(), settings.no_data_s.to_string());
    let distance = shown(kind, Some(settings.clear_distance));
    view! {
        <label class="tick">
            <input type="checkbox" data-testid="rule-enabled" prop:checked=move || choices.with(|choices| choices.enabled)
                on:change:target=move |event| choices.update(|choices| choices.enabled = event.target().checked())/>
            <span>{text!(i18n, alerts.rule.enabled)}</span>
            <span class="field-hint">{text!(i18n, alerts.rule.enabled_hint)}</span>
        </label>
        {editing.one_mount.then(|| view! {
            <TextField field=Field::RuleTarget label=move || t_string!(i18n, alerts.rule.mount) errors test_id="rule-target" placeholder="/data"/>
        })}
        {thresholds}
        <fieldset class="form-group">
            <legend class="form-group-title">{text!(i18n, alerts.rule.timing)}</legend>
            <div class="form-row">
                {(!is_state).then(|| view! {
                    <div class="span-6">
                        <TextField field=Field::Window label=text!(i18n, alerts.rule.window) hint=text!(i18n, alerts.rule.window_hint)
                            errors test_id="rule-window" value=window unit=seconds inputmode="numeric"/>
                    </div>
                })}
                <div class="span-6">
                    <TextField field=Field::Hold label=text!(i18n, alerts.rule.hold) hint=text!(i18n, alerts.rule.hold_hint)
                        errors test_id="rule-hold" value=hold unit=seconds inputmode="numeric"/>
                </div>
            </div>
        </fieldset>
        <fieldset class="form-group">
            <legend class="form-group-title">{text!(i18n, alerts.rule.clearing)}</legend>
            <div class="form-row">
                {(!is_state).then(|| view! {
                    <div class="span-6"><Distance editing=editing.clone() distance errors/></div>
                })}
                <div class="span-6">
                    <TextField field=Field::Clear label=move || t_string!(i18n, alerts.rule.clear) errors test_id="rule-clear" value=clear unit=seconds
                        inputmode="numeric"/>
                </div>
            </div>
        </fieldset>
        {(!is_state).then(|| view! {
            <fieldset class="form-group">
                <legend class="form-group-title">{text!(i18n, alerts.rule.no_data)}</legend>
                <div class="form-row">
                    <div class="span-6">
                        <TextField field=Field::NoData label=move || t_string!(i18n, alerts.rule.no_data_after) errors test_id="rule-no-data" value=no_data
                            unit=seconds inputmode="numeric"/>
                    </div>
                    <label class="tick span-6 rule-tick">
                        <input type="checkbox" data-testid="rule-warn-no-data" prop:checked=move || choices.with(|choices| choices.warn_no_data)
                            on:change:target=move |event| choices.update(|choices| choices.warn_no_data = event.target().checked())/>
                        <span>{text!(i18n, alerts.rule.warn_no_data)}</span>
                    </label>
                </div>
            </fieldset>
        })}
    }
}

/// How far a value must be back.
#[component]
fn Distance(editing: Editing, distance: String, errors: FormErrors) -> impl IntoView {
    let i18n = use_i18n();
    let kind = editing.line.kind;
    view! {
        <TextField field=Field::ClearDistance label=text!(i18n, alerts.rule.clear_distance)
            hint=move || t_string!(i18n, alerts.rule.clear_distance_hint) errors test_id="rule-clear-distance" value=distance nostrip:unit=field_unit(kind) inputmode="decimal"/>
    }
}

/// Warning and critical.
#[component]
fn Thresholds(editing: Editing, errors: FormErrors) -> impl IntoView {
    let i18n = use_i18n();
    let (kind, settings) = (editing.line.kind, editing.line.settings);
    let is_share = kind.unit() == Unit::Percent && kind.side() == Side::Above;
    let hint = move || if is_share { t_string!(i18n, alerts.rule.share_hint) } else { t_string!(i18n, alerts.rule.levels_hint) };
    let below = (kind.side() == Side::Below).then(|| view! { <p class="field-hint">{text!(i18n, alerts.rule.below)}</p> });
    let (warning, critical) = (shown(kind, settings.warning), shown(kind, settings.critical));
    view! {
        <div class="form-row">
            <div class="span-6">
                <TextField field=Field::Warning label=move || format!("◆ {}", t_string!(i18n, alerts.rule.warning)) errors test_id="rule-warning"
                    hint=text!(i18n, alerts.rule.levels_hint) value=warning nostrip:unit=field_unit(kind) inputmode="decimal" autofocus=true/>
            </div>
            <div class="span-6">
                <TextField field=Field::Critical label=move || format!("▲ {}", t_string!(i18n, alerts.rule.critical)) errors test_id="rule-critical"
                    hint value=critical nostrip:unit=field_unit(kind) inputmode="decimal"/>
            </div>
        </div>
        {below}
    }
}

/// Which level a state has.
#[component]
fn StateLevel(choices: RwSignal<Choices>) -> impl IntoView {
    let i18n = use_i18n();
    let chosen = move |level: Level| Signal::derive(move || choices.with(|choices| choices.state_level == level));
    let choose = move |level: Level| move || choices.update(|choices| choices.state_level = level);
    view! {
        <div class="field">
            <span class="field-label">{text!(i18n, alerts.rule.level)}</span>
            <div class="segments" role="group" aria-label=text!(i18n, alerts.rule.level)>
                <Segment chosen=chosen(Level::Warning) choose=choose(Level::Warning) test_id="rule-level-warning">"◆ "{text!(i18n, alerts.rule.level_warning)}</Segment>
                <Segment chosen=chosen(Level::Critical) choose=choose(Level::Critical) test_id="rule-level-critical">"▲ "{text!(i18n, alerts.rule.level_critical)}</Segment>
            </div>
        </div>
    }
}
