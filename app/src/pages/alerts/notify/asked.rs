//! What the centre was asked for again and again. Unlike a resource it wakes only those who show what has changed: a row under
//! somebody's hand stays where it is.

use crate::components::ErrorNotice;
use crate::error::ApiError;
use crate::i18n::{text, use_i18n};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::future::Future;

/// The last answer, and why there is none that is newer.
pub struct Asked<T: 'static> {
    pub data: RwSignal<Option<T>>,
    pub failure: RwSignal<Option<ApiError>>,
    /// Number of the last question: answers to older ones are dropped.
    turn: StoredValue<u64>,
}

impl<T> Clone for Asked<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Asked<T> {}

impl<T: PartialEq + Send + Sync + 'static> Asked<T> {
    /// Nothing yet.
    pub fn new() -> Self {
        Self { data: RwSignal::new(None), failure: RwSignal::new(None), turn: StoredValue::new(0) }
    }

    /// Asks; what is known stays until there is an answer.
    pub fn ask(self, question: impl Future<Output = Result<T, ApiError>> + 'static) {
        let next = self.turn.try_update_value(|turn| {
            *turn += 1;
            *turn
        });
        let Some(turn) = next else { return };
        spawn_local(async move {
            let answer = question.await;
            // After the page is gone there is no number any more.
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            let (data, failure) = match answer {
                Ok(data) => (Some(data), None),
                Err(error) => (None, Some(error)),
            };
            if self.failure.with_untracked(|known| *known != failure) {
                self.failure.set(failure);
            }
            if data.is_some() && self.data.with_untracked(|known| *known != data) {
                self.data.set(data);
            }
        });
    }
}

/// The children once there is data, and above them why it is not the newest.
#[component]
pub fn AskedView<T: PartialEq + Send + Sync + 'static>(
    asked: Asked<T>,
    /// Asks again.
    again: Callback<()>,
    children: ChildrenFn,
) -> impl IntoView {
    let i18n = use_i18n();
    let there = Memo::new(move |_| asked.data.with(Option::is_some));
    let loading = move || {
        let waiting = move || asked.failure.with(Option::is_none);
        view! { <Show when=waiting><p class="data-loading" role="status">{text!(i18n, common.data.loading)}</p></Show> }
    };
    let failed = move || {
        asked.failure.get().map(|error| {
            view! {
                <div class="data-failed">
                    <ErrorNotice error/>
                    <button type="button" class="button" on:click=move |_| again.run(())>{text!(i18n, common.data.try_again)}</button>
                </div>
            }
        })
    };
    view! {
        {failed}
        <Show when=move || there.get() fallback=loading>{children()}</Show>
    }
}
