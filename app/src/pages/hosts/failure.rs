//! Why an action failed, what was left, and what can be done now.

use crate::i18n::{text, use_i18n};
use crate::texts::failure_text;
use leptos::html;
use leptos::prelude::*;
use protocol::deploy::{DeployAction, DeployFailure, DeployProgress};

/// The cause and its remedy.
#[component]
pub fn FailureNotice(progress: DeployProgress) -> impl IntoView {
    let i18n = use_i18n();
    let (action, cleaned) = (progress.action, progress.cleaned);
    // On a small screen the steps push it out of sight.
    let node = NodeRef::<html::Div>::new();
    Effect::new(move || {
        if let Some(notice) = node.get() {
            notice.scroll_into_view_with_bool(false);
        }
    });
    progress.failure.map(|failure| {
        let fingerprints = fingerprints_of(&failure).map(|(pinned, shown)| view! { <Fingerprints pinned shown/> });
        let residue = match (action, cleaned) {
            (DeployAction::Install, true) => Some(text!(i18n, hosts.progress.cleaned).into_any()),
            (DeployAction::Install, false) => Some(text!(i18n, hosts.progress.not_cleaned).into_any()),
            (DeployAction::Upgrade, true) => Some(text!(i18n, hosts.progress.old_agent_runs).into_any()),
            (DeployAction::Upgrade, false) => Some(text!(i18n, hosts.progress.old_agent_unsure).into_any()),
            (DeployAction::Restrict, false) => Some(text!(i18n, hosts.progress.key_left).into_any()),
            (DeployAction::Restrict, true) => Some(text!(i18n, hosts.progress.key_gone).into_any()),
            (DeployAction::Remove | DeployAction::Check, _) => None,
        };
        view! {
            <div node_ref=node class="notice notice-critical" role="alert" data-testid="deploy-failure">
                <span class="notice-mark" aria-hidden="true">"▲"</span>
                <div class="notice-text failure-notes">
                    <p>{move || failure_text(i18n.get_locale(), &failure)}</p>
                    {residue.map(|text| view! { <p class="failure-note">{text}</p> })}
                </div>
            </div>
            {fingerprints}
        }
    })
}

/// The pinned key and the one that was shown instead.
#[component]
pub fn Fingerprints(pinned: String, shown: Option<String>) -> impl IntoView {
    let i18n = use_i18n();
    let shown = match shown {
        Some(shown) => shown.into_any(),
        None => text!(i18n, hosts.trust.shown_unknown).into_any(),
    };
    view! {
        <dl class="fingerprints">
            <div class="fingerprint"><dt>{text!(i18n, hosts.trust.pinned)}</dt><dd data-testid="key-pinned">{pinned}</dd></div>
            <div class="fingerprint fingerprint-new"><dt>{text!(i18n, hosts.trust.shown)}</dt><dd data-testid="key-shown">{shown}</dd></div>
        </dl>
    }
}

/// Both keys, if a changed key is the cause: the pinned one and the one that was shown.
pub fn fingerprints_of(failure: &DeployFailure) -> Option<(String, Option<String>)> {
    match failure {
        DeployFailure::HostKeyChanged { expected, found } => Some((expected.clone(), Some(found.clone()))),
        _ => None,
    }
}
