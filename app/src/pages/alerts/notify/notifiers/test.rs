//! What a test message came to: the provider's own answer.

use crate::components::ErrorNotice;
use crate::i18n::{t_string, text, use_i18n};
use crate::pages::alerts::notify::state::{Test, use_notify};
use leptos::prelude::*;
use protocol::notify::{NotifierId, TestResult};

/// What a screen reader hears of the last test: a part of the page that is always there, so that a change of it is told.
#[component]
pub fn SpokenTest() -> impl IntoView {
    let i18n = use_i18n();
    let state = use_notify();
    let said = move || match state.spoken.get() {
        Some(TestResult { ok: true, took_ms, .. }) => t_string!(i18n, notify.notifier.arrived, ms = took_ms),
        Some(TestResult { took_ms, .. }) => t_string!(i18n, notify.notifier.failed, ms = took_ms),
        None => String::new(),
    };
    view! { <p class="visually-hidden" role="status">{said}</p> }
}

/// A row below the notifier, once it was tested.
#[component]
pub fn TestAnswer(id: NotifierId, name: Memo<String>) -> impl IntoView {
    let i18n = use_i18n();
    let state = use_notify();
    let done = Memo::new(move |_| {
        state.tests.with(|tests| match tests.get(&id) {
            Some(Test::Done(answer)) => Some(answer.clone()),
            _ => None,
        })
    });
    let hide = move |_| state.tests.update(|tests| drop(tests.remove(&id)));
    let body = move || {
        done.get().map(|answer| match answer {
            Ok(result) => view! { <Answer result/> }.into_any(),
            Err(error) => view! { <ErrorNotice error/> }.into_any(),
        })
    };
    view! {
        <Show when=move || done.with(Option::is_some)>
            <tr class="notify-below">
                <td colspan="5">
                    <div class="notify-test">
                        {body}
                        <button type="button" class="button button-quiet button-small" data-testid="notifier-test-close"
                            aria-label=move || t_string!(i18n, notify.notifier.test_close, name = name.get()) on:click=hide>"×"</button>
                    </div>
                </td>
            </tr>
        </Show>
    }
}

#[component]
fn Answer(result: TestResult) -> impl IntoView {
    let i18n = use_i18n();
    let TestResult { ok, answer, took_ms } = result;
    let class = if ok { "notice notice-ok" } else { "notice notice-critical" };
    let said = move || {
        if ok { t_string!(i18n, notify.notifier.arrived, ms = took_ms) } else { t_string!(i18n, notify.notifier.failed, ms = took_ms) }
    };
    view! {
        <div class=class data-testid="notifier-test-answer" data-ok=ok.to_string()>
            <span class="notice-mark" aria-hidden="true">{if ok { "✓" } else { "▲" }}</span>
            <span class="notice-text">
                <b>{said}</b>
                <span class="notify-answer">{text!(i18n, notify.notifier.answer)}" "<code>{answer}</code></span>
            </span>
        </div>
    }
}
