//! The steps of an action, as they happen.

use crate::i18n::{Locale, t_string, td_string, use_i18n};
use crate::texts::{step_detail_text, step_name};
use leptos::prelude::*;
use protocol::deploy::{DeployProgress, DeployStep, StepReport, StepState};

/// All steps of an action with state, time and findings.
#[component]
pub fn StepList(progress: Signal<Option<DeployProgress>>) -> impl IntoView {
    let row = move |(number, step): (usize, DeployStep)| {
        let report =
            Memo::new(move |_| progress.with(|progress| progress.as_ref().and_then(|progress| progress.steps.get(number).cloned())));
        view! { <StepRow number step report/> }
    };
    let steps = Memo::new(move |_| progress.with(|progress| progress.as_ref().map(|progress| progress.action)));
    let rows = move || steps.get().map(|action| action.steps().iter().copied().enumerate().map(row).collect_view());
    view! { <ol class="steps">{rows}</ol> }
}

#[component]
fn StepRow(number: usize, step: DeployStep, report: Memo<Option<StepReport>>) -> impl IntoView {
    let i18n = use_i18n();
    let state = Memo::new(move |_| report.with(|report| report.as_ref().map_or(StepState::Waiting, |report| report.state)));
    let mark = move || match state.get() {
        StepState::Waiting => (number + 1).to_string(),
        StepState::Running => String::new(),
        StepState::Done => "✓".to_string(),
        StepState::Failed => "▲".to_string(),
    };
    let took =
        move || report.with(|report| report.as_ref().and_then(|report| report.elapsed_ms)).map(|ms| took_text(i18n.get_locale(), ms));
    let detail = move || {
        report.with(|report| {
            report.as_ref().and_then(|report| report.detail.as_ref()).map(|detail| step_detail_text(i18n.get_locale(), detail))
        })
    };
    let state_name = move || match state.get() {
        StepState::Waiting => t_string!(i18n, hosts.state.waiting),
        StepState::Running => t_string!(i18n, hosts.state.running),
        StepState::Done => t_string!(i18n, hosts.state.done),
        StepState::Failed => t_string!(i18n, hosts.state.failed),
    };
    view! {
        <li class="step" data-testid=format!("deploy-step-{}", step_word(step)) data-state=move || state_word(state.get())>
            <span class="step-mark" aria-hidden="true">{mark}</span>
            <span class="step-name">
                {move || step_name(i18n.get_locale(), step)} <span class="visually-hidden">" – "{state_name}</span>
            </span>
            <span class="step-time">{took}</span>
            <span class="step-detail">{detail}</span>
        </li>
    }
}

/// A duration of milliseconds to minutes: whole milliseconds below one second, tenths of seconds above.
pub fn took_text(locale: Locale, ms: u64) -> String {
    match ms {
        0..1_000 => td_string!(locale, hosts.progress.took, ms = ms),
        _ => td_string!(locale, hosts.progress.took_seconds, seconds = seconds(ms)),
    }
}

/// Tenths of seconds.
pub fn seconds(ms: u64) -> String {
    format!("{:.1}", ms as f64 / 1_000.0)
}

/// Name of a step inside the page.
fn step_word(step: DeployStep) -> &'static str {
    match step {
        DeployStep::Connect => "connect",
        DeployStep::HostKey => "host_key",
        DeployStep::Authenticate => "authenticate",
        DeployStep::Preflight => "preflight",
        DeployStep::Upload => "upload",
        DeployStep::Install => "install",
        DeployStep::Start => "start",
        DeployStep::FirstSample => "first_sample",
        DeployStep::ShellSample => "shell_sample",
        DeployStep::PlaceKey => "place_key",
        DeployStep::TryKey => "try_key",
        DeployStep::Uninstall => "uninstall",
    }
}

fn state_word(state: StepState) -> &'static str {
    match state {
        StepState::Waiting => "waiting",
        StepState::Running => "running",
        StepState::Done => "done",
        StepState::Failed => "failed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_in_fitting_units() {
        for (ms, text) in [(0, "0 ms"), (999, "999 ms"), (1_000, "1.0 s"), (2_349, "2.3 s")] {
            assert_eq!(took_text(Locale::en, ms), text);
        }
        assert_eq!(took_text(Locale::zh_CN, 1_500), "1.5 秒");
    }
}
