//! An installation, step by step, as it happens.

use super::context::{HostDialog, HostsContext};
use super::dialogs::HEADING;
use super::edit::RestrictOffer;
use super::failure::{FailureNotice, fingerprints_of};
use super::steps::{StepList, seconds};
use crate::api::hosts::{deploy_host, get_host, restrict_host, upgrade_hosts};
use crate::components::{DialogHead, ErrorNotice};
use crate::error::ApiError;
use crate::i18n::{t_string, text, use_i18n};
use crate::live::{Link, use_live_feed};
use crate::views::HostSummary;
use leptos::prelude::*;
use protocol::deploy::{DeployAction, DeployProgress};
use protocol::host::HostId;

/// The steps of the newest action on a host; with `start`, of one that begins now.
#[component]
pub fn ProgressScreen(id: HostId, name: String, start: Option<DeployAction>) -> impl IntoView {
    let i18n = use_i18n();
    let context: HostsContext = expect_context();
    let live = use_live_feed();
    // What went by while the feed was down is asked for when it is back.
    let online = Memo::new(move |_| live.link.get() == Link::Live);
    let asked = LocalResource::new(move || {
        let _ = (online.get(), live.changes.get());
        get_host(id)
    });
    let host = Memo::new(move |_| asked.get().and_then(Result::ok));
    let events = live.deploy_progress(id);
    let newest = move || newer(events.get(), host.with(|host| host.as_ref().and_then(|host| host.progress.clone())));
    // After a retry, the earlier failure is over although nothing newer has been heard yet.
    let over = RwSignal::new(None::<i64>);
    let progress = Memo::new(move |_| newest().filter(|progress| over.get() != Some(progress.started_at_ms)));
    let retry = Action::new(move |action: &DeployAction| {
        let action = *action;
        over.set(untrack(newest).filter(|progress| progress.finished).map(|progress| progress.started_at_ms));
        async move {
            let answer = begin(id, action).await;
            if answer.is_err() {
                over.set(None);
            }
            answer
        }
    });
    if let Some(action) = start {
        retry.dispatch(action);
    }
    let shown_name = Memo::new(move |_| host.with(|host| host.as_ref().map(|host| host.card.name.clone())).unwrap_or_else(|| name.clone()));
    let offered_name = StoredValue::new(untrack(|| shown_name.get()));
    // Offered once, where a password has just been used for the last time that it is needed.
    let offers_key = Memo::new(move |_| {
        let installed = progress
            .with(|progress| progress.as_ref().is_some_and(|progress| progress.action == DeployAction::Install && progress.succeeded()));
        installed && host.with(|host| host.as_ref().is_some_and(|host| host.agent_port.is_some() && !host.restricted_key))
    });
    let refused = move || retry.value().get().and_then(Result::err).filter(|_| !retry.pending().get());
    view! {
        <div class="dialog-frame">
            <DialogHead id=HEADING on_close=context.on_close()><ProgressTitle progress name=shown_name/></DialogHead>
            <div class="dialog-body">
                <ProgressBody progress/>
                {move || refused().map(|error: ApiError| view! { <ErrorNotice error/> })}
                {move || offers_key.get().then(|| view! { <RestrictOffer id name=offered_name/> })}
            </div>
            <footer class="dialog-actions">
                <ProgressButtons progress host retry/>
            </footer>
        </div>
        <p class="visually-hidden" role="status">
            {move || progress.with(|progress| progress.as_ref().is_some_and(DeployProgress::succeeded)).then(|| t_string!(i18n, hosts.state.done))}
        </p>
    }
}

async fn begin(id: HostId, action: DeployAction) -> Result<(), ApiError> {
    match action {
        DeployAction::Upgrade => upgrade_hosts(vec![id]).await,
        DeployAction::Restrict => restrict_host(id).await,
        DeployAction::Install | DeployAction::Check | DeployAction::Remove => deploy_host(id).await,
    }
}

/// The one that began later; of the same one, what the feed says.
pub fn newer(event: Option<DeployProgress>, asked: Option<DeployProgress>) -> Option<DeployProgress> {
    match (event, asked) {
        (Some(event), Some(asked)) if asked.started_at_ms > event.started_at_ms => Some(asked),
        (Some(event), Some(asked)) if asked.started_at_ms == event.started_at_ms && asked.finished => Some(asked),
        (event, asked) => event.or(asked),
    }
}

#[component]
fn ProgressTitle(progress: Memo<Option<DeployProgress>>, name: Memo<String>) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        let name = name.get();
        let known = progress.with(|progress| progress.as_ref().map(|progress| (progress.action, progress.finished, progress.succeeded())));
        let (action, finished, succeeded) = known.unwrap_or((DeployAction::Install, false, false));
        match (action, finished, succeeded) {
            (DeployAction::Upgrade, true, true) => t_string!(i18n, hosts.progress.upgrade_done, name = name),
            (DeployAction::Upgrade, true, false) => t_string!(i18n, hosts.progress.upgrade_failed, name = name),
            (DeployAction::Upgrade, false, _) => t_string!(i18n, hosts.progress.upgrade_title, name = name),
            (DeployAction::Restrict, true, true) => t_string!(i18n, hosts.progress.restrict_done, name = name),
            (DeployAction::Restrict, true, false) => t_string!(i18n, hosts.progress.restrict_failed, name = name),
            (DeployAction::Restrict, false, _) => t_string!(i18n, hosts.progress.restrict_title, name = name),
            (_, true, true) => t_string!(i18n, hosts.progress.install_done, name = name),
            (DeployAction::Check, true, false) => t_string!(i18n, hosts.progress.check_failed, name = name),
            (DeployAction::Check, false, _) => t_string!(i18n, hosts.progress.check_title, name = name),
            (_, true, false) => t_string!(i18n, hosts.progress.install_failed, name = name),
            (_, false, _) => t_string!(i18n, hosts.progress.install_title, name = name),
        }
    }
}

