//! Loading, empty, error and data states of everything that comes from the centre.

use super::ErrorNotice;
use crate::fetched::Fetched;
use crate::i18n::{text, use_i18n};
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Shows `children(data)` once `resource` has data, and what stands in its place before, without and instead of it.
/// While it is fetched again, the old data stays on the screen.
#[component]
pub fn DataView<T, C, V>(
    /// Where the data comes from.
    resource: Fetched<T>,
    /// When `empty` is to be shown instead of the data; never, if left out.
    #[prop(optional)]
    empty_when: Option<fn(&T) -> bool>,
    /// What to show when there is nothing to show.
    #[prop(optional, into)]
    empty: ViewFn,
    /// The view of the data.
    children: C,
) -> impl IntoView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    C: Fn(T) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let i18n = use_i18n();
    // Read at once instead of awaited: an awaited view stays on the screen while the next one is fetched, but its signals are gone by then,
    // and the next beat that touches one of them would end the page.
    let body = move || {
        resource.get().map(|answer| match answer {
            Ok(data) if empty_when.is_some_and(|is_empty| is_empty(&data)) => empty.run(),
            Ok(data) => children(data).into_any(),
            Err(error) => view! {
                <div class="data-failed">
                    <ErrorNotice error/>
                    <button type="button" class="button" on:click=move |_| resource.refetch()>{text!(i18n, common.data.try_again)}</button>
                </div>
            }
            .into_any(),
        })
    };
    view! {
        <Transition fallback=move || view! { <p class="data-loading" role="status">{text!(i18n, common.data.loading)}</p> }>{body}</Transition>
    }
}
