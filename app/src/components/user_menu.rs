//! Who is logged in, and the way out.

use super::use_hydrated;
use crate::api::accounts::log_out;
use crate::browser;
use crate::fetched::Fetched;
use crate::i18n::{text, use_i18n};
use crate::views::CurrentUser;
use leptos::prelude::*;

/// Who is logged in, asked once per page load.
#[derive(Clone, Copy)]
pub struct CurrentUserContext(pub Fetched<CurrentUser>);

/// Name of the user and the logout button.
#[component]
pub fn UserMenu() -> impl IntoView {
    let i18n = use_i18n();
    let hydrated = use_hydrated();
    let CurrentUserContext(user) = expect_context();
    // The page is loaded anew afterwards, so that nothing of the old session stays in memory.
    let leave = Action::new(move |(): &()| async move {
        if log_out().await.is_ok() {
            browser::load_page("/login");
        }
    });
    view! {
        <Suspense>
            <span class="user-name">{move || Suspend::new(async move { user.await.ok().map(|user| user.name) })}</span>
        </Suspense>
        <button
            type="button"
            class="button button-quiet"
            data-testid="logout"
            disabled=move || !hydrated.get() || leave.pending().get()
            on:click=move |_| {
                leave.dispatch(());
            }
        >
            {text!(i18n, common.account.log_out)}
        </button>
    }
}
