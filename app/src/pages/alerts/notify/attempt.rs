//! One attempt to deliver something: when, whether it worked, and the answer.

use crate::i18n::{t_string, use_i18n};
use crate::pages::alerts::records::time_text;
use leptos::prelude::*;
use protocol::notify::AttemptView;

/// Mark, time and answer. The mark has a name for those who do not see it.
#[component]
pub fn AttemptLine(attempt: AttemptView) -> impl IntoView {
    let i18n = use_i18n();
    let AttemptView { at_ms, ok, answer } = attempt;
    let spoken = move || if ok { t_string!(i18n, notify.attempt.arrived) } else { t_string!(i18n, notify.attempt.failed) };
    view! {
        <span class="host-name-cell notify-attempt" data-testid="notify-attempt" data-ok=ok.to_string()>
            <span class="nowrap">
                <span class="notify-mark" data-ok=ok.to_string() aria-hidden="true">{if ok { "✓ " } else { "▲ " }}</span>
                <span class="visually-hidden">{spoken}</span>
                {time_text(at_ms)}
            </span>
            <span class="host-note notify-answer-text">{answer}</span>
        </span>
    }
}
