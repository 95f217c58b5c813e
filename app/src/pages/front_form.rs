//! What set-up and login have in common: after success the page is loaded anew, so that the session's cookie is in force.

use crate::browser;
use crate::components::{ErrorNotice, FormErrors, use_hydrated};
use crate::error::ApiError;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

/// Sends the form by `action`; goes to the overview after success and shows the errors after a failure.
#[component]
pub fn FrontForm<F>(
    id: &'static str,
    errors: FormErrors,
    action: Action<F, Result<(), ApiError>>,
    /// Reads the form that is being sent.
    read: fn(&SubmitEvent) -> F,
    submit_id: &'static str,
    /// Label of the button; the argument says whether the form is on its way.
    submit_label: fn(bool) -> AnyView,
    children: Children,
) -> impl IntoView
where
    F: Send + Sync + 'static,
{
    let hydrated = use_hydrated();
    let succeeded = move || action.value().with(|answer| matches!(answer, Some(Ok(()))));
    let busy = Memo::new(move |_| action.pending().get() || succeeded());
    Effect::new(move || match action.value().get() {
        Some(Ok(())) => browser::load_page("/"),
        Some(Err(error)) => {
            errors.set(Some(error));
            browser::focus_first_invalid(id);
        }
        None => {}
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !busy.get_untracked() {
            errors.set(None);
            action.dispatch(read(&event));
        }
    };
    view! {
        <form class="form" id=id method="post" novalidate on:submit=submit>
            <fieldset class="form-body" disabled=move || !hydrated.get()>
                {children()}
                {move || errors.general().map(|error| view! { <ErrorNotice error/> })}
                <button type="submit" class="button button-main button-wide" data-testid=submit_id aria-disabled=move || busy.get().to_string()>
                    {move || submit_label(busy.get())}
                </button>
            </fieldset>
        </form>
    }
}
