//! How many hosts at once are getting on.

use super::context::HostsContext;
use super::dialogs::HEADING;
use super::progress::newer;
use super::steps::took_text;
use crate::api::hosts::{deploy_host, list_hosts};
use crate::components::DialogHead;
use crate::error::ApiError;
use crate::i18n::{Locale, t_string, td_string, text, use_i18n};
use crate::live::{Link, use_live_feed};
use crate::texts::{failure_text, step_name};
use crate::views::HostSummary;
use leptos::prelude::*;
use protocol::deploy::{DeployProgress, StepState};
use protocol::host::HostId;

/// State of one host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Waiting,
    Running,
    Done,
    Failed,
}

impl State {
    fn of(progress: Option<&DeployProgress>) -> Self {
        match progress {
            Some(progress) if progress.succeeded() => Self::Done,
            Some(progress) if progress.finished => Self::Failed,
            Some(progress) if progress.steps.iter().any(|report| report.state != StepState::Waiting) => Self::Running,
            _ => Self::Waiting,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// One row for each host, told by the live feed.
#[component]
pub fn BatchProgress(added: Vec<(HostId, String)>) -> impl IntoView {
    let i18n = use_i18n();
    let context: HostsContext = expect_context();
    let live = use_live_feed();
    // What went by before this was there, or while the feed was down, is asked for.
    let online = Memo::new(move |_| live.link.get() == Link::Live);
    let listed = LocalResource::new(move || {
        let _ = (online.get(), live.changes.get());
        list_hosts()
    });
    let progresses: Vec<(HostId, String, Memo<Option<DeployProgress>>)> =
        added.into_iter().map(|(id, name)| (id, name, newest(listed, id))).collect();
    let states: Vec<Memo<Option<DeployProgress>>> = progresses.iter().map(|(.., progress)| *progress).collect();
    let counts = Memo::new(move |_| {
        let mut counts = [0_usize; 4];
        for progress in &states {
            counts[progress.with(|progress| State::of(progress.as_ref())) as usize] += 1;
        }
        counts
    });
    let count = move |state: State| counts.get()[state as usize];
    let rows = progresses.into_iter().map(|(id, name, progress)| view! { <ProgressRow id name progress/> }).collect_view();
    view! {
        <div class="dialog-frame">
            <DialogHead id=HEADING on_close=context.on_close()>{text!(i18n, hosts.batch.progress_title)}</DialogHead>
            <div class="dialog-body">
                <p role="status" data-testid="batch-counts">
                    {move || t_string!(i18n, hosts.batch.counts, done = count(State::Done), failed = count(State::Failed),
                        running = count(State::Running), waiting = count(State::Waiting))}
                </p>
                <ul class="batch-rows">{rows}</ul>
                <p class="field-hint">{text!(i18n, hosts.progress.background)}</p>
            </div>
            <footer class="dialog-actions">
                <button type="button" class="button button-main" data-testid="batch-close" on:click=move |_| context.on_close().run(())>
                    {text!(i18n, common.dialog.close)}
                </button>
            </footer>
        </div>
    }
}

/// What the feed has told, or the list where that knows more.
fn newest(listed: LocalResource<Result<Vec<HostSummary>, ApiError>>, id: HostId) -> Memo<Option<DeployProgress>> {
    let events = use_live_feed().deploy_progress(id);
    Memo::new(move |_| {
        let listed = listed.get().and_then(Result::ok).and_then(|hosts| hosts.into_iter().find(|host| host.card.id == id));
        newer(events.get(), listed.and_then(|host| host.progress))
    })
}

#[component]
fn ProgressRow(id: HostId, name: String, progress: Memo<Option<DeployProgress>>) -> impl IntoView {
    let i18n = use_i18n();
    let state = Memo::new(move |_| progress.with(|progress| State::of(progress.as_ref())));
    let retry = Action::new(move |(): &()| deploy_host(id));
    let text = move || progress.with(|progress| state_text(i18n.get_locale(), progress.as_ref()));
    let mark = move || match state.get() {
        State::Waiting => "○",
        State::Running => "…",
        State::Done => "✓",
        State::Failed => "▲",
    };
    let again = StoredValue::new(name.clone());
    view! {
        <li class="batch-row" data-testid=format!("batch-row-{id}") data-state=move || state.get().word()>
            <span class="batch-mark" aria-hidden="true">{mark}</span>
            <span class="batch-name">{name}</span>
            <span class="batch-text">{text}</span>
            <Show when=move || state.get() == State::Failed>
                <button type="button" class="button button-small" data-testid=format!("batch-retry-{id}") disabled=move || retry.pending().get()
                    aria-label=move || t_string!(i18n, hosts.row.redeploy_of, name = again.get_value())
                    on:click=move |_| { retry.dispatch(()); }
                >{text!(i18n, hosts.progress.retry)}</button>
            </Show>
        </li>
    }
}

fn state_text(locale: Locale, progress: Option<&DeployProgress>) -> String {
    let Some(progress) = progress else { return td_string!(locale, hosts.batch.queued).to_string() };
    if let Some(failure) = &progress.failure {
        return failure_text(locale, failure);
    }
    if progress.finished {
        return took_text(locale, progress.steps.iter().filter_map(|report| report.elapsed_ms).sum());
    }
    let running = progress.steps.iter().enumerate().rev().find(|(_, report)| report.state != StepState::Waiting);
    match running {
        Some((number, report)) => {
            td_string!(locale, hosts.batch.step, number = number + 1, count = progress.steps.len(), step = step_name(locale, report.step))
        }
        None => td_string!(locale, hosts.batch.queued).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::deploy::{DeployAction, DeployFailure};

    #[test]
    fn states_and_their_texts() {
        let new = || DeployProgress::new(3, DeployAction::Install, 0);
        let mut running = new();
        running.steps[0].state = StepState::Done;
        running.steps[1].state = StepState::Running;
        let done = DeployProgress { finished: true, ..new() };
        let failed = DeployProgress { failure: Some(DeployFailure::WrongPassword), ..done.clone() };
        for (progress, state, text) in [
            (None, State::Waiting, "Waits for its turn"),
            (Some(new()), State::Waiting, "Waits for its turn"),
            (Some(running), State::Running, "2 of 8: Check the host key"),
            (Some(done), State::Done, "0 ms"),
            (Some(failed), State::Failed, "The server rejected"),
        ] {
            assert_eq!(State::of(progress.as_ref()), state);
            let found = state_text(Locale::en, progress.as_ref());
            assert!(found.starts_with(text), "{found}");
        }
    }
}
