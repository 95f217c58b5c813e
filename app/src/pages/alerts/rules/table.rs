//! The list of all kinds.

use super::lines::RuleLine;
use super::state::{Editing, RulesState, use_rules};
use crate::api::alerts::delete_rule;
use crate::components::{ErrorNotice, use_may};
use crate::format;
use crate::i18n::{Locale, t_string, td_string, text, use_i18n};
use crate::live::use_live_feed;
use crate::pages::alerts::scopes::{host_name, scope_name};
use crate::texts::{bound_text, named};
use crate::views::{Role, RuleOrigin};
use leptos::prelude::*;
use protocol::alert::{AlertKind, RuleSettings, Side, Watched};

/// Each kind with its thresholds and where they come from.
#[component]
pub fn RuleTable(lines: Vec<RuleLine>) -> impl IntoView {
    let i18n = use_i18n();
    let state = use_rules();
    let reset = Action::new(move |id: &i64| delete_rule(*id));
    Effect::new(move || {
        if let Some(Ok(())) = reset.value().get() {
            state.lines.refetch();
        }
    });
    let failed = move || reset.value().get().and_then(Result::err).filter(|_| !reset.pending().get());
    view! {
        {move || failed().map(|error| view! { <ErrorNotice error/> })}
        <div class="table-wrap">
            <table class="table rules-table">
                <thead>
                    <tr>
                        <th scope="col">{text!(i18n, alerts.rules.kind)}</th>
                        <th scope="col">{text!(i18n, alerts.rules.warning)}</th>
                        <th scope="col">{text!(i18n, alerts.rules.critical)}</th>
                        <th scope="col">{text!(i18n, alerts.rules.timing)}</th>
                        <th scope="col">{text!(i18n, alerts.rules.from)}</th>
                        <th scope="col"><span class="visually-hidden">{text!(i18n, alerts.rules.action)}</span></th>
                    </tr>
                </thead>
                <tbody>{lines.into_iter().map(|line| view! { <Line line reset/> }).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Line(line: RuleLine, reset: Action<i64, Result<(), crate::error::ApiError>>) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let state = use_rules();
    let may = use_may(Role::Admin);
    let RuleLine { kind, settings, own, .. } = line.clone();
    let enabled = settings.enabled;
    let line = StoredValue::new(line);
    let settings = StoredValue::new(settings);
    let name = move || line.with_value(|line| named(i18n.get_locale(), kind, &line.target));
    let level = move |bound: fn(&RuleSettings) -> Option<f64>, word: &'static str| {
        move || settings.with_value(|settings| bound_view(i18n.get_locale(), kind, enabled.then(|| bound(settings)).flatten(), word))
    };
    let from = move || line.with_value(|line| origin_text(i18n.get_locale(), line, |id| host_name(feed, id)));
    let off = move || (!enabled).then(|| view! { <span class="badge">{text!(i18n, alerts.rules.off)}</span> });
    view! {
        <tr data-testid="rule-row" data-kind=kind.name() data-target=line.with_value(|line| line.target.clone()) data-own=own.is_some().to_string()
            data-enabled=enabled.to_string()
        >
            <td data-label=text!(i18n, alerts.rules.kind)><b class="rule-name" data-off=(!enabled).to_string()>{name}</b></td>
            <td data-label=text!(i18n, alerts.rules.warning)>{level(|settings| settings.warning, "warning")}{off}</td>
            <td data-label=text!(i18n, alerts.rules.critical)>{level(|settings| settings.critical, "critical")}</td>
            <td data-label=text!(i18n, alerts.rules.timing)>
                {move || enabled.then(|| settings.with_value(|settings| timing_text(i18n.get_locale(), settings)))}
            </td>
            <td data-label=text!(i18n, alerts.rules.from)><span class:rule-own=own.is_some() data-testid="rule-from">{from}</span></td>
            <td>
                <Show when=move || may.get()><Buttons line state own reset/></Show>
            </td>
        </tr>
    }
}

#[component]
fn Buttons(
    line: StoredValue<RuleLine>,
    state: RulesState,
    own: Option<i64>,
    reset: Action<i64, Result<(), crate::error::ApiError>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let name = move || line.with_value(|line| named(i18n.get_locale(), line.kind, &line.target));
    let edit = move |one_mount: bool| {
        let line = line.get_value();
        state.editing.set(Some(Editing { scope: state.scope.get_untracked(), line, one_mount }));
    };
    let of_mounts = line.with_value(|line| line.is_of_mounts() && line.target.is_empty());
    let label = move || if own.is_some() { t_string!(i18n, alerts.rules.edit) } else { t_string!(i18n, alerts.rules.set) };
    let spoken = move || match own {
        Some(_) => t_string!(i18n, alerts.rules.edit_of, name = name()),
        None => t_string!(i18n, alerts.rules.set_of, name = name()),
    };
    view! {
        <span class="table-actions">
            {own.map(|id| view! {
                <button type="button" class="button button-quiet button-small" data-testid="rule-reset" aria-label=move || t_string!(i18n, alerts.rules.reset_of, name = name())
                    disabled=move || reset.pending().get() on:click=move |_| { reset.dispatch(id); }>{text!(i18n, alerts.rules.reset)}</button>
            })}
            {of_mounts.then(|| view! {
                <button type="button" class="button button-quiet button-small" data-testid="rule-add-mount"
                    aria-label=move || t_string!(i18n, alerts.rules.add_mount_of, name = name())
                    on:click=move |_| edit(true)>{text!(i18n, alerts.rules.add_mount)}</button>
            })}
            <button type="button" class="button button-small" data-testid="rule-edit" aria-label=spoken on:click=move |_| edit(false)>{label}</button>
        </span>
    }
}

/// A threshold with the mark of its level.
fn bound_view(locale: Locale, kind: AlertKind, bound: Option<f64>, word: &'static str) -> impl IntoView + use<> {
    let bound = bound?;
    let mark = if word == "critical" { "▲" } else { "◆" };
    let sign = if kind.side() == Side::Above { "> " } else { "< " };
    let text = match (kind.watched(), word) {
        (Watched::State, "critical") => td_string!(locale, alerts.rules.is_critical).to_owned(),
        (Watched::State, _) => td_string!(locale, alerts.rules.is_warning).to_owned(),
        _ => format!("{sign}{}", bound_text(kind.unit(), bound)),
    };
    Some(
        view! { <span class="alert-level nowrap" data-level=word><span aria-hidden="true">{mark}</span>" "<span class="rule-bound">{text}</span></span> },
    )
}

/// When it fires: `mean of 10 s, for 1 min`.
fn timing_text(locale: Locale, settings: &RuleSettings) -> String {
    let time = |seconds: u32| format::duration(Some(u64::from(seconds)), locale);
    let window = (settings.window_s > 0).then(|| td_string!(locale, alerts.rules.window, time = time(settings.window_s)));
    let hold = (settings.hold_s > 0).then(|| td_string!(locale, alerts.rules.hold, time = time(settings.hold_s)));
    let parts: Vec<String> = window.into_iter().chain(hold).collect();
    if parts.is_empty() { td_string!(locale, alerts.rules.at_once).to_owned() } else { parts.join(" · ") }
}

fn origin_text(locale: Locale, line: &RuleLine, host_name: impl Fn(i64) -> String) -> String {
    match (&line.from, line.own) {
        (_, Some(_)) => td_string!(locale, alerts.rules.here).to_owned(),
        (RuleOrigin::BuiltIn, _) => td_string!(locale, alerts.rules.builtin).to_owned(),
        (RuleOrigin::HostForm, _) => td_string!(locale, alerts.rules.host_form).to_owned(),
        (RuleOrigin::Rule { scope, .. }, _) => scope_name(locale, scope, host_name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timing_in_both_languages() {
        let settings = |window_s, hold_s| RuleSettings { window_s, hold_s, ..AlertKind::Cpu.usual_settings() };
        for (settings, english, chinese) in [
            (settings(0, 0), "at once", "立即"),
            (settings(10, 0), "mean of 10 s", "10 秒均值"),
            (settings(10, 90), "mean of 10 s · for 1 min", "10 秒均值 · 持续 1 分钟"),
        ] {
            assert_eq!((timing_text(Locale::en, &settings), timing_text(Locale::zh_CN, &settings)), (english.into(), chinese.into()));
        }
    }
}
