//! What happened to an alert, the notes, and the way to its minutes in the history.

use super::row::time_text;
use super::state::{Deed, use_records};
use crate::api::alerts::list_alert_steps;
use crate::components::{DataView, use_may};
use crate::fetched::fetched;
use crate::i18n::{Locale, t, t_string, td_string, text, use_i18n};
use crate::pages::history;
use crate::texts::value_text;
use crate::views::{AlertStep, Role};
use leptos::prelude::*;
use protocol::alert::{Alert, AlertChange, AlertId, AlertKind, Remark, Watched};
use protocol::host::Level;
use protocol::metric::{Metric, Series};

/// How much before and after its firing the link shows, in milliseconds.
const BEFORE_MS: i64 = 120_000;
const AFTER_MS: i64 = 180_000;

/// The series that shows what an alert is about.
pub fn series_of(kind: AlertKind, target: &str) -> Series {
    match (kind.watched(), kind) {
        (Watched::Host(metric), _) => Series::Metric(metric),
        (_, AlertKind::Inodes) => Series::Inodes(target.to_owned()),
        (Watched::Mount, _) => Series::Mount(target.to_owned()),
        (_, AlertKind::ClockSkew) => Series::Metric(Metric::Latency),
        // Of a host that is not read every series has the gap.
        _ => Series::Metric(Metric::Cpu),
    }
}

/// Address of the minutes around a firing.
pub fn minutes_of(alert: &Alert) -> String {
    let at_ms = alert.fired_at_ms;
    history::link(alert.host_id, series_of(alert.kind, &alert.target), at_ms - BEFORE_MS, at_ms + AFTER_MS)
}

/// Below its row.
#[component]
pub fn Details(id: AlertId, alert: Memo<Option<Alert>>) -> impl IntoView {
    let i18n = use_i18n();
    let state = use_records();
    let may = use_may(Role::Operator);
    // Asked again when something has happened to it.
    let changes = Memo::new(move |_| {
        alert.with(|alert| {
            alert.as_ref().map(|alert| (alert.changed_at_ms, alert.ended, alert.acknowledged.clone(), alert.snoozed_until_ms))
        })
    });
    let steps = fetched(move || changes.get(), move |_| list_alert_steps(id));
    let unit = alert.with_untracked(|alert| alert.as_ref().map_or(protocol::metric::Unit::Number, |alert| alert.kind.unit()));
    let is_state = alert.with_untracked(|alert| alert.as_ref().is_some_and(|alert| alert.kind.watched() == Watched::State));
    let list = move |steps: Vec<AlertStep>| {
        let row = move |step: AlertStep| {
            let (at_ms, value, by) = (step.at_ms, step.value.filter(|_| !is_state), step.by.clone());
            let who = move || (!by.is_empty()).then(|| t_string!(i18n, alerts.step.by, name = by.as_str()));
            view! {
                <li class="alert-step">
                    <span class="secondary nowrap">{time_text(at_ms)}</span>
                    <span>{move || step_text(i18n.get_locale(), step.change, step.level)}</span>
                    <span>{value.map(|value| value_text(unit, value))}</span>
                    <span class="secondary">{who}</span>
                </li>
            }
        };
        view! { <ol class="alert-steps" data-testid="alert-steps">{steps.into_iter().map(row).collect_view()}</ol> }
    };
    let notes = move || {
        let remarks = alert.with(|alert| {
            let remarks = alert.iter().flat_map(|alert| [alert.acknowledged.clone(), alert.resolved_by_hand.clone()]);
            remarks.flatten().filter(|remark| !remark.note.is_empty()).collect::<Vec<_>>()
        });
        remarks.into_iter().map(|remark| view! { <Note remark/> }).collect_view()
    };
    let links = move || {
        alert.with(|alert| {
            alert.as_ref().filter(|alert| !alert.kind.is_centres()).map(|alert| {
                view! {
                    <a class="button button-small" href=minutes_of(alert) data-testid="alert-history">{text!(i18n, alerts.row.history)}</a>
                    <a class="button button-small" href=format!("/hosts/{}", alert.host_id)>{text!(i18n, alerts.row.host)}</a>
                }
            })
        })
    };
    let open = Memo::new(move |_| alert.with(|alert| alert.as_ref().is_some_and(Alert::is_open)));
    let ask = move |deed: Deed| move |_| state.dialog.set(Some((deed, vec![id])));
    view! {
        <div class="alert-details">
            <div>
                <h3>{text!(i18n, alerts.row.steps)}</h3>
                <DataView resource=steps children=list/>
                {notes}
            </div>
            <div class="alert-links">
                {links}
                <Show when=move || open.get() && may.get()>
                    <button type="button" class="button button-small" data-testid="alert-acknowledge" on:click=ask(Deed::Acknowledge)>{text!(i18n, alerts.act.acknowledge)}</button>
                    <button type="button" class="button button-small" data-testid="alert-resolve" on:click=ask(Deed::Resolve)>{text!(i18n, alerts.act.resolve)}</button>
                    <button type="button" class="button button-small" data-testid="alert-snooze" on:click=ask(Deed::Snooze)>{text!(i18n, alerts.act.snooze)}</button>
                </Show>
            </div>
        </div>
    }
}

#[component]
fn Note(remark: Remark) -> impl IntoView {
    let i18n = use_i18n();
    let Remark { by, at_ms, note } = remark;
    view! {
        <p class="alert-note" data-testid="alert-note">
            <span class="secondary">{t!(i18n, alerts.row.note, name = by)}" · "{time_text(at_ms)}</span>
            <span>{note}</span>
        </p>
    }
}

fn step_text(locale: Locale, change: AlertChange, level: Level) -> &'static str {
    match (change, level) {
        (AlertChange::Fired, Level::Critical) => td_string!(locale, alerts.step.fired_critical),
        (AlertChange::Fired, _) => td_string!(locale, alerts.step.fired_warning),
        (AlertChange::Raised, _) => td_string!(locale, alerts.step.raised),
        (AlertChange::Lowered, _) => td_string!(locale, alerts.step.lowered),
        (AlertChange::Resolved, _) => td_string!(locale, alerts.step.resolved),
        (AlertChange::Acknowledged, _) => td_string!(locale, alerts.step.acknowledged),
        (AlertChange::Snoozed, _) => td_string!(locale, alerts.step.snoozed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_a_series() {
        for (kind, target, series) in [
            (AlertKind::Memory, "", "memory_percent"),
            (AlertKind::Disk, "/data", "mount:/data"),
            (AlertKind::Inodes, "/data", "inodes:/data"),
            (AlertKind::Offline, "", "cpu_percent"),
        ] {
            assert_eq!(series_of(kind, target).to_string(), series);
        }
    }
}