#[component]
fn ProgressBody(progress: Memo<Option<DeployProgress>>) -> impl IntoView {
    let i18n = use_i18n();
    let known = Memo::new(move |_| progress.with(Option::is_some));
    let failed = move || progress.get().filter(|progress| progress.failure.is_some());
    let note = move || match progress.get() {
        Some(progress) if progress.succeeded() => {
            let total_ms = progress.steps.iter().filter_map(|step| step.elapsed_ms).sum();
            Some(t_string!(i18n, hosts.progress.total, seconds = seconds(total_ms)))
        }
        Some(progress) if progress.finished => None,
        _ => Some(t_string!(i18n, hosts.progress.background).to_string()),
    };
    view! {
        <Show when=move || known.get() fallback=move || view! { <p class="data-loading">{text!(i18n, hosts.progress.preparing)}</p> }>
            <StepList progress=progress.into()/>
        </Show>
        {move || failed().map(|progress| view! { <FailureNotice progress/> })}
        <p class="field-hint">{note}</p>
    }
}

#[component]
fn ProgressButtons(
    progress: Memo<Option<DeployProgress>>,
    host: Memo<Option<HostSummary>>,
    retry: Action<DeployAction, Result<(), ApiError>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let context: HostsContext = expect_context();
    let failed = Memo::new(move |_| progress.with(|progress| progress.as_ref().is_some_and(|progress| progress.failure.is_some())));
    let succeeded = Memo::new(move |_| progress.with(|progress| progress.as_ref().is_some_and(DeployProgress::succeeded)));
    let failed_action =
        move || progress.with_untracked(|progress| progress.as_ref().map_or(DeployAction::Install, |progress| progress.action));
    let key_changed = Memo::new(move |_| progress.with(|progress| progress.as_ref()?.failure.as_ref().and_then(fingerprints_of)).is_some());
    let show = move |dialog: fn(Box<HostSummary>) -> HostDialog| {
        move |_| {
            if let Some(host) = host.get_untracked() {
                context.dialog.set(dialog(Box::new(host)));
            }
        }
    };
    let unknown = move || host.with(Option::is_none);
    let path = move || progress.with(|progress| progress.as_ref().map(|progress| format!("/hosts/{}", progress.host_id)));
    view! {
        <Show when=move || failed.get()>
            <button type="button" class="button" disabled=unknown on:click=show(HostDialog::Delete) data-testid="deploy-remove">
                {text!(i18n, hosts.progress.remove)}
            </button>
            <button type="button" class="button" disabled=unknown on:click=show(HostDialog::Edit) data-testid="deploy-edit">
                {text!(i18n, hosts.progress.edit)}
            </button>
        </Show>
        <button type="button" class="button" on:click=move |_| context.on_close().run(())>{text!(i18n, common.dialog.close)}</button>
        <Show when=move || failed.get() && !key_changed.get()>
            <button type="button" class="button button-main" data-testid="deploy-retry" disabled=move || retry.pending().get()
                on:click=move |_| { retry.dispatch(failed_action()); }
            >{text!(i18n, hosts.progress.retry)}</button>
        </Show>
        <Show when=move || key_changed.get()>
            <button type="button" class="button button-main" disabled=unknown on:click=show(HostDialog::Trust) data-testid="deploy-trust">
                {text!(i18n, hosts.progress.check_key)}
            </button>
        </Show>
        <Show when=move || succeeded.get()>
            <button type="button" class="button" on:click=move |_| context.dialog.set(HostDialog::Add) data-testid="deploy-add-another">
                {text!(i18n, hosts.progress.another)}
            </button>
            <a class="button button-main" href=path data-testid="deploy-open-host">{text!(i18n, hosts.progress.open)}</a>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_progress_wins() {
        let at = |started_at_ms, finished| DeployProgress { finished, ..DeployProgress::new(3, DeployAction::Install, started_at_ms) };
        for (event, asked, shown) in [
            (None, None, None),
            (None, Some((5, true)), Some((5, true))),
            (Some((5, false)), None, Some((5, false))),
            (Some((5, true)), Some((5, false)), Some((5, true))),
            (Some((5, false)), Some((5, true)), Some((5, true))),
            (Some((5, true)), Some((9, false)), Some((9, false))),
            (Some((9, false)), Some((5, true)), Some((9, false))),
        ] {
            let made = |pair: Option<(i64, bool)>| pair.map(|(started, finished)| at(started, finished));
            assert_eq!(newer(made(event), made(asked)), made(shown), "{event:?} {asked:?}");
        }
    }
}
